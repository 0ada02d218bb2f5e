import { causeText } from '../connections/pages/cause-page.js';
import type { ShownState } from '../connections/health/health.js';
import type { Cell } from '../platform/http/content.js';
import { durationText, shownTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import { timeZoneItems } from '../tenants/time-zones.js';
import type { Texts } from '../texts/texts.js';
import type { Judged, PreflightService } from './preflight-service.js';
import type { RunTimeProblem } from './nightly-run.js';
import type { Verdict } from './verdict.js';

export const preflightUrl = '/staff/preflight';
export const runTimeUrl = `${preflightUrl}/run-time`;

export const preflightNotices = ['queued', 'nothing', 'saved'] as const;
export type PreflightNotice = (typeof preflightNotices)[number];

type Facts = { t: Texts; clock: Clock };
type NoGo = Extract<Verdict, { kind: 'no_go' }>;

export type PreflightFacts = {
  by: Date;
  /** Whether a nightly run is set; otherwise `by` is only some time ahead. */
  isSet: boolean;
  counts: Awaited<ReturnType<PreflightService['summary']>>;
  /** One page of the clinics that are no-go or unknown. */
  clinics: readonly Judged[];
  /** The cursor of the next page; null if there is none. */
  next: string | null;
  isFirst: boolean;
  /** null if no clinic waits for another. */
  minutes: number | null;
  mayChange: boolean;
  mayManage: boolean;
  notice?: PreflightNotice | undefined;
};

/** Why a clinic will get no token, in a few words. */
export function causeOf({ state, cause, since }: Omit<NoGo, 'kind'>, by: Date, { t, clock }: Facts): string {
  const texts = t.staff.preflight.noGo;
  // Only the end of a credential is known before it comes.
  if (cause !== null && since > clock.now && since <= by) return texts.expiresBefore;
  if (cause !== null) return causeText(t, cause).short;
  return state === 'disconnected' ? texts.disconnected : texts.notConnected;
}

/** What was working comes first: a clinic that never connected surprises no one. */
const noGoOrder: readonly ShownState[] = ['failing', 'healthy', 'warning', 'unverified', 'pending', 'not_connected'];
const rankOf = ({ verdict }: { verdict: NoGo }): number => {
  const rank = noGoOrder.indexOf(verdict.state);
  return rank < 0 ? noGoOrder.length : rank;
};

const nameCell = ({ tenant }: Judged): Cell => ({
  text: tenant.name,
  href: `/staff/tenants/${tenant.id}`,
  note: tenant.externalRef,
});

export function preflightPage(facts: PreflightFacts, { t, clock }: Facts) {
  const texts = t.staff.preflight;
  const { by, counts, clinics, mayChange, mayManage, minutes, isFirst } = facts;
  const number = (value: number) => wholeNumber(value, t.common.lang);
  const counted = (value: number) => (counts.isComplete ? number(value) : texts.atLeast(number(value)));
  const noGo = clinics
    .flatMap((one) => (one.verdict.kind === 'no_go' ? [{ ...one, verdict: one.verdict }] : []))
    .sort((a, b) => rankOf(a) - rankOf(b));
  const unknown = clinics.flatMap((one) =>
    one.verdict.kind === 'unknown' ? [{ ...one, reason: one.verdict.reason }] : [],
  );
  return {
    title: texts.title,
    notice: facts.notice ? texts.notices[facts.notice] : null,
    lead: facts.isSet ? texts.lead : texts.leadWithout,
    rows: [
      { key: facts.isSet ? texts.rows.begins : texts.rows.ahead, value: { time: shownTime(by, clock) } },
      { key: texts.rows.noGo, value: counted(counts.noGo) },
      { key: texts.rows.unknown, value: counted(counts.unknown) },
      { key: texts.rows.go, value: counts.isComplete ? number(counts.go) : texts.notCounted },
      {
        key: texts.rows.estimate,
        value:
          minutes === null
            ? texts.noEstimate
            : { text: durationText(minutes * 60_000, t.common.lang), note: texts.estimateNote },
      },
    ],
    queue: mayChange && counts.unknown > 0 ? { text: texts.queue, post: `${preflightUrl}/checks` } : null,
    setRunTime: mayManage ? { text: texts.setRunTime, href: runTimeUrl } : null,
    allGo: counts.noGo + counts.unknown > 0 || !isFirst ? null : counts.all === 0 ? texts.noClinics : texts.allGo,
    noGo:
      noGo.length > 0
        ? {
            caption: texts.noGo.caption,
            head: Object.values(texts.noGo.columns),
            rows: noGo.map(({ verdict, ...clinic }): Cell[] => [
              nameCell({ ...clinic, verdict }),
              { badge: { state: verdict.state, text: t.connections.states[verdict.state] } },
              causeOf(verdict, by, { t, clock }),
              t.staff.owners[verdict.fixOwner],
              { time: shownTime(verdict.since, clock) },
            ]),
          }
        : null,
    unknown:
      unknown.length > 0
        ? {
            caption: texts.unknown.caption,
            head: Object.values(texts.unknown.columns),
            rows: unknown.map(({ reason, ...clinic }): Cell[] => [
              nameCell(clinic),
              texts.unknown.reasons[reason],
              clinic.checkedAt ? { time: shownTime(clinic.checkedAt, clock) } : texts.unknown.never,
            ]),
          }
        : null,
    first: isFirst ? null : { text: texts.first, href: preflightUrl },
    next: facts.next === null ? null : { text: texts.next, href: `${preflightUrl}?after=${facts.next}` },
  };
}

/** @param typed the values in the form: those that are set, or those that were rejected */
export function runTimePage(typed: { at: string; timeZone: string }, t: Texts, problems: RunTimeProblem[] = []) {
  const texts = t.staff.preflight.runTime;
  const errorOf = (field: RunTimeProblem['field']) =>
    problems.some((problem) => problem.field === field) ? { error: texts.problems[field] } : {};
  const at = {
    name: 'at',
    label: texts.at,
    hint: texts.atHint,
    value: typed.at,
    spellcheck: 'false',
    autocomplete: 'off',
    width: 5,
    ...errorOf('at'),
  };
  const timeZone = {
    name: 'time_zone',
    label: texts.timeZone,
    hint: texts.timeZoneHint,
    items: timeZoneItems(typed.timeZone, t.common.lang),
    ...errorOf('timeZone'),
  };
  const errors = [at, timeZone].flatMap(({ name, error }: { name: string; error?: string }) =>
    error === undefined ? [] : [{ text: error, href: `#${name}` }],
  );
  return {
    title: texts.title,
    lead: texts.lead,
    backLink: { text: t.staff.preflight.title, href: preflightUrl },
    action: runTimeUrl,
    errors,
    at,
    timeZone,
    button: { text: texts.button },
  };
}
