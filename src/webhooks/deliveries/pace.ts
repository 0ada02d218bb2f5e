import type { Pace } from '../webhook-types.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Between the tries of one delivery, as Standard Webhooks 1.0 recommends: ten tries in 75 hours. */
const GAPS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
const TRIED_FOR_MS = 75 * HOUR_MS;
/** Between the turns of an endpoint that fails: its deliveries share the outage, so one of them tries for all. */
const PROBE_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS];
const OVERLOADED_MS = MINUTE_MS;
/** An endpoint that has just recovered gets one turn a second. */
const BETWEEN_TURNS_MS = SECOND_MS;
export const FULL_WINDOW = 64;
/** After so long an outage, a success brings forward what waits for its next try. */
const OUTAGE_MS = 5 * MINUTE_MS;

/** The result of a try. `random` is from 0 to 1. */
export type TryResult =
  | { kind: 'success' }
  /** `overloaded`: 429, 502 or 504. `waitMs`: what the answer asked for. */
  | { kind: 'failure'; overloaded: boolean; waitMs: number | null; random: number };

/** Not later than a day: an endpoint must not silence us for longer. */
const cappedWait = (waitMs: number | null): number => Math.min(waitMs ?? 0, DAY_MS);
/** ± 20 %, so that what failed together is not tried together. */
const jittered = (ms: number, random: number): number => ms * (0.8 + 0.4 * random);
const pick = (list: readonly number[], at: number): number => list[Math.min(at, list.length - 1)] ?? 0;

/**
 * When a delivery is tried next after its try number `tries` failed; null: never. The last try is 75 hours after the
 * first, or later if the endpoint had to wait.
 */
export function nextTry(
  { tries, triedFrom, now }: { tries: number; triedFrom: Date; now: Date },
  { waitMs, random }: Extract<TryResult, { kind: 'failure' }>,
): Date | null {
  const end = triedFrom.getTime() + TRIED_FOR_MS;
  if (now.getTime() >= end) return null;
  const planned = Math.min(now.getTime() + jittered(pick(GAPS_MS, tries - 1), random), end);
  return new Date(Math.round(Math.max(planned, now.getTime() + cappedWait(waitMs))));
}

/** The pace of an endpoint after a try. */
export function paceAfter(pace: Pace, result: TryResult, now: Date): Pace {
  const at = (ms: number) => new Date(Math.round(now.getTime() + ms));
  if (result.kind === 'success')
    return {
      window: Math.min(pace.window + 1, FULL_WINDOW), // so that each turn has twice as many as the one before
      streak: 0,
      failingSince: null,
      lastFailureAt: pace.lastFailureAt,
      lastSuccessAt: now,
      notBefore: pace.window < FULL_WINDOW ? at(BETWEEN_TURNS_MS) : null,
    };
  const wait = jittered(pick(PROBE_MS, pace.streak), result.random);
  const overload = result.overloaded ? jittered(OVERLOADED_MS, result.random) : 0;
  return {
    window: 1,
    streak: pace.streak + 1,
    failingSince: pace.failingSince ?? now,
    lastFailureAt: now,
    lastSuccessAt: pace.lastSuccessAt,
    notBefore: at(Math.max(wait, overload, cappedWait(result.waitMs))),
  };
}

/** After an interruption the next delivery finds out whether the endpoint works. */
export const afterInterruption = ({ lastFailureAt, lastSuccessAt }: Pace): Pace => ({
  window: 1,
  streak: 0,
  failingSince: null,
  lastFailureAt,
  lastSuccessAt,
  notBefore: null,
});

/** Whether a success now ends an outage, not only the failure of one delivery. */
export const endsOutage = ({ failingSince }: Pace, now: Date): boolean =>
  failingSince !== null && now.getTime() - failingSince.getTime() >= OUTAGE_MS;

const HOUR_OF_FAILURES_MS = HOUR_MS;
const DAYS_OF_FAILURES_MS = 4 * DAY_MS;
const OFF_AFTER_MS = 5 * DAY_MS;

/**
 * Whether staff must be told that deliveries are given up: in each outage once. An endpoint that refuses some events and
 * accepts others has no outage, so they are told once.
 */
export const tellsGivenUp = (
  { failingSince, gaveUpToldAt }: Pick<Pace, 'failingSince'> & { gaveUpToldAt: Date | null },
  now: Date,
): boolean =>
  gaveUpToldAt === null ||
  (failingSince !== null &&
    gaveUpToldAt < failingSince &&
    now.getTime() - failingSince.getTime() >= HOUR_OF_FAILURES_MS);

/**
 * What staff must be told, or what must be done, about an endpoint of which every try has failed. It is turned off only
 * a day after the warning, and only if a try has failed since then: our own outage turns nothing off.
 */
export function dueWarning(
  {
    failingSince,
    lastFailureAt,
    hourToldAt,
    daysToldAt,
  }: Pick<Pace, 'failingSince' | 'lastFailureAt'> & { hourToldAt: Date | null; daysToldAt: Date | null },
  now: Date,
): 'hour' | 'days' | 'off' | null {
  if (!failingSince) return null;
  const failedMs = now.getTime() - failingSince.getTime();
  if (daysToldAt) {
    const isWarned = now.getTime() - daysToldAt.getTime() >= OFF_AFTER_MS - DAYS_OF_FAILURES_MS;
    return failedMs >= OFF_AFTER_MS && isWarned && lastFailureAt && lastFailureAt > daysToldAt ? 'off' : null;
  }
  if (failedMs >= DAYS_OF_FAILURES_MS) return 'days';
  return failedMs >= HOUR_OF_FAILURES_MS && !hourToldAt ? 'hour' : null;
}
