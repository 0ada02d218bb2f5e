import { fromIso, iso, type Knex } from '../platform/database/database.js';

/** All scopes that the portal requests, or fewer. */
export type TokenKind = 'full' | 'narrower';

type Row = {
  tenant_id: string;
  kind: TokenKind;
  number: number;
  held_by: string | null;
  held_until: string | null;
  told: string | null;
};

/** Why there is no token, and when to ask again. Stored, so that waiters in other processes get the same answer. */
export type Later = { kind: 'later'; until: Date; because: string };

/** The failure of a flight. It concerns only who asks for the same scopes with the same credential. */
export type Told = { later: Later; toldUntil: Date; credentialId: string; scopes: string };

export type TokenFlight = {
  /** Incremented by each flight, to tell one from the next. */
  number: number;
  isUnderWay: boolean;
  /** The answer of the last flight if it produced no token; told until then without asking RingCentral again. */
  told: Told | null;
};

/** All SQL on `token_flights`, which lets one process at a time ask RingCentral for a token of a tenant. */
export const tokenFlightStore = (db: Knex) => ({
  forTenant: (tenantId: string, kind: TokenKind) => {
    const mine = () => db<Row>('token_flights').where({ tenant_id: tenantId, kind });
    return {
      /** @returns whether the flight was started; if its process dies, it ends at `until` */
      async take(holder: string, now: Date, until: Date): Promise<boolean> {
        await db<Row>('token_flights').insert({ tenant_id: tenantId, kind }).onConflict(['tenant_id', 'kind']).ignore();
        const changed = await mine()
          .andWhere((free) => free.whereNull('held_by').orWhere('held_until', '<=', iso(now)))
          .update({
            number: db.raw('number + 1') as unknown as number,
            held_by: holder,
            held_until: iso(until),
            told: null,
          });
        return changed === 1;
      },

      async renew(holder: string, until: Date): Promise<void> {
        await mine()
          .where({ held_by: holder })
          .update({ held_until: iso(until) });
      },

      async finish(holder: string, told: Told | null): Promise<void> {
        await mine()
          .where({ held_by: holder })
          .update({ held_by: null, held_until: null, told: told && JSON.stringify(told) });
      },

      async find(now: Date): Promise<TokenFlight> {
        const row = await mine().first();
        return {
          number: row?.number ?? 0,
          isUnderWay: row?.held_by != null && row.held_until !== null && fromIso(row.held_until) > now,
          told: row?.told ? toldOf(row.told) : null,
        };
      },
    };
  },
});

function toldOf(text: string): Told {
  type Stored = Omit<Told, 'later' | 'toldUntil'> & { later: { until: string; because: string }; toldUntil: string };
  const { later, toldUntil, ...whom } = JSON.parse(text) as Stored;
  return { ...whom, later: { kind: 'later', ...later, until: fromIso(later.until) }, toldUntil: fromIso(toldUntil) };
}
