import { iso, type Knex } from '../platform/database/database.js';
import { lockFor } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { NewEvent } from './event-types.js';

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
    await db('events').insert({
      id,
      at: iso(world.now()),
      type: event.type,
      tenant_id: event.tenantId,
      data: JSON.stringify(event.data),
    });
    return id;
  },
});

export type RecordEvent = (trx: Knex, event: NewEvent) => Promise<string>;
