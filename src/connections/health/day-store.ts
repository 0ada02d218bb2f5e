import type { Knex } from '../../platform/database/database.js';
import type { Cause } from './causes.js';
import type { StateAndCause } from './connection-events.js';
import type { ShownState } from './health.js';

type Row = {
  tenant_id: string;
  day: string;
  state: ShownState;
  cause: Cause | null;
  rank: number;
  last_state: ShownState;
  last_cause: Cause | null;
};

/** Ordered from the best to the worst state of a day. */
const ranks: readonly ShownState[] = [
  'not_connected',
  'disconnected',
  'pending',
  'healthy',
  'warning',
  'unverified',
  'failing',
];

/** A UTC day with at least one record; `worst` is the worst state shown on it, `last` the state at its end. */
export type RecordedDay = { day: string; worst: StateAndCause; last: StateAndCause };

/** The UTC day, such as 2026-11-21. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** All SQL on `connection_days`: the daily summary of the checks, one row per day and tenant. */
export const dayStore = (db: Knex) => ({
  forTenant: (tenantId: string) => ({
    /**
     * Runs in the transaction of the change, which holds the tenant's lock.
     *
     * @param before the state shown until now; null if there was none
     */
    async note(day: string, before: StateAndCause | null, after: StateAndCause): Promise<void> {
      const rankOf = ({ state }: StateAndCause) => ranks.indexOf(state);
      const worst = before && rankOf(before) >= rankOf(after) ? before : after;
      const ifWorse = (column: string) =>
        db.raw('case when excluded.rank > connection_days.rank then excluded.?? else connection_days.?? end', [
          column,
          column,
        ]);
      await db('connection_days')
        .insert({
          tenant_id: tenantId,
          day,
          state: worst.state,
          cause: worst.cause,
          rank: rankOf(worst),
          last_state: after.state,
          last_cause: after.cause,
        } satisfies Row)
        .onConflict(['tenant_id', 'day'])
        .merge({
          state: ifWorse('state'),
          cause: ifWorse('cause'),
          rank: ifWorse('rank'),
          last_state: after.state,
          last_cause: after.cause,
        });
    },

    /**
     * The days from `day` on, in order, preceded by the last day before it, which determines the state at the start
     * of `day`.
     */
    async since(day: string): Promise<RecordedDay[]> {
      const mine = () => db<Row>('connection_days').where({ tenant_id: tenantId });
      const before = await mine().andWhere('day', '<', day).orderBy('day', 'desc').first();
      const rows = await mine().andWhere('day', '>=', day).orderBy('day');
      return [...(before ? [before] : []), ...rows].map(fromRow);
    },
  }),
});

const fromRow = (row: Row): RecordedDay => ({
  day: row.day,
  worst: { state: row.state, cause: row.cause },
  last: { state: row.last_state, cause: row.last_cause },
});
