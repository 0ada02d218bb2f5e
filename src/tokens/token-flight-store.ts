import { fromIso, fromIsoOrNull, iso, type Knex } from '../platform/database/database.js';

type Row = {
  tenant_id: string;
  number: number;
  held_by: string | null;
  held_until: string | null;
  outcome: string | null;
  told_until: string | null;
  reported_at: string | null;
};

/** Why there is no token, and when to ask again. Stored, so that waiters in other processes get the same answer. */
export type Later = { kind: 'later'; until: Date; because: string };

export type TokenFlight = {
  /** Incremented by each flight, to tell one from the next. */
  number: number;
  isUnderWay: boolean;
  /** The answer of the last flight if it produced no token. */
  later: Later | null;
  /** Until this time `later` is returned without asking RingCentral again. */
  toldUntil: Date | null;
};

/** All SQL on `token_turns`, which lets one process at a time ask RingCentral for a token of a tenant. */
export const tokenFlightStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('token_turns').where({ tenant_id: tenantId });
    const known = () => db<Row>('token_turns').insert({ tenant_id: tenantId }).onConflict('tenant_id').ignore();
    return {
      /** @returns whether the flight was started; if its process dies, it ends at `until` */
      async take(holder: string, now: Date, until: Date): Promise<boolean> {
        await known();
        const changed = await mine()
          .andWhere((free) => free.whereNull('held_by').orWhere('held_until', '<=', iso(now)))
          .update({
            number: db.raw('number + 1') as unknown as number,
            held_by: holder,
            held_until: iso(until),
            outcome: null,
            told_until: null,
          });
        return changed === 1;
      },

      async finish(holder: string, later: Later | null, toldUntil: Date | null): Promise<void> {
        await mine()
          .where({ held_by: holder })
          .update({
            held_by: null,
            held_until: null,
            outcome: later && JSON.stringify({ until: iso(later.until), because: later.because }),
            told_until: toldUntil && iso(toldUntil),
          });
      },

      async find(now: Date): Promise<TokenFlight> {
        const row = await mine().first();
        const told = row?.outcome ? (JSON.parse(row.outcome) as { until: string; because: string }) : null;
        return {
          number: row?.number ?? 0,
          isUnderWay: row?.held_by != null && row.held_until !== null && fromIso(row.held_until) > now,
          later: told && { kind: 'later', until: fromIso(told.until), because: told.because },
          toldUntil: fromIsoOrNull(row?.told_until ?? null),
        };
      },

      /** @returns whether nothing has been reported since `before` */
      async report(now: Date, before: Date): Promise<boolean> {
        await known();
        const changed = await mine()
          .andWhere((free) => free.whereNull('reported_at').orWhere('reported_at', '<=', iso(before)))
          .update({ reported_at: iso(now) });
        return changed === 1;
      },
    };
  },
});
