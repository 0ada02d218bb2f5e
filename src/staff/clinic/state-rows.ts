import type { ConnectionView } from '../../connections/connection-view.js';
import type { Cause } from '../../connections/health/causes.js';
import { lastClearAt, unanswered, type Answer } from '../../connections/health/health.js';
import { causeText } from '../../connections/pages/cause-page.js';
import { noAnswerText } from '../../connections/pages/connection-lead.js';
import type { Cell, Row } from '../../platform/http/content.js';
import { dateOnly, exactTime, shownTime } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import type { ClinicFacts } from './clinic-evidence.js';
import { faxRows } from './fax-report-table.js';

const causeCell = (of: Cause, { t, clock }: ClinicFacts, at?: Date): Cell => ({
  text: causeText(t, of).short,
  note: at ? `${of}, ${exactTime(at, clock)}` : of,
});

/** What works and what does not, in words; codes are in small print. */
export function stateRows(view: ConnectionView, facts: ClinicFacts): Row[] {
  const { shown, connection, active, pending } = view;
  const { t, clock } = facts;
  const texts = t.staff.tenant.state;
  const { pending: waiting } = connection.health;
  const counted = active ?? pending;
  if (!counted && shown.cause === null && !connection.checkedAt) return [];
  return [
    { key: texts.cause, value: shown.cause ? causeCell(shown.cause, facts) : texts.none },
    ...(shown.suspect
      ? [{ key: texts.suspect, value: causeCell(shown.suspect.cause, facts, shown.suspect.since) }]
      : []),
    ...(active && waiting
      ? [{ key: texts.pending, value: waiting.cause ? causeCell(waiting.cause, facts) : texts.pendingAnswer }]
      : []),
    ...checkRow(view, facts),
    ...troubleRows(view, facts),
    ...(counted
      ? [{ key: texts.expires, value: counted.expiresAt ? dateOnly(counted.expiresAt, clock) : texts.neverExpires }]
      : []),
    ...renewalRows(view, facts),
    ...faxRows(view, facts),
    ...(pending?.keptUntil ? [{ key: texts.keptUntil, value: dateOnly(pending.keptUntil, clock) }] : []),
  ];
}

/** When it was checked, what was clear, and what comes next. */
export function checkRows(view: ConnectionView, facts: ClinicFacts): Row[] {
  const { connection, checking, inWaitingList, nextCheckAt } = view;
  const { t, clock } = facts;
  const texts = t.staff.tenant.state;
  const clearAt = lastClearAt(connection.health);
  const next = checking
    ? texts.running
    : inWaitingList
      ? texts.inWaitingList
      : nextCheckAt
        ? { time: shownTime(nextCheckAt, clock) }
        : texts.nonePlanned;
  return [
    ...checkRow(view, facts),
    ...(clearAt
      ? [
          {
            key: texts.conclusive,
            value: { ...answerText(connection.health.lastClear, t), time: shownTime(clearAt, clock) },
          },
        ]
      : []),
    { key: texts.nextCheck, value: next },
    ...troubleRows(view, facts),
  ];
}

function checkRow({ connection }: ConnectionView, { t, clock, isv }: ClinicFacts): Row[] {
  const texts = t.staff.tenant.state;
  const last = unanswered(connection.health);
  const value = connection.checkedAt
    ? { time: shownTime(connection.checkedAt, clock), ...(last ? { note: noAnswerText(last, t, isv) } : {}) }
    : texts.never;
  return [{ key: texts.checkedAt, value }];
}

function troubleRows({ trouble }: ConnectionView, { t }: ClinicFacts): Row[] {
  const texts = t.staff.tenant.state;
  if (!trouble) return [];
  const value = { text: texts.troubles[trouble.because], note: texts.troubleTimes(trouble.times) };
  return [{ key: texts.trouble, value }];
}

/** The end of seven days is told only if it is near: as long as a sign-in is renewed every day, it has no end. */
function renewalRows({ renewal }: ConnectionView, { t, clock }: ClinicFacts): Row[] {
  if (!renewal) return [];
  const { renewed, endsUnrenewed, endedUnrenewed } = t.staff.tenant.state;
  const text = renewal.endsAt > clock.now ? endsUnrenewed : endedUnrenewed;
  const note = text(exactTime(renewal.endsAt, clock));
  return [{ key: renewed, value: { time: shownTime(renewal.renewedAt, clock), note } }];
}

/** Data of earlier versions has only the time. */
function answerText(answer: Answer | undefined, t: Texts): { text?: string } {
  if (!answer) return {};
  const verdict = t.staff.tenant.checks.verdicts[answer.kind];
  return { text: answer.cause ? `${verdict}: ${causeText(t, answer.cause).short}` : verdict };
}
