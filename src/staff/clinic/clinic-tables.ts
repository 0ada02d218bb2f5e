import { offeredRole } from '../../accounts/invitations/role-page.js';
import { membersTable } from '../../accounts/invitations/people-page.js';
import type { ConnectionView } from '../../connections/connection-view.js';
import type { Check } from '../../connections/health/check-types.js';
import { causeText } from '../../connections/pages/cause-page.js';
import { lineResult } from '../../connections/pages/fax-lines-page.js';
import { isForClinicRole } from '../../notifications/audience.js';
import { mailErrorText, mailStateText } from '../../notifications/mail-state.js';
import type { NoticeKind } from '../../notifications/notice-store.js';
import type { Table } from '../../platform/http/content.js';
import { shownTime } from '../../platform/http/view-helpers.js';
import { eventRows, nameOf } from '../activity/activity-page.js';
import { invitationState } from '../tenants/invitation-page.js';
import type { ActivityEvidence, ClinicFacts, PeopleEvidence } from './clinic-evidence.js';

export function linesTable({ lines, connection }: ConnectionView, { t, clock, isv }: ClinicFacts): Table {
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

/** Each check as a sentence; what support may ask for is in small print. */
export function checksTable(checks: Check[], { t, clock }: ClinicFacts): Table {
  const { columns, caption, empty, triggers, verdicts } = t.staff.tenant.checks;
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.trigger, columns.verdict],
    rows: checks.map(({ finishedAt, trigger, verdict, cause, warnings, detail }) => {
      const causes = cause ? [cause] : warnings;
      const codes = [...causes, ...(detail.codes ?? []), ...(detail.permission ? [detail.permission] : [])];
      const note = [...codes, ...(detail.requestId === undefined ? [] : [detail.requestId])].join(', ');
      const found = causes.map((it) => causeText(t, it).short);
      return [
        { time: shownTime(finishedAt, clock) },
        triggers[trigger],
        {
          text: found.length === 0 ? verdicts[verdict] : `${verdicts[verdict]}: ${found.join(', ')}`,
          ...(note === '' ? {} : { note }),
        },
      ];
    }),
  };
}

export function peopleTable({ members }: PeopleEvidence, facts: ClinicFacts, url: string): Table {
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
export function reachOf({ members, view }: PeopleEvidence, { t }: ClinicFacts): string | null {
  const texts = t.staff.tenant.reach;
  if (members.length > 0 && !members.some(({ role }) => role === 'owner')) return texts.noOwner;
  const told = members.filter(({ role }) => isForClinicRole('failing', role)).length;
  if (view.active === null || told > 1) return null;
  return told === 0 ? texts.nobody : texts.one;
}

/** The role that the invitation form offers first. */
export const offeredTo = ({ members, invitations }: PeopleEvidence, { clock }: ClinicFacts) =>
  offeredRole(
    members,
    invitations.filter((it) => invitationState(it, clock.now) === 'open'),
  );

export function invitationsTable(evidence: PeopleEvidence, { t, clock }: ClinicFacts, url: string): Table {
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

const named = ['failing', 'recovered', 'fix', 'owner_changed', 'sign_in_ends', 'not_confirmed'] as const;
const isNamed = (kind: NoticeKind): kind is (typeof named)[number] => named.some((one) => one === kind);

/** If a mail server refused a mail, staff must tell the person in another way. */
export function mailsTable(evidence: PeopleEvidence, { t, clock }: ClinicFacts): Table {
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

export function activityTable(evidence: ActivityEvidence, facts: ClinicFacts): Table {
  const { columns, caption, empty } = facts.t.staff.tenant.activity;
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.what, columns.who, columns.detail],
    rows: eventRows(evidence, facts),
  };
}
