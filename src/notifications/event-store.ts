import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../platform/database/database.js';
import { lockFor } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { EventType, NewEvent, RecordedEvent } from './event-types.js';

type Row = { seq: number | string; id: string; at: string; type: EventType; tenant_id: string | null; data: string };

/** All SQL on `events`. Append-only; written in the transaction of the change they describe. */
export const eventStore = (db: Knex, world: Pick<World, 'now' | 'newId'>) => ({
  /**
   * Must be the last step of a transaction: no other transaction can record an event from here until its end.
   * Otherwise a reader that continues after the newest number it saw would miss an event with a lower number that was
   * committed later.
   */
  async append(event: NewEvent): Promise<string> {
    const id = world.newId();
    await lockFor(db, 'events', '');
    await db<Row>('events').insert({
      id,
      at: iso(world.now()),
      type: event.type,
      tenant_id: event.tenantId,
      data: JSON.stringify(event.data),
    });
    return id;
  },

  /** Events of all tenants, in order; a keyset page. */
  async after(seq: number, limit: number): Promise<RecordedEvent[]> {
    const all = acrossTenants(db<Row>('events'), 'the list of events, for programs of the ISV');
    return (await all.where('seq', '>', seq).orderBy('seq').limit(limit)).map(fromRow);
  },

  forTenant: (tenantId: string) => ({
    /** Newest first. */
    async newest(limit: number): Promise<RecordedEvent[]> {
      const mine = db<Row>('events').where({ tenant_id: tenantId });
      return (await mine.orderBy('seq', 'desc').limit(limit)).map(fromRow);
    },
  }),
});

export type RecordEvent = (trx: Knex, event: NewEvent) => Promise<string>;

const fromRow = (row: Row): RecordedEvent => ({
  seq: Number(row.seq),
  id: row.id,
  at: fromIso(row.at),
  type: row.type,
  tenantId: row.tenant_id,
  data: JSON.parse(row.data) as RecordedEvent['data'],
});
