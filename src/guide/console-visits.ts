import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../platform/database/database.js';
import type { Holding } from '../platform/database/held-rows.js';

type Row = { tenant_id: string; first_at: string };

export const guideHoldings: readonly Holding[] = [
  {
    table: 'console_visits',
    of: { tenant: 'tenant_id' },
    key: 'tenant_id',
    exported: 'tenant_id first_at',
    erasure: 'rows',
  },
];

/** All SQL on `console_visits`: when someone of a clinic first opened the step in RingCentral's console. */
export const consoleVisits = (db: Knex) => ({
  /** Only the first visit is kept. */
  async note(tenantId: string, at: Date): Promise<void> {
    const row: Row = { tenant_id: tenantId, first_at: iso(at) };
    await db<Row>('console_visits').insert(row).onConflict('tenant_id').ignore();
  },
  /** Of those of these tenants that have been there. */
  firstOf: async (tenantIds: readonly string[]): Promise<Map<string, Date>> => {
    const all = acrossTenants(db<Row>('console_visits'), 'how far clinics get, for the overview of staff');
    const rows = await all.whereIn('tenant_id', tenantIds).select('tenant_id', 'first_at');
    return new Map(rows.map((row) => [row.tenant_id, fromIso(row.first_at)]));
  },
});
