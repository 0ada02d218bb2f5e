import { exactTime, shownTime, type Clock } from '../../platform/http/view-helpers.js';
import { memberPaths } from '../../tenants/journey.js';
import type { Texts } from '../../texts/texts.js';
import { addressProblemText } from '../forms/form-page.js';
import type { Action, Table } from '../../platform/http/content.js';
import { mailStateText } from '../../notifications/mail-state.js';
import type { InviteProblem, MailedInvitation } from './invitation-service.js';
import type { Member } from '../people/people-directory.js';

export type PeopleNotice = keyof Texts['people']['notices'];
export type Facts = { t: Texts; clock: Clock };

/** The data of views/accounts/invite-form.ejs: the address of the person to invite. */
export const inviteForm = (
  texts: { email: string; hint: string; button: string },
  action: string,
  typed = '',
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
    value: typed,
    error,
  },
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
    personId: string;
    members: Member[];
    invitations: MailedInvitation[];
    /** What was typed in the form before. */
    kept?: string | undefined;
  },
  facts: Facts,
  shown: { notice?: PeopleNotice | undefined; typed?: string; problem?: InviteProblem } = {},
) {
  const { t, clock } = facts;
  const texts = t.people;
  const url = peopleUrlOf(found.tenant.id);
  const error = shown.problem && inviteProblemText(t, shown.problem, clock, shown.typed);
  const ofField = error !== undefined && shown.typed !== undefined;
  return {
    title: texts.title,
    caption: found.tenant.name,
    lead: texts.lead,
    notice: shown.notice && texts.notices[shown.notice],
    errors: error === undefined ? [] : [{ text: error, href: ofField ? '#email' : undefined }],
    members: membersTable(found.members, facts, {
      you: found.personId,
      removalUrl: found.members.length > 1 ? (id) => `${url}/${id}/removal` : null,
    }),
    // Set if no one else would be told about a failure.
    reach: found.members.length === 1 ? texts.members.onlyYou : null,
    invitations: waitingTable(found.invitations, facts, url),
    invite: {
      heading: texts.invite.heading,
      form: inviteForm(texts.invite, `${url}/invitations`, shown.typed ?? found.kept, ofField ? error : undefined),
    },
    handOffs: { text: texts.invite.handOffs, href: memberPaths(found.tenant.id).handOffs },
  };
}

/** @param how `removalUrl` is null if the viewer may remove no one; `more` adds other actions for a person */
export function membersTable(
  members: readonly (Pick<Member, 'id' | 'name' | 'email' | 'since'> & { proved?: boolean })[],
  { t, clock }: Facts,
  how: {
    you?: string;
    removalUrl: ((personId: string) => string) | null;
    more?: ((person: { id: string; name: string }) => Action[]) | null;
  },
): Table {
  const { caption, columns, you, unproved, remove } = t.people.members;
  const { removalUrl, more } = how;
  const actionsOf = ({ id, name }: { id: string; name: string }): Action[] => [
    ...(more?.({ id, name }) ?? []),
    ...(removalUrl ? [{ text: remove, hidden: name, href: removalUrl(id) }] : []),
  ];
  const hasActions = removalUrl !== null || Boolean(more);
  return {
    caption,
    head: [columns.name, columns.since, ...(hasActions ? [''] : [])],
    rows: members.map(({ id, name, email, since, proved = true }) => [
      { text: id === how.you ? you(name) : name, note: proved ? email : unproved(email) },
      { time: shownTime(since, clock) },
      ...(hasActions ? [{ actions: actionsOf({ id, name }) }] : []),
    ]),
  };
}

function waitingTable(invitations: readonly MailedInvitation[], { t, clock }: Facts, url: string): Table {
  const { caption, empty, columns, states, invited, until, since, sendAnew, revoke, of } = t.people.invitations;
  return {
    caption,
    empty,
    head: [columns.email, columns.state, t.mailStates.label, ''],
    rows: invitations.map(({ id, email, createdAt, expiresAt, mail }) => {
      const isOpen = expiresAt > clock.now;
      const form = (text: string, path: string): Action => ({
        text,
        hidden: of(email),
        post: `${url}/invitations/${id}/${path}`,
      });
      return [
        { text: email, note: invited(exactTime(createdAt, clock)) },
        { text: states[isOpen ? 'open' : 'expired'], note: (isOpen ? until : since)(exactTime(expiresAt, clock)) },
        mailStateText(t, mail, clock),
        { actions: [form(sendAnew, 'renewals'), form(revoke, 'revocation')] },
      ];
    }),
  };
}

/** Asks for confirmation. `isLast` explains why the last member cannot be removed. */
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
  if (asked.isLast) return { ...page, paragraphs: [texts.last], warning: null, button: null };
  return {
    ...page,
    paragraphs: asked.isSelf ? [texts.invitationsSelf] : [texts.what(name, email), texts.invitations],
    warning: asked.isSelf ? texts.whatSelf : null,
    button: { text: asked.isSelf ? texts.buttonSelf : texts.button, variant: 'warning' },
  };
}
