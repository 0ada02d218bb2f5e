import type { Knex } from '../../platform/database/database.js';
import { budgetTime, type BudgetClock, type Moment } from './auth-budget-clock.js';
import { authBudgetStore, type StoredBudget } from './auth-budget-store.js';
import { shapeLimit, WINDOW_MS, type BudgetState, type BudgetWaiter } from './auth-budget-policy.js';
import type { RateFacts } from './auth-budget-types.js';

export type BudgetLimits = {
  /** RINGCENTRAL_AUTH_PER_MINUTE */
  perMinute: number;
  /** default 62,000; smaller in tests only */
  windowMs?: number | undefined;
};

const LEARNED_FOR_MS = 3_600_000;
const LEARNED_AGAIN_MS = 600_000;
/** A waiter says every second that it is alive; after this long without, its process is taken for dead. */
const STALE_MS = 4000;
const LONGEST_WINDOW_SECONDS = 3600;
/** Between RingCentral's clock for the end of a penalty and ours. */
const PENALTY_GUARD_MS = 1000;

/** Of one budget, in one process. */
export type BudgetReader = ReturnType<typeof budgetReader>;
export type Budget = Awaited<ReturnType<BudgetReader['read']>>;

/** To a second, what others have seen of the time: more would only cost. */
const TIME_KEPT_MS = 1000;

export function budgetReader(key: string, limits: BudgetLimits, clock: BudgetClock) {
  /** What this process saw last: by that it knows a clock that was set. */
  let seen: Moment | null = null;

  /** Read once the lock is had: whoever decides later has the later time. */
  async function timeOf(db: Knex, stored: StoredBudget) {
    const from = clock.steady();
    const shared = await clock.shared(db);
    const reading = { shared, from, to: clock.steady() };
    const { at, offsetMs } = budgetTime(reading, stored.time, seen);
    return { moment: { at, from, to: reading.to }, offsetMs };
  }

  async function load(db: Knex, stored: StoredBudget, moment: Moment) {
    const store = authBudgetStore(db, key);
    const { at } = moment;
    const { perWindow, windowMs } = effectiveLimits(stored, limits, at);
    const shape = shapeLimit(perWindow, windowMs);
    const { calls, waiters } = await store.load(at, at - shape.windowMs, at - STALE_MS);
    const state: BudgetState = { ...shape, penaltyUntil: stored.penaltyUntil, calls };
    return { store, stored, state, windowMs, moment, at, waiters: waiters as readonly BudgetWaiter[] };
  }

  return {
    /** The budget as a decision needs it, in a transaction: nobody else decides meanwhile. */
    async read(trx: Knex) {
      const store = authBudgetStore(trx, key);
      const stored = await store.budget();
      const { moment, offsetMs } = await timeOf(trx, stored);
      if (offsetMs !== stored.time.offsetMs || moment.at >= stored.time.at + TIME_KEPT_MS)
        await store.keepTime({ at: moment.at, offsetMs });
      seen = moment;
      return load(trx, stored, moment);
    },

    /** The budget as it is just now, to tell somebody about it. */
    async glance(db: Knex) {
      const stored = await authBudgetStore(db, key).budget();
      return load(db, stored, (await timeOf(db, stored)).moment);
    },

    /** The budget's time now, reckoned from what it was then. Late rather than early. */
    since: ({ at, from }: Moment): number => at + (clock.steady() - from),
  };
}

/** A lower limit that RingCentral named is believed for an hour after it was last named; a higher one never. */
function effectiveLimits({ learned }: StoredBudget, { perMinute, windowMs = WINDOW_MS }: BudgetLimits, now: number) {
  if (!learned || learned.at + LEARNED_FOR_MS < now) return { perWindow: perMinute, windowMs };
  const learnedWindowMs = learned.windowSeconds === null ? 0 : (learned.windowSeconds + 2) * 1000;
  return { perWindow: Math.min(perMinute, learned.limit ?? perMinute), windowMs: Math.max(windowMs, learnedWindowMs) };
}

/** Whether an answer says more than that it came: only then does writing it down need a transaction. */
export const saysMore = (facts: RateFacts, limits: BudgetLimits, isLearned: boolean): boolean =>
  facts.penaltyMs !== null ||
  facts.remaining === 0 ||
  isLearned ||
  (facts.limit !== null && facts.limit < limits.perMinute) ||
  (facts.windowSeconds ?? 0) * 1000 > (limits.windowMs ?? WINDOW_MS);

/**
 * Believes what RingCentral says about our budget. `Remaining: 0` while we count fewer calls than its limit means that
 * somebody else uses the app: a whole window is waited for, since their calls are not in our books.
 *
 * @returns what is worth telling an operator, if anything
 */
export async function takeFacts(
  { store, stored, state, windowMs, at }: Budget,
  facts: RateFacts,
  limits: BudgetLimits,
): Promise<'penalty' | 'lower_limit' | 'foreign_use' | undefined> {
  const learns = await takeLimit(store, stored, facts, limits, at);
  if (facts.penaltyMs !== null) {
    await store.penalize(at + facts.penaltyMs + PENALTY_GUARD_MS);
    return 'penalty';
  }
  const countsAll = state.windowMs === windowMs; // not so for limits kept over a part of the window
  const ours = state.calls.length;
  if (countsAll && facts.remaining === 0 && facts.limit !== null && ours < Math.min(facts.limit, limits.perMinute)) {
    await store.penalize(at + windowMs);
    return 'foreign_use';
  }
  return learns;
}

async function takeLimit(
  store: ReturnType<typeof authBudgetStore>,
  { learned }: StoredBudget,
  facts: RateFacts,
  limits: BudgetLimits,
  now: number,
): Promise<'lower_limit' | undefined> {
  if (facts.limit === null) return undefined; // nothing said: what was learned stays
  const isLower = facts.limit >= 1 && facts.limit < limits.perMinute;
  const isLonger = (facts.windowSeconds ?? 0) * 1000 > (limits.windowMs ?? WINDOW_MS);
  if (!isLower && !isLonger) {
    if (learned) await store.learn(null);
    return undefined;
  }
  const limit = isLower ? facts.limit : null;
  const windowSeconds = isLonger ? Math.min(facts.windowSeconds ?? 0, LONGEST_WINDOW_SECONDS) : null;
  const isNews = learned?.limit !== limit || learned.windowSeconds !== windowSeconds;
  if (isNews || learned.at + LEARNED_AGAIN_MS < now) await store.learn({ limit, windowSeconds, at: now });
  return isNews ? 'lower_limit' : undefined;
}
