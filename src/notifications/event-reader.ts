import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, type Knex } from '../platform/database/database.js';
import type { EventType, SequencedEvent } from './event-store.js';

type Row = {
  seq: number | string;
  id: string;
  type: EventType;
  tenant_id: string | null;
  at: string;
  body: string | null;
};

const FOR_ALL = 'webhooks get the events of any tenant';

/** What other capabilities may read of the events that have their numbers. */
export const eventReader = (db: Knex) => ({
  /** With higher numbers than `after`, in order. */
  async after(after: number, limit: number): Promise<SequencedEvent[]> {
    const rows = await acrossTenants(db<Row>('events'), FOR_ALL).where('seq', '>', after).orderBy('seq').limit(limit);
    return rows.map(({ seq, id, type, tenant_id: tenantId, at, body }) => ({
      seq: Number(seq),
      id,
      type,
      tenantId,
      at: fromIso(at),
      body: body ?? '',
    }));
  },
  /** How many of these types have a higher number than `after`. */
  async countAfter(after: number, types: readonly EventType[]): Promise<number> {
    const later = acrossTenants(db<Row>('events'), FOR_ALL).where('seq', '>', after).whereIn('type', types);
    const [row] = await later.count<{ count: number | string }[]>({ count: 'nr' });
    return Number(row?.count ?? 0);
  },
  /** The number of the newest event; 0 without one. */
  async newestSeq(): Promise<number> {
    const [row] = await acrossTenants(db<Row>('events'), FOR_ALL).max<{ newest: number | string | null }[]>({
      newest: 'seq',
    });
    return Number(row?.newest ?? 0);
  },
});
