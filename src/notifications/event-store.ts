import { iso, type Knex } from '../platform/database/database.js';
import { lockFor } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';

/** The events that other programs receive by webhook and in the list of events. The names are stable. */
export type EventType =
  | 'connection.connected'
  | 'connection.warning'
  | 'connection.failing'
  | 'connection.recovered'
  | 'connection.unverified'
  | 'connection.replaced'
  | 'connection.disconnected'
  | 'credential.pending'
  | 'invitation.accepted'
  | 'incident.opened'
  | 'incident.closed';

export type NewEvent = {
  type: EventType;
  /** null if the event concerns the portal as a whole */
  tenantId: string | null;
  /** Only ids, times, codes and fix owners: no secrets, names or typed values. */
  data: Record<string, string | null>;
};

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
    const data = JSON.stringify(event.data);
    await db('events').insert({ id, at: iso(world.now()), type: event.type, tenant_id: event.tenantId, data });
    return id;
  },
});

export type RecordEvent = (trx: Knex, event: NewEvent) => Promise<string>;
