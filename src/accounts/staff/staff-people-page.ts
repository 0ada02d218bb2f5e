import type { Cell, Row, Table } from '../../platform/http/content.js';
import { shownTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import { isSetUp, staffRoles, type StaffMember } from '../people/account-types.js';
import type { StaffChange, StaffProblem } from './staff-types.js';

export const staffPeopleUrl = '/staff/people';
export type StaffPeopleNotice = keyof Texts['staff']['people']['notices'];

/** Who looks, and whether they may change anything. */
type Viewer = {
  id: string;
  mayChange: boolean;
  /** Whether staff sign in with accounts of their company. */
  companySignIn: boolean;
};
type Facts = { t: Texts; clock: Clock };

const stateOf = (member: StaffMember) => (member.disabled ? 'disabled' : isSetUp(member) ? 'active' : 'invited');

const signsInWith = ({ hasPassword, hasCompanyAccount }: StaffMember) =>
  hasCompanyAccount ? 'company' : hasPassword ? 'password' : 'nothing';

/** Signs in past the company's server. */
const isLocal = ({ hasPassword, disabled }: StaffMember) => hasPassword && !disabled;

const lastUse = ({ lastUsedAt }: StaffMember, { t, clock }: Facts): Cell =>
  lastUsedAt ? { time: shownTime(lastUsedAt, clock) } : t.staff.people.noUse;

/** Who works for the ISV here, in which role, and when they last used the portal. */
export function staffPeoplePage(
  found: readonly StaffMember[],
  viewer: Viewer,
  facts: Facts,
  notice?: StaffPeopleNotice,
) {
  const { t } = facts;
  const texts = t.staff.people;
  const { columns } = texts;
  const table: Table = {
    caption: texts.title,
    hideCaption: true,
    head: [columns.name, columns.role, columns.state, columns.lastUse],
    rows: found.map((member) => [
      {
        text: member.id === viewer.id ? texts.you(member.name) : member.name,
        note: member.email,
        ...(viewer.mayChange && member.id !== viewer.id ? { href: `${staffPeopleUrl}/${member.id}` } : {}),
      },
      t.account.roles[member.staffRole],
      viewer.companySignIn && isLocal(member)
        ? { text: texts.states[stateOf(member)], note: texts.signsIn.local }
        : texts.states[stateOf(member)],
      lastUse(member, facts),
    ]),
  };
  return {
    title: texts.title,
    lead: texts.lead,
    roles: staffRoles.map((role) => ({ key: t.account.roles[role], value: texts.roles[role] })),
    table,
    local: viewer.companySignIn ? texts.signsIn.lead(found.filter(isLocal).length) : null,
    whoIsTold: t.staff.notices.title,
    invite: viewer.mayChange ? { text: texts.invite.action, href: `${staffPeopleUrl}/new` } : null,
    notice: notice && texts.notices[notice],
  };
}

const roleField = (t: Texts, chosen: string | undefined, error?: string) => ({
  name: 'role',
  legend: t.account.role,
  items: staffRoles.map((value) => ({
    value,
    text: t.account.roles[value],
    hint: t.staff.people.roles[value],
    checked: value === chosen,
  })),
  error,
});

const fieldOf: Record<StaffProblem, 'name' | 'email' | 'role'> = {
  name_missing: 'name',
  name_too_long: 'name',
  email_unreadable: 'email',
  address_in_use: 'email',
  role_unknown: 'role',
};

/** The form keeps the typed values. */
export function newStaffPage(
  t: Texts,
  typed: { name: string; email: string; role: string } = { name: '', email: '', role: '' },
  problem?: StaffProblem,
) {
  const { invite, problems } = t.staff.people;
  const errorOf = (field: 'name' | 'email' | 'role') =>
    problem && fieldOf[problem] === field ? problems[problem] : undefined;
  return {
    title: invite.title,
    backLink: { text: t.staff.people.title, href: staffPeopleUrl },
    errors: problem ? [{ text: problems[problem], href: `#${fieldOf[problem]}` }] : [],
    lead: invite.lead,
    action: staffPeopleUrl,
    fields: [
      { name: 'name', label: invite.name, value: typed.name, autocomplete: 'off', error: errorOf('name') },
      {
        name: 'email',
        label: invite.email,
        type: 'email',
        value: typed.email,
        autocomplete: 'off',
        spellcheck: 'false',
        error: errorOf('email'),
      },
    ],
    role: roleField(t, typed.role, errorOf('role')),
    button: invite.button,
  };
}

/** One member of staff, with a form for each change. */
export function staffMemberPage(
  member: StaffMember,
  { t, clock }: Facts,
  shown: {
    notice?: StaffPeopleNotice | undefined;
    problem?: Exclude<StaffChange, 'changed' | 'unchanged' | 'not_staff'>;
  } = {},
) {
  const texts = t.staff.people;
  const { change } = texts;
  const url = `${staffPeopleUrl}/${member.id}`;
  const rows: Row[] = [
    { key: t.account.email, value: member.email },
    { key: t.account.role, value: t.account.roles[member.staffRole] },
    { key: texts.columns.state, value: texts.states[stateOf(member)] },
    { key: texts.columns.lastUse, value: lastUse(member, { t, clock }) },
    { key: texts.signsIn.key, value: texts.signsIn[signsInWith(member)] },
    {
      key: t.account.secondFactor,
      value: member.hasSecondFactor ? t.account.secondFactorStates.inUse : t.account.secondFactorStates.notInUse,
    },
  ];
  const state = member.disabled ? 'enable' : 'disable';
  return {
    title: member.name,
    backLink: { text: texts.title, href: staffPeopleUrl },
    errors: shown.problem ? [{ text: texts.refusals[shown.problem] }] : [],
    notice: shown.notice && texts.notices[shown.notice],
    lead: change.lead,
    rows,
    role: {
      action: `${url}/role`,
      heading: change.setRole,
      field: roleField(t, member.staffRole),
      button: change.setRole,
    },
    forms: [
      ...(member.hasSecondFactor
        ? [
            {
              action: `${url}/second-factor-reset`,
              ...change.reset,
              button: { text: change.reset.button, variant: 'warning' },
            },
          ]
        : []),
      ...(member.hasCompanyAccount
        ? [
            {
              action: `${url}/company-account-removal`,
              ...change.company,
              button: { text: change.company.button, variant: 'warning' },
            },
          ]
        : []),
      {
        action: `${url}/${member.disabled ? 'enabling' : 'disabling'}`,
        ...change[state],
        button: { text: change[state].button, variant: member.disabled ? 'secondary' : 'warning' },
      },
    ],
  };
}
