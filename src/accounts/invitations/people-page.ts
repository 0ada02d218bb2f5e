import { allows, type ClinicRole } from '../../app/clinic-roles.js';
import { exactTime, shownTime, type Clock } from '../../platform/http/view-helpers.js';
import { memberPaths } from '../../tenants/journey.js';
import type { Texts } from '../../texts/texts.js';
import { addressProblemText } from '../forms/form-page.js';
import type { Action, Table } from '../../platform/http/content.js';
import { mailStateText } from '../../notifications/mail-state.js';
import type { InviteProblem, MailedInvitation } from './invitation-service.js';
import type { Member } from '../people/people-directory.js';
import { isLastOwner } from './people-service.js';
import { roleField } from './role-page.js';
import type { TypedAddress } from './typed-address.js';

export type PeopleNotice = keyof Texts['people']['notices'];
export type Facts = { t: Texts; clock: Clock };

/** The data of views/accounts/invitations/invite-form.ejs: the address of the person to invite, and the role. */
export const inviteForm = (
  texts: { email: string; hint: string; button: string },
  action: string,
  typed: { t: Texts; role: ClinicRole; email?: string | undefined },
  error?: string,
) => ({
  action,
  field: {
    name: 'email',
    label: texts.email,
    hint: texts.hint,
    type: 'email',
    autocomplete: 'off',
    spellcheck: 'false',
    width: 30,
    value: typed.email ?? '',
    error,
  },
  role: roleField(typed.t, typed.role, typed.t.people.invite.role),
  button: { text: texts.button },
  /** Only for staff: hands the link over instead of mailing it. */
  byHand: undefined as Checkboxes | undefined,
});

/** The sentence that explains why an invitation was not sent, for pages of members and of staff. */
export function inviteProblemText(t: Texts, refused: InviteProblem, clock: Clock, typed?: string): string {
  if ('until' in refused) return t.people.problems[refused.problem](exactTime(refused.until, clock));
  const { problem } = refused;
  if (problem === 'tenant_unknown' || problem === 'email_unreadable') return addressProblemText(t, typed);
  return t.people.problems[problem];
}

type Checkboxes = { name: string; legend: string; items: { value: string; text: string; hint: string }[] };
export type InviteForm = ReturnType<typeof inviteForm>;

export const peopleUrlOf = (tenantId: string): string => `/tenants/${tenantId}/people`;

/**
 * @param shown the result of the last form: `typed` and `problem` of the form, or the `problem` of a button in the
 * list
 */
export function peoplePage(
  found: {
    tenant: { id: string; name: string };
    /** Whether everyone needs a second factor. */
    needsSecondFactor: boolean;
    personId: string;
    role: ClinicRole;
    members: Member[];
    invitations: MailedInvitation[];
    /** What was typed in the form before. */
    kept?: TypedAddress | undefined;
  },
  facts: Facts,
  shown: { notice?: PeopleNotice | undefined; typed?: TypedAddress; problem?: InviteProblem } = {},
) {
  const { t, clock } = facts;
  const isOwner = found.role === 'owner';
  const owners = found.members.filter(({ role }) => role === 'owner').map(({ name }) => name);
  const texts = t.people;
  const url = peopleUrlOf(found.tenant.id);
  const error = shown.problem && inviteProblemText(t, shown.problem, clock, shown.typed?.email);
  const typed = shown.typed ?? found.kept;
  const ofField = error !== undefined && shown.typed !== undefined;
  return {
    title: texts.title,
    caption: found.tenant.name,
    lead: texts.lead,
    notice: shown.notice && texts.notices[shown.notice],
    errors: error === undefined ? [] : [{ text: error, href: ofField ? '#email' : undefined }],
    members: membersTable(found.members, facts, {
      you: found.personId,
      urlOf: isOwner ? (id) => `${url}/${id}` : null,
    }),
    leave: { text: texts.leave, href: `${url}/leaving` },
    whoMay: isOwner ? null : whoMay(owners, facts),
    // Set if no one else would be told about a failure.
    reach: found.members.length === 1 ? texts.members.onlyYou : null,
    invitations: waitingTable(found.invitations, facts, isOwner ? url : null),
    invite: isOwner
      ? {
          heading: texts.invite.heading,
          form: inviteForm(
            texts.invite,
            `${url}/invitations`,
            { t, role: typed?.role ?? 'member', email: typed?.email },
            ofField ? error : undefined,
          ),
        }
      : null,
    handOffs: allows(found.role, 'member')
      ? {
          text: isOwner ? texts.invite.handOffs : texts.invite.handOffsAlone,
          href: memberPaths(found.tenant.id).handOffs,
        }
      : null,
    rule: rulePart(found.needsSecondFactor, facts, isOwner ? `${url}/second-factor` : null),
  };
}

