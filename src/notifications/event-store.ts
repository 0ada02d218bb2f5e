import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../platform/database/database.js';
import { lockFor } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { EventType, NewEvent, RecordedEvent } from './event-types.js';

type Row = { seq: number | string; id: string; at: string; type: EventType; tenant_id: string | null; data: string };

/** All SQL on `events`: append-only, written in the transaction of the change they tell of. */
export const eventStore = (db: Knex, world: Pick<World, 'now' | 'newId'>) => ({
  /**
   * The last that a transaction does: from here to its end no other one records an event. A reader who goes on after the
   * newest number it saw would never see one that was drawn earlier and committed later.
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

  /** Of all tenants, in order; a keyset page. */
  async after(seq: number, limit: number): Promise<RecordedEvent[]> {
    const all = acrossTenants(db<Row>('events'), 'the list of events, for programs of the ISV');
    return (await all.where('seq', '>', seq).orderBy('seq').limit(limit)).map(fromRow);
  },

  forTenant: (tenantId: string) => ({
    /** The newest first. */
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
