import { isForPerson, type Lane } from './auth-budget-types.js';

/**
 * 2 s longer than RingCentral's window. Calls that leave 62 s apart arrive at least 60 s apart, unless one takes over
 * 1.9 s longer to arrive than another. With exactly 60 s, jitter would put one call in ten over the limit.
 */
export const WINDOW_MS = 62_000;

/** A call that takes longer than this is recorded as if it had been sent later. */
export const TOLERATED_LATENCY_MS = 1900;

/**
 * The budget's time: the database's time, kept from running backwards. If the latest stored time is more than one
 * window ahead of the database's, its clock was set back; then the budget follows the database.
 *
 * @param latestMs the latest time that any process has stored
 */
export const budgetTime = (databaseMs: number, latestMs: number, windowMs: number): number =>
  latestMs > databaseMs + windowMs ? databaseMs : Math.max(databaseMs, latestMs);

/** A call that counts against the budget. Times are milliseconds since 1970. */
export type BudgetCall = {
  lane: Lane;
  tenantId: string | null;
  sentAt: number;
  /** the latest time of the answer; 0 once answered */
  until: number;
};

export type BudgetWaiter = {
  id: string;
  lane: Lane;
  tenantId: string | null;
  /** when the caller first asked */
  since: number;
};

export type BudgetState = {
  /** calls per window, at least 1 */
  limit: number;
  windowMs: number;
  /** calls that may be unanswered at once; default a tenth of `limit` */
  mostInFlight?: number;
  /** nothing is sent before this time */
  penaltyUntil: number;
  /** calls of the last window, in any order */
  calls: readonly BudgetCall[];
};

const lanes: readonly Lane[] = ['code', 'interactive', 'broker', 'background'];
const MOST_IN_A_WINDOW = 200;

/**
 * A limit too high to count call by call is kept over a part of the window: at most `limit` in every `windowMs` still
 * means at most `perWindow` in every whole window.
 */
export function shapeLimit(
  perWindow: number,
  windowMs: number,
): Pick<BudgetState, 'limit' | 'windowMs' | 'mostInFlight'> {
  const parts = Math.ceil(Math.max(1, perWindow) / MOST_IN_A_WINDOW);
  const limit = Math.max(1, Math.floor(perWindow / parts));
  return { limit, windowMs: windowMs / parts, mostInFlight: tenthOf(perWindow) };
}

/** Calls per window for broker and background together: one slot is kept for a person, unless there is only one. */
const shareOf = (limit: number) => Math.max(1, limit - 1);

/** A call that arrives during a penalty restarts it, so few calls may be in flight in case a 429 is on its way. */
const tenthOf = (limit: number) => Math.ceil(limit / 10);

/**
 * The first moment at which a call of a lane could be granted if no call were ahead of it.
 *
 * Proof that no window holds more than `limit` calls: of any `limit` + 1 calls in a window, take the last one granted.
 * At that time each of the others was either not sent yet or sent less than a window before, so all `limit` were
 * counted, and the last one would not have been granted.
 */
export function earliestGrant(state: BudgetState, lane: Lane, now: number): number {
  const { limit, windowMs, penaltyUntil, calls } = state;
  const landings = calls.map((call) => call.until);
  const whenLanded = whenBelow(state.mostInFlight ?? tenthOf(limit), landings, now);
  const endsOf = (counted: readonly BudgetCall[]) => counted.map((call) => call.sentAt + windowMs);
  const grantAt = Math.max(penaltyUntil, whenBelow(limit, endsOf(calls), now), whenLanded);
  if (isForPerson(lane)) return grantAt;
  const shared = calls.filter((call) => !isForPerson(call.lane));
  const newest = Math.max(...shared.map((call) => call.sentAt));
  // Evenly spaced, so that a burst never fills the window before a person's call.
  const paced = newest + windowMs / shareOf(limit);
  return Math.max(grantAt, paced, whenBelow(shareOf(limit), endsOf(shared), now));
}

/** When fewer than `most` of the `ends` are still to come: now at the earliest. */
function whenBelow(most: number, ends: number[], now: number): number {
  const coming = ends.filter((end) => end > now).sort((a, b) => a - b);
  return coming[coming.length - most] ?? now;
}

/** Whether the lane only waits for the answer to a call in flight, which may come at any moment. */
export function waitsForAnswer(state: BudgetState, lane: Lane, now: number): boolean {
  const calls = state.calls.map((call) => ({ ...call, until: 0 }));
  return earliestGrant({ ...state, calls }, lane, now) <= now;
}

/**
 * The order of the waiters: codes, then people, then jobs, then checks. Within a lane each tenant's first call comes before any
 * tenant's second; then the tenant that was served longest ago comes first, then the call that asked first.
 */
export function inOrder<W extends BudgetWaiter>(waiters: readonly W[], calls: readonly BudgetCall[]): W[] {
  const bySince = [...waiters].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
  const place = new Map<W, number>();
  const seen = new Map<string, number>();
  for (const waiter of bySince) {
    const key = `${waiter.lane}|${waiter.tenantId ?? ''}`;
    place.set(waiter, seen.get(key) ?? 0);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const servedAt = new Map<string, number>();
  for (const { lane, tenantId, sentAt } of calls) {
    const key = `${lane}|${tenantId ?? ''}`;
    servedAt.set(key, Math.max(servedAt.get(key) ?? 0, sentAt));
  }
  const served = (waiter: W) => servedAt.get(`${waiter.lane}|${waiter.tenantId ?? ''}`) ?? 0;
  const rank = (waiter: W) => lanes.indexOf(waiter.lane);
  const compare = (a: W, b: W) =>
    rank(a) - rank(b) || (place.get(a) ?? 0) - (place.get(b) ?? 0) || served(a) - served(b);
  return bySince.sort(compare); // a stable sort keeps the oldest first
}

/**
 * How long after its moment a caller that was told to come back is expected. Later the place of this caller is no
 * longer counted.
 */
export const EXPECTED_FOR_MS = 8_000;

/** The mean time between two grants of a lane that is not the people's. */
export const perGrantMs = ({ windowMs, limit }: Pick<BudgetState, 'windowMs' | 'limit'>): number =>
  windowMs / shareOf(limit);

/** Whether a slot that is free now is for a caller that comes back at `nextAt`. */
export const isExpected = (state: BudgetState, nextAt: number, now: number): boolean =>
  nextAt <= now + perGrantMs(state) / 4;

const FORECAST_STEPS = 100;

/**
 * When the call of waiter `id` is expected to be sent if no other call asks. Behind more than a hundred waiters, the
 * time is estimated from their number.
 */
export function forecastGrant(state: BudgetState, waiters: readonly BudgetWaiter[], id: string, now: number): number {
  // The answer to a call in flight usually comes within a second, not at its deadline.
  let calls = state.calls.map((call) => ({ ...call, until: Math.min(call.until, now + 1000) }));
  let at = now;
  const waitingList = inOrder(waiters, calls);
  const place = waitingList.findIndex((waiter) => waiter.id === id);
  for (const { lane, tenantId } of waitingList.slice(0, Math.min(place + 1, FORECAST_STEPS))) {
    at = earliestGrant({ ...state, calls }, lane, at);
    calls = [{ lane, tenantId, sentAt: at, until: 0 }, ...calls.filter((call) => call.sentAt + state.windowMs > at)];
  }
  const isPersons = isForPerson(waitingList[place]?.lane ?? 'background');
  const perGrant = state.windowMs / (isPersons ? state.limit : shareOf(state.limit));
  return at + Math.max(0, place + 1 - FORECAST_STEPS) * perGrant;
}
