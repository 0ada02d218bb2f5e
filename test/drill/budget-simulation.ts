import {
  earliestGrant,
  inOrder,
  TOLERATED_LATENCY_MS,
  WINDOW_MS,
  type BudgetCall,
  type BudgetWaiter,
} from '../../src/ringcentral/auth-budget/auth-budget-policy.js';
import type { Lane } from '../../src/ringcentral/auth-budget/auth-budget-types.js';
import { seededRandom, StrictLimiter } from '../support/strict-limiter.js';

/** Defects that a drill plants to prove that the simulation detects them. */
export type BudgetDefect =
  | 'window_60' // counts over exactly RingCentral's window
  | 'ignores_penalty'
  | 'calls_in_parallel' // does not wait for the answer that may be a 429
  | 'trusts_slow_calls' // a call that took 8 s counts from when it left
  | 'forgets_the_killed'; // a slot of a process that died between grant and answer is free at once

export type ScheduleOptions = { seed: number; calls: number; limit: number; defect?: BudgetDefect | undefined };
export type ScheduleResult = { sent: number; overBudget: number; inPenalty: number };

const STALE_MS = 4000;
const DEADLINE_MS = 11_000;
const WORST_RETRY_AFTER_MS = 90_000;
const lanes: readonly Lane[] = ['code', 'interactive', 'broker', 'background'];

type Waiter = BudgetWaiter & { diesAt: number };
type Happening = { at: number; happen: () => void };

/**
 * Simulates one random history: callers in all lanes ask, and die while they wait, between grant and sending, or
 * after sending. Calls take up to 1.9 s to arrive, some up to 9 s. RingCentral sometimes answers with an unprovoked
 * 429. The decisions come from the real policy; the limiter follows the strictest reading of RingCentral's rules.
 */
export function simulateSchedule({ seed, calls: total, limit, defect }: ScheduleOptions): ScheduleResult {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  const limiter = new StrictLimiter(limit);
  const windowMs = defect === 'window_60' ? 60_000 : WINDOW_MS;
  let happenings: Happening[] = [];
  let waiters: Waiter[] = [];
  let calls: (BudgetCall & { isKilled?: boolean })[] = [];
  let penaltyUntil = 0;
  let now = 0;
  let sent = 0;

  const at = (when: number, happen: () => void) => happenings.push({ at: when, happen });

  let nextLook = Infinity;
  function lookAgain(when: number): void {
    if (when >= nextLook) return; // an earlier look is planned and plans the next one
    nextLook = when;
    at(when, () => {
      if (nextLook === when) consider();
    });
  }

  function consider(): void {
    nextLook = Infinity;
    const live = waiters.filter((waiter) => now < waiter.diesAt + STALE_MS);
    calls = calls.filter((call) => call.sentAt + windowMs > now || call.until > now);
    const first = inOrder(live, calls)[0];
    if (!first) return;
    if (now >= first.diesAt) {
      lookAgain(first.diesAt + STALE_MS);
      return;
    } // the caller no longer waits
    const grantAt = earliestGrant({ limit, windowMs, penaltyUntil, calls }, first.lane, now);
    if (grantAt > now) {
      lookAgain(grantAt + between(0, 50));
      return;
    }
    waiters = waiters.filter((waiter) => waiter !== first);
    send(first);
    consider();
  }

  function send({ lane, tenantId }: Waiter): void {
    const call = { lane, tenantId, sentAt: now, until: now + DEADLINE_MS };
    calls = [call, ...calls];
    const isKilled = random() < 0.03;
    if (isKilled && defect === 'forgets_the_killed') calls = calls.filter((one) => one !== call);
    const isNeverSent = isKilled && random() < 0.5;
    if (isNeverSent) return;
    sent += 1;
    // A killed process does not update its stamp, so its call arrives within the tolerance of the window.
    const isSlow = !isKilled && random() < 0.05;
    const arrival = now + (isSlow ? between(1900, 9000) : between(0, TOLERATED_LATENCY_MS));
    at(arrival, () => {
      let retryAfter = limiter.arrive(arrival);
      if (retryAfter === 0 && !isKilled && random() < 0.04) {
        retryAfter = Math.ceil(between(1, WORST_RETRY_AFTER_MS / 1000)) * 1000;
        limiter.penalize(arrival, retryAfter);
      }
      if (isKilled) return;
      const answered = arrival + between(0, Math.min(1500, call.sentAt + 9500 - arrival));
      at(answered, () => answer(call, retryAfter));
    });
    if (defect === 'calls_in_parallel') call.until = 0;
  }

  function answer(call: BudgetCall, retryAfter: number): void {
    const isLate = now - call.sentAt > TOLERATED_LATENCY_MS;
    if (isLate && defect !== 'trusts_slow_calls') call.sentAt = now - TOLERATED_LATENCY_MS;
    call.until = 0;
    if (retryAfter > 0 && defect !== 'ignores_penalty') penaltyUntil = Math.max(penaltyUntil, now + retryAfter + 1000);
    consider();
  }

  let asked = 0;
  for (let id = 0; id < total; id += 1) {
    asked += random() < 0.5 ? between(0, 500) : between(0, 15_000);
    const since = asked;
    const lane = lanes[Math.floor(random() * lanes.length)] ?? 'background';
    const diesAt = random() < 0.05 ? since + between(0, 60_000) : Infinity;
    const waiter = { id: `w${id}`, lane, tenantId: `t${Math.floor(random() * 6)}`, since, diesAt };
    at(since, () => {
      waiters.push(waiter);
      consider();
    });
  }
  while (happenings.length > 0) {
    const next = happenings.reduce((soonest, one) => (one.at < soonest.at ? one : soonest));
    happenings = happenings.filter((one) => one !== next);
    now = Math.max(now, next.at);
    next.happen();
  }
  return { sent, overBudget: limiter.overBudget, inPenalty: limiter.inPenalty };
}

