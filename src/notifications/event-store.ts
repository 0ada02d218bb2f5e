import type { EventData, EventType } from './event-schemas.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { iso, type Knex } from '../platform/database/database.js';
import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import type { World } from '../platform/world.js';

export { eventTypes, type EventType } from './event-schemas.js';

/** `tenantId`: null if the event concerns the portal as a whole. */
export type NewEvent = {
  [Type in EventType]: { type: Type; tenantId: string | null; data: EventData<Type> };
}[EventType];

/** An event that has its number, which it gets soon after the commit of the change. */
export type SequencedEvent = {
  seq: number;
  id: string;
  type: EventType;
  tenantId: string | null;
  at: Date;
  /** The exact JSON text of the event, the same bytes in the feed and in every webhook. */
  body: string;
};

/** Runs in the transaction that gives these events their numbers: once for each event. */
export type OnSequenced = (trx: Knex, events: readonly SequencedEvent[]) => Promise<void>;

/** Records an event, in the transaction of the change that it describes. No other transaction waits for that. */
export type RecordEvent = (trx: Knex, event: NewEvent) => Promise<string>;

type Row = {
  /** The order of insertion, which is not the order of commits. */
  nr: number;
  id: string;
  at: string;
  type: EventType;
  tenant_id: string | null;
  data: string;
  /** null until the worker numbers it. */
  seq: number | null;
  body: string | null;
};

export type Unnumbered = Pick<Row, 'nr' | 'id' | 'type' | 'at' | 'data'> & { tenantId: string | null };

const FOR_ALL = 'the worker numbers the events of any tenant';

/** All SQL on `events`. Append-only, apart from the number and the body that each gets once. */
export const eventStore = (db: Knex, world: Pick<World, 'now' | 'newId'>) => ({
  async append(event: NewEvent): Promise<string> {
    const id = world.newId();
    const data = JSON.stringify(event.data);
    await db<Row>('events').insert({ id, at: iso(world.now()), type: event.type, tenant_id: event.tenantId, data });
    return id;
  },
  hasUnnumbered: async (): Promise<boolean> =>
    (await acrossTenants(db<Row>('events'), FOR_ALL).whereNull('seq').first('nr')) !== undefined,
  /** In the order of insertion. */
  async unnumbered(limit: number): Promise<Unnumbered[]> {
    const all = acrossTenants(db<Row>('events'), FOR_ALL).whereNull('seq');
    const rows = await all.orderBy('nr').limit(limit).select('nr', 'id', 'type', 'at', 'tenant_id', 'data');
    return rows.map(({ tenant_id: tenantId, ...row }) => ({ ...row, tenantId }));
  },
  /** The texts of events in order, from after `after` to `last`; those of these tenants alone, unless null. */
  async page(
    { after, last, limit }: { after: number; last: number; limit: number },
    tenantIds: readonly string[] | null,
  ): Promise<{ seq: number; body: string }[]> {
    const all = acrossTenants(db<Row>('events'), 'the events of the tenants that a key may see');
    if (tenantIds !== null) void all.whereIn('tenant_id', tenantIds);
    const rows = await all
      .where('seq', '>', after)
      .andWhere('seq', '<=', last)
      .orderBy('seq')
      .limit(limit)
      .select('seq', 'body');
    return rows.map(({ seq, body }) => ({ seq: seq ?? 0, body: body ?? '' }));
  },
  /** The number of the oldest event that is kept. */
  async oldest(): Promise<number | null> {
    const [row] = await acrossTenants(db<Row>('events'), 'a number').min<{ oldest: number | null }[]>({
      oldest: 'seq',
    });
    return row?.oldest ?? null;
  },
  /**
   * Deletes the events from the oldest on up to the first one that is not older than that, in their order: a reader may
   * come in between, and takes what is kept for whole.
   */
  async deleteBefore(before: Date): Promise<void> {
    const all = () => acrossTenants(db<Row>('events'), 'retention').whereNotNull('seq').orderBy('seq');
    const kept = await all().where('at', '>=', iso(before)).first('seq');
    // An event that gets its number now is not old.
    const old = () => (kept ? all().where('seq', '<', kept.seq) : all().where('at', '<', iso(before)));
    await deleteInBatches(old, 'nr');
  },
  async number(nr: number, { seq, body }: Pick<SequencedEvent, 'seq' | 'body'>): Promise<void> {
    await acrossTenants(db<Row>('events'), FOR_ALL).where({ nr }).whereNull('seq').update({ seq, body });
  },
});
