import type { Lane } from './auth-budget-types.js';

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
  /** null for a reserved slot, which may be used at any moment until `until` */
  sentAt: number | null;
  /** the latest time of the answer, or the end of the reservation; 0 once answered */
  until: number;
};

export type BudgetWaiter = {
  id: string;
  lane: Lane;
  tenantId: string | null;
  /** when the caller first asked */
  since: number;
  slots: number;
};

export type BudgetState = {
  /** calls per window, at least 1 */
  limit: number;
  windowMs: number;
  /** calls that may be unanswered at once; default a tenth of `limit` */
  mostInFlight?: number;
  /** nothing is sent before this time */
  penaltyUntil: number;
  /** calls of the last window, the newest first; reserved ones anywhere in the list */
  calls: readonly BudgetCall[];
};

const lanes: readonly Lane[] = ['interactive', 'broker', 'background'];
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
 * The first moment at which `slots` calls of a lane could be granted if no call were ahead of them.
 *
 * Proof that no window holds more than `limit` calls: of any `limit` + 1 calls in a window, take the last one granted.
 * At that time each of the others was either not sent yet or sent less than a window before, so all `limit` were
 * counted, and the last one would not have been granted.
 *
 * @returns Infinity if so many slots are never free together
 */
export function earliestGrant(state: BudgetState, lane: Lane, slots: number, now: number): number {
  const { limit, windowMs, penaltyUntil, calls } = state;
  let grantAt = Math.max(now, penaltyUntil, whenFree(calls, limit, slots, windowMs, now));
  grantAt = Math.max(grantAt, whenLanded(calls, state.mostInFlight ?? tenthOf(limit), now));
  if (lane === 'interactive') return grantAt;
  const shared = calls.filter((call) => call.lane !== 'interactive');
  const newest = shared.reduce((latest, call) => Math.max(latest, call.sentAt ?? now), -Infinity);
  // Evenly spaced, so that a burst never fills the window before a person's call.
  const paced = newest + windowMs / shareOf(limit);
  return Math.max(grantAt, paced, whenFree(shared, shareOf(limit), slots, windowMs, now));
}

/** When `slots` more fit under `limit`. A reserved slot may be used until its end and counts for a window from then. */
function whenFree(calls: readonly BudgetCall[], limit: number, slots: number, windowMs: number, now: number): number {
  if (slots > limit) return Infinity;
  const ends = calls
    .map((call) => (call.sentAt ?? call.until) + windowMs)
    .filter((end) => end > now)
    .sort((a, b) => a - b);
  const tooMany = ends.length + slots - limit;
  return tooMany > 0 ? (ends[tooMany - 1] ?? now) : now;
}

function whenLanded(calls: readonly BudgetCall[], most: number, now: number): number {
  const landings = calls.flatMap((call) => (call.sentAt !== null && call.until > now ? [call.until] : []));
  const tooMany = landings.sort((a, b) => a - b).length + 1 - most;
  return tooMany > 0 ? (landings[tooMany - 1] ?? now) : now;
}

/** Whether the lane only waits for the answer to a call in flight, which may come at any moment. */
export function waitsForAnswer(state: BudgetState, lane: Lane, slots: number, now: number): boolean {
  const landed = state.calls.map((call) => (call.sentAt === null ? call : { ...call, until: 0 }));
  return earliestGrant({ ...state, calls: landed }, lane, slots, now) <= now;
}

/**
 * The order of the waiters: people, then jobs, then checks. Within a lane each tenant's first call comes before any
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
    servedAt.set(key, Math.max(servedAt.get(key) ?? 0, sentAt ?? Infinity));
  }
  const served = (waiter: W) => servedAt.get(`${waiter.lane}|${waiter.tenantId ?? ''}`) ?? 0;
  const rank = (waiter: W) => lanes.indexOf(waiter.lane);
  const compare = (a: W, b: W) =>
    rank(a) - rank(b) || (place.get(a) ?? 0) - (place.get(b) ?? 0) || Math.sign(served(a) - served(b) || 0);
  return bySince.sort(compare); // a stable sort keeps the oldest first
}

const FORECAST_STEPS = 100;
const NEVER_MS = 3_600_000;

/**
 * When the call of waiter `id` is expected to be sent if no other call asks. An hour from now if it can never be sent;
 * behind more than a hundred waiters, the time is estimated from their number.
 */
export function forecastGrant(state: BudgetState, waiters: readonly BudgetWaiter[], id: string, now: number): number {
  // The answer to a call in flight usually comes within a second, not at its deadline.
  const dueSoon = (call: BudgetCall) =>
    call.sentAt === null ? call : { ...call, until: Math.min(call.until, now + 1000) };
  let calls = state.calls.map(dueSoon);
  let at = now;
  const waitingList = inOrder(waiters, calls);
  const place = waitingList.findIndex((waiter) => waiter.id === id);
  for (const next of waitingList.slice(0, Math.min(place + 1, FORECAST_STEPS))) {
    const grantAt = earliestGrant({ ...state, calls }, next.lane, next.slots, at);
    if (!Number.isFinite(grantAt)) return now + NEVER_MS;
    at = grantAt;
    const sent: BudgetCall = { lane: next.lane, tenantId: next.tenantId, sentAt: at, until: 0 };
    calls = [...Array.from({ length: next.slots }, () => sent), ...calls];
    calls = calls.filter((call) => (call.sentAt ?? call.until) + state.windowMs > at);
  }
  const perGrant = state.windowMs / (waitingList[place]?.lane === 'interactive' ? state.limit : shareOf(state.limit));
  return at + Math.max(0, place + 1 - FORECAST_STEPS) * perGrant;
}