function whoMay(owners: string[], { t, clock }: Facts): string {
  if (owners.length === 0) return t.people.noOwner;
  return t.people.ownersOnly(new Intl.ListFormat(clock.language, { type: 'disjunction' }).format(owners));
}

/** @param action null if the reader may not change the rule */
function rulePart(isNeeded: boolean, { t }: Facts, action: string | null) {
  const texts = t.people.rule;
  return {
    heading: texts.heading,
    text: isNeeded ? texts.needed : texts.notNeeded,
    form:
      action === null
        ? null
        : {
            action,
            effect: isNeeded ? null : texts.effect,
            needed: isNeeded ? 'no' : 'yes',
            button: { text: isNeeded ? texts.release : texts.require, variant: 'secondary' },
          },
  };
}

/**
 * @param how `urlOf` is null if the reader may change no one's role and remove no one; `more` adds other actions for a
 * person
 */
export function membersTable(
  members: readonly (Pick<Member, 'id' | 'name' | 'email' | 'since' | 'role'> & { proved?: boolean })[],
  { t, clock }: Facts,
  how: {
    you?: string;
    urlOf: ((personId: string) => string) | null;
    more?: ((person: { id: string; name: string }) => Action[]) | null;
  },
): Table {
  const { caption, columns, you, unproved, remove, changeRole } = t.people.members;
  const { urlOf, more } = how;
  // The last owner stays one; everyone leaves by another link.
  const mayChange = (member: Pick<Member, 'id' | 'role'>) => urlOf !== null && !isLastOwner(member, members);
  const actionsOf = ({ id, name, role }: Pick<Member, 'id' | 'name' | 'role'>): Action[] => [
    ...(more?.({ id, name }) ?? []),
    ...(urlOf && mayChange({ id, role }) ? [{ text: changeRole, hidden: name, href: `${urlOf(id)}/role` }] : []),
    ...(urlOf && mayChange({ id, role }) && id !== how.you
      ? [{ text: remove, hidden: name, href: `${urlOf(id)}/removal` }]
      : []),
  ];
  const hasActions = urlOf !== null || Boolean(more);
  return {
    caption,
    head: [columns.name, columns.role, columns.since, ...(hasActions ? [''] : [])],
    rows: members.map(({ id, name, email, role, since, proved = true }) => [
      { text: id === how.you ? you(name) : name, note: proved ? email : unproved(email) },
      t.people.roles[role].name,
      { time: shownTime(since, clock) },
      ...(hasActions ? [{ actions: actionsOf({ id, name, role }) }] : []),
    ]),
  };
}

/** @param url null if the reader may not change invitations */
function waitingTable(invitations: readonly MailedInvitation[], { t, clock }: Facts, url: string | null): Table {
  const { caption, empty, columns, states, invited, until, since, sendAgain, revoke, of } = t.people.invitations;
  return {
    caption,
    empty,
    head: [columns.email, columns.state, t.mailStates.label, ...(url === null ? [] : [''])],
    rows: invitations.map(({ id, email, role, createdAt, expiresAt, mail }) => {
      const isOpen = expiresAt > clock.now;
      const form = (text: string, path: string): Action => ({
        text,
        hidden: of(email),
        post: `${url}/invitations/${id}/${path}`,
      });
      return [
        { text: email, note: invited(exactTime(createdAt, clock), t.people.roles[role].name) },
        { text: states[isOpen ? 'open' : 'expired'], note: (isOpen ? until : since)(exactTime(expiresAt, clock)) },
        mailStateText(t, mail, clock),
        ...(url === null ? [] : [{ actions: [form(sendAgain, 'renewals'), form(revoke, 'revocation')] }]),
      ];
    }),
  };
}

/** Asks for confirmation. `isLast` explains why the last owner cannot be removed. */
export function removalPage(
  t: Texts,
  asked: {
    person: { name: string; email: string };
    isSelf: boolean;
    isLast: boolean;
    tenantName: string;
    action: string;
    back: { text: string; href: string };
    byStaff?: boolean;
  },
) {
  const texts = t.people.removal;
  const { name, email } = asked.person;
  const page = {
    title: asked.isSelf
      ? texts.titleSelf
      : asked.byStaff
        ? texts.titleOfStaff(name, asked.tenantName)
        : texts.title(name),
    caption: asked.tenantName,
    backLink: asked.back,
    action: asked.action,
  };
  if (asked.isLast)
    return { ...page, paragraphs: [asked.isSelf ? texts.lastSelf : texts.last], warning: null, button: null };
  return {
    ...page,
    paragraphs: asked.isSelf ? [texts.invitationsSelf] : [texts.what(name, email), texts.invitations],
    warning: asked.isSelf ? texts.whatSelf : null,
    button: { text: asked.isSelf ? texts.buttonSelf : texts.button, variant: 'warning' },
  };
}
