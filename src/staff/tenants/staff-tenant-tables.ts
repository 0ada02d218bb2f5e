import { membersTable } from '../../accounts/invitations/people-page.js';
import { causeText } from '../../connections/pages/cause-page.js';
import type { Check } from '../../connections/health/check-types.js';
import type { ConnectionView } from '../../connections/connection-view.js';
import type { NoticeKind } from '../../notifications/notice-store.js';
import { lineResult } from '../../connections/pages/fax-lines-page.js';
import { shownTime } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import { invitationState } from './new-tenant-page.js';
import type { Cell } from '../staff-tables.js';
import type { StaffFacts, TenantEvidence } from './staff-tenant-types.js';

export type Table = { caption: string; head: string[]; rows: Cell[][]; empty: string; firstCellIsHeader: boolean };

export function linesTable({ lines, connection }: ConnectionView, { t, clock, isv }: StaffFacts): Table {
  const { columns, caption, empty } = t.staff.tenant.lines;
  return {
    caption,
    empty,
    firstCellIsHeader: true,
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

/** The last member cannot be removed, because someone at the clinic must be able to invite people. */
export function peopleTable({ members }: TenantEvidence, facts: StaffFacts, url: string): Table {
  const { caption, empty } = facts.t.staff.tenant.people;
  const removalUrl = facts.mayChange && members.length > 1 ? (id: string) => `${url}/people/${id}/removal` : null;
  const { passwordReset, memberSignIn } = facts.t.staff;
  const more = ({ id, name }: { id: string; name: string }) => [
    { text: memberSignIn.action, hidden: name, href: `${url}/people/${id}/sign-in` },
    { text: passwordReset.action, hidden: name, href: `${url}/people/${id}/password-reset` },
  ];
  const how = { removalUrl, more: facts.mayChange ? more : null };
  return { ...membersTable(members, facts, how), caption, empty, firstCellIsHeader: true };
}

const nameOf = (id: string, { names }: TenantEvidence, t: Texts): string => names.get(id)?.name ?? t.staff.tenant.gone;

export function invitationsTable(evidence: TenantEvidence, { t, clock }: StaffFacts, url: string): Table {
  const { columns, caption, empty, states, program } = t.staff.tenant.invitations;
  return {
    caption,
    empty,
    firstCellIsHeader: true,
    head: [columns.email, columns.state, columns.by, columns.at],
    rows: evidence.invitations.map((invitation) => [
      { text: invitation.email, href: `${url}/invitations/${invitation.id}` },
      states[invitationState(invitation, clock.now)],
      invitation.invitedBy === null ? program : nameOf(invitation.invitedBy, evidence, t),
      { time: shownTime(invitation.createdAt, clock) },
    ]),
  };
}

/** Shows an error class without a text as it is. */
const known = (texts: Record<string, string>, error: string): string => texts[error] ?? error;

/** If a mail server refused a mail, staff must tell the person in another way. */
export function mailsTable(evidence: TenantEvidence, { t, clock }: StaffFacts): Table {
  const { columns, caption, empty, kinds, outcomes, errors } = t.staff.tenant.mails;
  const expires = (kind: NoticeKind): string => kinds.expires(Number(kind.slice('expires_'.length)));
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.what, columns.to, columns.outcome],
    rows: evidence.notices.map(({ createdAt, kind, personId, outcome, error }) => [
      { time: shownTime(createdAt, clock) },
      kind === 'failing' || kind === 'recovered' || kind === 'owner_changed' ? kinds[kind] : expires(kind),
      nameOf(personId, evidence, t),
      { text: outcomes[outcome], ...(error === null ? {} : { note: known(errors, error) }) },
    ]),
  };
}

/** The name of an action; every action of this version has a text. */
const actionText = (action: string, t: StaffFacts['t']): string =>
  (t.staff.actions as Partial<Record<string, string>>)[action] ?? action;

export function activityTable(evidence: TenantEvidence, { t, clock }: StaffFacts): Table {
  const { columns, caption, empty, outcomes } = t.staff.tenant.activity;
  const { actors } = t.staff.tenant;
  return {
    caption,
    empty,
    firstCellIsHeader: false,
    head: [columns.at, columns.what, columns.who, columns.detail],
    rows: evidence.events.map(({ at, action, actorKind, actorId, outcome, detail }) => {
      const details = Object.entries(detail).flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]));
      return [
        { time: shownTime(at, clock) },
        actionText(action, t),
        actorKind === 'person' && actorId !== null ? nameOf(actorId, evidence, t) : actors[actorKind],
        [...(outcome === 'ok' ? [] : [outcomes[outcome]]), ...details].join(', '),
      ];
    }),
  };
}
