import type { ClinicRole } from '../../app/clinic-roles.js';
import { offeredRole } from '../../accounts/invitations/role-page.js';
import type { TypedAddress } from '../../accounts/invitations/typed-address.js';
import { membersTable } from '../../accounts/invitations/people-page.js';
import { causeText, type IsvFacts } from '../../connections/pages/cause-page.js';
import type { Check } from '../../connections/health/check-types.js';
import type { ConnectionView, Past } from '../../connections/connection-view.js';
import { isForClinicRole } from '../../notifications/audience.js';
import { mailErrorText, mailStateText } from '../../notifications/mail-state.js';
import type { Notice, NoticeKind } from '../../notifications/notice-store.js';
import { lineResult } from '../../connections/pages/fax-lines-page.js';
import type { Row, Table } from '../../platform/http/content.js';
import { shownTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import { eventRows, nameOf, type Events } from '../activity/activity-page.js';
import type { WithheldEvidence } from './account-approval-page.js';
import { invitationState, type ShownInvitation } from './invitation-page.js';

/** Everything that staff see of a tenant; contains no secret. */
export type TenantEvidence = WithheldEvidence &
  Events & {
    checks: Check[];
    past: Past;
    /** The notices that people were sent about the tenant, newest first. */
    notices: Notice[];
    /** The newest disconnection: when, by whom, what is open, and the receipt. Empty if there was none. */
    disconnection: Row[];
    /** How many events of the clinic wait to be delivered to the ISV's programs. */
    openDeliveries: number;
    invitations: (ShownInvitation & { role: ClinicRole; invitedBy: string | null; createdAt: Date })[];
    members: { id: string; name: string; email: string; since: Date; role: ClinicRole }[];
    /** The address that was typed in the form of an invitation before a fresh proof. */
    kept?: TypedAddress | undefined;
  };
export type StaffFacts = {
  t: Texts;
  textsIn: TextsIn;
  clock: Clock;
  isv: IsvFacts;
  /** Whether the clinic's people can connect by signing in to RingCentral. */
  hasSignInApp: boolean;
  mayChange: boolean;
  mayManage: boolean;
};

export function linesTable({ lines, connection }: ConnectionView, { t, clock, isv }: StaffFacts): Table {
  const { columns, caption, empty } = t.staff.tenant.lines;
  return {
    caption,
    empty,
    head: [columns.line, columns.type, columns.result, columns.probed],
    rows: lines
      .filter(({ selected }) => selected)
      .map((line) => [
        { text: t.connections.lines.name(line.name, line.extensionNumber), note: line.extensionId },
        line.type,
        lineResult(line, connection.health, { t, isv }),
        line.probedAt ? { time: shownTime(line.probedAt, clock) } : '',
      ]),
  };
}

export function checksTable(checks: Check[], { t, clock }: StaffFacts): Table {
  const { columns, caption, empty, triggers, verdicts } = t.staff.tenant.checks;
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.trigger, columns.verdict, columns.cause, columns.codes],
    rows: checks.map(({ finishedAt, trigger, verdict, cause, warnings, detail }) => {
      const causes = cause ? [cause] : warnings;
      return [
        { time: shownTime(finishedAt, clock) },
        triggers[trigger],
        verdicts[verdict],
        causes.map((it) => causeText(t, it).short).join(', '),
        {
          text: [...(detail.codes ?? []), ...(detail.permission ? [detail.permission] : [])].join(', '),
          ...(detail.requestId === undefined ? {} : { note: detail.requestId }),
        },
      ];
    }),
  };
}

export function peopleTable({ members }: TenantEvidence, facts: StaffFacts, url: string): Table {
  const { caption, empty } = facts.t.staff.tenant.people;
  const urlOf = facts.mayManage ? (id: string) => `${url}/people/${id}` : null;
  const { passwordReset, memberSignIn } = facts.t.staff;
  const more = ({ id, name }: { id: string; name: string }) => [
    { text: memberSignIn.action, hidden: name, href: `${url}/people/${id}/sign-in` },
    { text: passwordReset.action, hidden: name, href: `${url}/people/${id}/password-reset` },
  ];
  const how = { urlOf, more: facts.mayChange ? more : null };
  return { ...membersTable(members, facts, how), caption, empty };
}

/**
 * Said if no one at the clinic can give roles, or if too few people would be told about a failure: with a single member,
 * no one else can fix a problem while that person is away or after they leave.
 */
export function reachOf({ members, view }: TenantEvidence, { t }: StaffFacts): string | null {
  const texts = t.staff.tenant.reach;
  if (members.length > 0 && !members.some(({ role }) => role === 'owner')) return texts.noOwner;
  const told = members.filter(({ role }) => isForClinicRole('failing', role)).length;
  if (view.active === null || told > 1) return null;
  return told === 0 ? texts.nobody : texts.one;
}

/** The role that the invitation form offers first. */
export const offeredTo = ({ members, invitations }: TenantEvidence, { clock }: StaffFacts) =>
  offeredRole(
    members,
    invitations.filter((it) => invitationState(it, clock.now) === 'open'),
  );

export function invitationsTable(evidence: TenantEvidence, { t, clock }: StaffFacts, url: string): Table {
  const { columns, caption, empty, states, program } = t.staff.tenant.invitations;
  return {
    caption,
    empty,
    head: [columns.email, columns.state, t.mailStates.label, columns.by, columns.at],
    rows: evidence.invitations.map((invitation) => [
      {
        text: invitation.email,
        note: t.people.roles[invitation.role].name,
        href: `${url}/invitations/${invitation.id}`,
      },
      states[invitationState(invitation, clock.now)],
      mailStateText(t, invitation.mail, clock),
      invitation.invitedBy === null ? program : nameOf(invitation.invitedBy, evidence.names, t),
      { time: shownTime(invitation.createdAt, clock) },
    ]),
  };
}

const named = ['failing', 'recovered', 'owner_changed', 'sign_in_ends'] as const;
const isNamed = (kind: NoticeKind): kind is (typeof named)[number] => named.some((one) => one === kind);

/** If a mail server refused a mail, staff must tell the person in another way. */
export function mailsTable(evidence: TenantEvidence, { t, clock }: StaffFacts): Table {
  const { columns, caption, empty, kinds, outcomes } = t.staff.tenant.mails;
  const expires = (kind: NoticeKind): string => kinds.expires(Number(kind.slice('expires_'.length)));
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.what, columns.to, columns.outcome],
    rows: evidence.notices.map(({ createdAt, kind, personId, outcome, error }) => [
      { time: shownTime(createdAt, clock) },
      isNamed(kind) ? kinds[kind] : expires(kind),
      nameOf(personId, evidence.names, t),
      { text: outcomes[outcome], ...(error === null ? {} : { note: mailErrorText(t, error) }) },
    ]),
  };
}

export function activityTable(evidence: TenantEvidence, facts: StaffFacts): Table {
  const { columns, caption, empty } = facts.t.staff.tenant.activity;
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.what, columns.who, columns.detail],
    rows: eventRows(evidence, facts),
  };
}
