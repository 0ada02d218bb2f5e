import { databaseTime, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { budgetReader, type BudgetLimits } from './auth-budget-reader.js';
import type { Lane } from './auth-budget-types.js';

type PerLane = Record<Lane, number>;

/** One client ID's budget as it is just now. */
export type BudgetOverview = {
  /** Calls a window, as configured, or fewer where RingCentral has named a lower limit in the last hour. */
  limit: number;
  /** In milliseconds. */
  windowMs: number;
  /** Sent in the last window, or reserved. */
  used: PerLane;
  /** Calls that wait for a slot. */
  waiting: PerLane;
  /** Nothing is sent before; null where nothing is held up. */
  penaltyUntil: Date | null;
};

type Options = BudgetLimits & {
  db: Knex;
  world: Pick<World, 'now'>;
  /** As in AuthBudgetOptions. */
  databaseTime?: ((db: Knex) => Promise<number>) | undefined;
};

/** Reads only, and uses no slot: a page may ask as often as it is opened. */
export const budgetOverview =
  ({ db, world, databaseTime: time = (handle) => databaseTime(handle, world), ...limits }: Options) =>
  async (clientId: string): Promise<BudgetOverview> => {
    const { state, waiters, windowMs, stored, at } = await budgetReader(clientId, limits, {
      world,
      databaseTime: time,
    }).glance(db);
    // A high limit is kept over a part of the window; people are told of the whole.
    const parts = windowMs / state.windowMs;
    const count = (them: readonly { lane: Lane }[]): PerLane => {
      const of = (lane: Lane) => them.filter((one) => one.lane === lane).length;
      return { interactive: of('interactive'), broker: of('broker'), background: of('background') };
    };
    const penaltyMs = stored.penaltyUntil - at;
    return {
      limit: Math.round(state.limit * parts),
      windowMs,
      used: count(state.calls),
      waiting: count(waiters),
      penaltyUntil: penaltyMs > 0 ? new Date(world.now().getTime() + penaltyMs) : null,
    };
  };

export type ReadBudget = ReturnType<typeof budgetOverview>;