export type WaitOptions = {
  seed: number;
  limit: number;
  /** background calls to make; one always wants to go */
  sweep: number;
  /** submissions by people per minute; 0 for none */
  submissionsPerMinute: number;
  arrivals: 'even' | 'uneven' | 'poisson';
  /** true: background calls go as early as possible, to show that a burst makes people wait */
  unpaced?: boolean;
  /** codes of sign-ins per minute, by chance; default 0 */
  codesPerMinute?: number;
  /** true: a code goes after the submissions, to show that codes expire then */
  codesLast?: boolean;
};

export type WaitResult = {
  waitsMs: number[];
  sweepMs: number;
  persons: number;
  /** How long each code waited; one that expired is not in it. */
  codeWaitsMs: number[];
  expiredCodes: number;
};

/** Repeated here on purpose: how long a code is worth sending. */
const CODE_LIVES_MS = 55_000;
const HOUR_MS = 3_600_000;

/** A saturated background lane and occasional people. Time only jumps, so a day takes milliseconds. */
export function simulateWaits(options: WaitOptions): WaitResult {
  const { limit, sweep, submissionsPerMinute: rate, arrivals, unpaced = false } = options;
  const { codesPerMinute = 0, codesLast = false } = options;
  const random = seededRandom(options.seed);
  const gaps = { even: () => 1, uneven: () => 0.5 + random(), poisson: () => -Math.log(1 - random()) };
  const nextGap = () => (rate === 0 ? Infinity : (gaps[arrivals]() * 60_000) / rate);
  const job: BudgetWaiter = { id: 'sweep', lane: 'background', tenantId: null, since: 0 };
  const waitsMs: number[] = [];
  let calls: BudgetCall[] = [];
  let people: BudgetWaiter[] = [];
  let nextPerson = nextGap();
  const codesRandom = seededRandom(options.seed + 1);
  const nextCodeGap = () =>
    codesPerMinute === 0 ? Infinity : (-Math.log(1 - codesRandom()) * 60_000) / codesPerMinute;
  const codePlace = (since: number) =>
    codesLast ? { lane: 'interactive' as const, since: since + HOUR_MS } : { lane: 'code' as const, since };
  const askedAt = (code: BudgetWaiter) => code.since - (codesLast ? HOUR_MS : 0);
  const codeWaitsMs: number[] = [];
  let nextCode = nextCodeGap();
  let [codes, expiredCodes] = [0, 0];
  let now = 0;
  let persons = 0;
  for (let done = 0; done < sweep;) {
    while (nextPerson <= now) {
      people.push({ id: `p${persons}`, lane: 'interactive', tenantId: `t${persons}`, since: nextPerson });
      persons += 1;
      nextPerson += nextGap();
    }
    while (nextCode <= now) {
      people.push({ id: `c${codes}`, tenantId: `s${codes}`, ...codePlace(nextCode) });
      codes += 1;
      nextCode += nextCodeGap();
    }
    const isExpired = (one: BudgetWaiter) => one.id.startsWith('c') && now - askedAt(one) > CODE_LIVES_MS;
    expiredCodes += people.filter(isExpired).length;
    people = people.filter((person) => !isExpired(person));
    calls = calls.filter((call) => call.sentAt + WINDOW_MS > now);
    const first = inOrder([...people, job], calls)[0] ?? job;
    const asLane = unpaced ? 'interactive' : first.lane;
    const grantAt = earliestGrant({ limit, windowMs: WINDOW_MS, penaltyUntil: 0, calls }, asLane, now);
    if (grantAt > now) {
      now = Math.min(grantAt, nextPerson, nextCode);
      continue;
    }
    calls = [{ lane: first.lane, tenantId: first.tenantId, sentAt: now, until: 0 }, ...calls];
    if (first === job) done += 1;
    else {
      if (first.id.startsWith('c')) codeWaitsMs.push(now - askedAt(first));
      else waitsMs.push(now - first.since);
      people = people.filter((person) => person !== first);
    }
  }
  return { waitsMs, sweepMs: now, persons, codeWaitsMs, expiredCodes };
}

/** @param share for example 0.95 */
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
