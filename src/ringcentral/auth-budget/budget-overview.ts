import { databaseTime, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { budgetReader, type BudgetLimits } from './auth-budget-reader.js';
import type { Lane } from './auth-budget-types.js';

/** What is for a person, the codes of sign-ins too, is counted as `interactive`. */
type PerLane = Record<Exclude<Lane, 'code'>, number>;

/** The current budget of one client ID. */
export type BudgetOverview = {
  /** Calls per window: as configured, or fewer if RingCentral named a lower limit in the last hour. */
  limit: number;
  /** In milliseconds. */
  windowMs: number;
  /** Sent in the last window, or reserved. */
  used: PerLane;
  /** Calls that wait for a slot. */
  waiting: PerLane;
  /** Nothing is sent before this time; null if there is no penalty. */
  penaltyUntil: Date | null;
};

type Options = BudgetLimits & {
  db: Knex;
  world: Pick<World, 'now'>;
  /** As in AuthBudgetOptions. */
  databaseTime?: ((db: Knex) => Promise<number>) | undefined;
};

/** Only reads, and uses no slot, so a page may call it each time it is opened. */
export const budgetOverview =
  ({ db, world, databaseTime: time = (handle) => databaseTime(handle, world), ...limits }: Options) =>
  async (clientId: string): Promise<BudgetOverview> => {
    const reader = budgetReader(clientId, limits, { world, databaseTime: time });
    const { state, waiters, windowMs, stored, at } = await reader.glance(db);
    const count = (them: readonly { lane: Lane }[]): PerLane => {
      const of = (...lanes: Lane[]) => them.filter((one) => lanes.includes(one.lane)).length;
      return { interactive: of('code', 'interactive'), broker: of('broker'), background: of('background') };
    };
    const penaltyMs = stored.penaltyUntil - at;
    return {
      // A high limit is enforced over a part of the window; pages show the whole window.
      limit: Math.round((state.limit * windowMs) / state.windowMs),
      windowMs,
      used: count(state.calls),
      waiting: count(waiters),
      penaltyUntil: penaltyMs > 0 ? new Date(world.now().getTime() + penaltyMs) : null,
    };
  };

/** Calls that may still be sent in this window; none during a penalty. */
export function remainingCalls({ limit, used, penaltyUntil }: BudgetOverview): number {
  return penaltyUntil ? 0 : Math.max(0, limit - used.interactive - used.broker - used.background);
}

export type ReadBudget = ReturnType<typeof budgetOverview>;
