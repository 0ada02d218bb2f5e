import { transactionOn, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { authBudgetStore, type Learned, type StoredBudget } from './auth-budget-store.js';
import { budgetTime, shapeLimit, WINDOW_MS, type BudgetState, type BudgetWaiter } from './auth-budget-policy.js';
import type { RateFacts } from './auth-budget-types.js';

export type BudgetLimits = {
  /** RINGCENTRAL_AUTH_PER_MINUTE */
  perMinute: number;
  /** default 62,000; smaller in tests only */
  windowMs?: number | undefined;
};

const LEARNED_FOR_MS = 3_600_000;
const LEARNED_AGAIN_MS = 600_000;
/** A waiter records every second that it is alive; after this long without a record its process is presumed dead. */
const STALE_MS = 4000;
const LONGEST_WINDOW_SECONDS = 3600;
/** A margin for the difference between RingCentral's clock and ours at the end of a penalty. */
const PENALTY_GUARD_MS = 1000;

/** The database's time in milliseconds since 1970, and what this process's clock showed just before it was read. */
export type Moment = { at: number; machineMs: number };

/** The reader of one budget in one process. */
export type BudgetReader = ReturnType<typeof budgetReader>;
export type Budget = Awaited<ReturnType<BudgetReader['read']>>;

type Clocks = { world: Pick<World, 'now'>; databaseTime: (db: Knex) => Promise<number> };

export function budgetReader(key: string, limits: BudgetLimits, { world, databaseTime }: Clocks) {
  const machineMs = () => world.now().getTime();

  /** In a transaction, called while the lock is held, so that a later decision has a later time. */
  async function momentOf(db: Knex, { latest }: StoredBudget): Promise<Moment> {
    const machine = machineMs();
    const told = Math.floor(await databaseTime(db));
    return { at: budgetTime(told, latest, limits.windowMs ?? WINDOW_MS), machineMs: machine };
  }

  async function load(db: Knex, stored: StoredBudget, moment: Moment) {
    const store = authBudgetStore(db, key);
    const { at } = moment;
    const { perWindow, windowMs } = effectiveLimits(stored, limits, at);
    const shape = shapeLimit(perWindow, windowMs);
    const { calls, waiters } = await store.load(at - shape.windowMs, at - STALE_MS);
    const state: BudgetState = { ...shape, penaltyUntil: stored.penaltyUntil, calls };
    return { store, stored, state, windowMs, moment, at, waiters: waiters as readonly BudgetWaiter[] };
  }

  /** The budget for a decision, in a transaction that prevents other processes from deciding at the same time. */
  async function read(trx: Knex) {
    const store = authBudgetStore(trx, key);
    let stored = await store.budget();
    const moment = await momentOf(trx, stored);
    if (moment.at < stored.latest) {
      await store.countAsNow(moment.at);
      stored = await store.budget();
    } else if (moment.at > stored.latest) await store.keepTime(moment.at);
    return load(trx, stored, moment);
  }

  return {
    read,

    /** The budget as it is now, for display. Writes only if the database's clock was set back. */
    async glance(db: Knex) {
      const stored = await authBudgetStore(db, key).budget();
      const moment = await momentOf(db, stored);
      return moment.at < stored.latest ? transactionOn(db)(read) : load(db, stored, moment);
    },

    /** The budget's time now, computed from the time that passed on this process's clock; never too early. */
    since: (moment: Moment): number => moment.at + Math.max(0, machineMs() - moment.machineMs),
  };
}

/** A lower limit that RingCentral names applies for an hour after it was last named; a higher one never applies. */
function effectiveLimits({ learned }: StoredBudget, { perMinute, windowMs = WINDOW_MS }: BudgetLimits, now: number) {
  if (!learned || learned.at + LEARNED_FOR_MS < now) return { perWindow: perMinute, windowMs };
  const learnedWindowMs = learned.windowSeconds === null ? 0 : (learned.windowSeconds + 2) * 1000;
  return { perWindow: Math.min(perMinute, learned.limit ?? perMinute), windowMs: Math.max(windowMs, learnedWindowMs) };
}

/** Whether an answer says anything about the limits: only then does recording it need a transaction. */
export const saysMore = (facts: RateFacts, limits: BudgetLimits, isLearned: boolean): boolean =>
  facts.penaltyMs !== null || facts.remaining === 0 || isLearned || stricterLimit(facts, limits) !== null;

/** The lower limit or the longer window that an answer names. */
function stricterLimit(facts: RateFacts, limits: BudgetLimits): Omit<Learned, 'at'> | null {
  if (facts.limit === null) return null;
  const isLower = facts.limit >= 1 && facts.limit < limits.perMinute;
  const isLonger = (facts.windowSeconds ?? 0) * 1000 > (limits.windowMs ?? WINDOW_MS);
  if (!isLower && !isLonger) return null;
  const windowSeconds = isLonger ? Math.min(facts.windowSeconds ?? 0, LONGEST_WINDOW_SECONDS) : null;
  return { limit: isLower ? facts.limit : null, windowSeconds };
}

/**
 * Applies what RingCentral says about our budget. `Remaining: 0` while we count fewer calls than its limit means that
 * another program uses the app; then the budget waits for a whole window, because it cannot count those calls.
 *
 * @returns what an operator should know, if anything
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
  const countsAll = state.windowMs === windowMs; // false for limits that apply to a part of the window
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
  if (facts.limit === null) return undefined; // RingCentral named no limit: keep the last one
  const told = stricterLimit(facts, limits);
  if (!told && learned) await store.learn(null);
  if (!told) return undefined;
  const isNews = learned?.limit !== told.limit || learned.windowSeconds !== told.windowSeconds;
  if (isNews || learned.at + LEARNED_AGAIN_MS < now) await store.learn({ ...told, at: now });
  return isNews ? 'lower_limit' : undefined;
}
