import type { EventType, SequencedEvent } from '../../notifications/event-store.js';
import { acrossTenants } from '../../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, type Knex } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import type { Attempt, DeliveryRow, DeliveryState, TryFailure } from '../webhook-types.js';

type Row = {
  id: string;
  endpoint_id: string;
  event_id: string;
  seq: number | string | null;
  type: EventType;
  tenant_id: string | null;
  body: string;
  is_test: boolean | number;
  state: DeliveryState;
  made_at: string;
  tried_from: string | null;
  tries: number;
  due_at: string;
  finished_at: string | null;
};
type AttemptRow = {
  id: string;
  delivery_id: string;
  at: string;
  ms: number;
  status: number | null;
  failure: TryFailure | null;
  excerpt: string;
};

const ALL = 'webhooks belong to the ISV, not to a clinic';
const newestFirst = (column: string) => [
  { column, order: 'desc' as const },
  { column: 'id', order: 'desc' as const },
];

export type NewDelivery = Pick<DeliveryRow, 'id' | 'endpointId' | 'eventId' | 'seq' | 'type' | 'body' | 'isTest'> & {
  tenantId: string | null;
  at: Date;
};
export const deliveryOf = (event: SequencedEvent, endpointId: string, id: string, at: Date): NewDelivery => {
  const { id: eventId, seq, type, body, tenantId } = event;
  return { id, endpointId, eventId, seq, type, body, tenantId, isTest: false, at };
};

/** All SQL on `webhook_deliveries` and `webhook_attempts`. */
export const deliveryStore = (db: Knex) => {
  const table = () => acrossTenants(db<Row>('webhook_deliveries'), ALL);
  const of = (endpointId: string) => table().where({ endpoint_id: endpointId });
  const open = (endpointId: string) => of(endpointId).where({ state: 'open' });
  async function oldestOf(endpointId: string): Promise<string | null> {
    const mine = open(endpointId).andWhere({ is_test: false });
    const [row] = await mine.min<{ oldest: string | null }[]>({ oldest: 'made_at' });
    return row?.oldest ?? null;
  }
  const attempts = () => db<AttemptRow>('webhook_attempts');
  return {
    /** An event that an endpoint has a row of gets no second one. */
    async add(given: readonly NewDelivery[]): Promise<void> {
      if (given.length === 0) return;
      const rows = given.map(({ id, endpointId, eventId, seq, type, body, isTest, tenantId, at }): Row => ({
        id,
        endpoint_id: endpointId,
        event_id: eventId,
        seq,
        type,
        tenant_id: tenantId,
        body,
        is_test: isTest,
        state: 'open',
        made_at: iso(at),
        tried_from: null,
        tries: 0,
        due_at: iso(at),
        finished_at: null,
      }));
      await table().insert(rows).onConflict(['endpoint_id', 'event_id']).ignore();
    },

    async find(endpointId: string, id: string): Promise<DeliveryRow | undefined> {
      const row = await of(endpointId).where({ id }).first();
      return row && fromRow(row);
    },

    /** Tests first, then what is due longest. */
    async nextDue(endpointId: string, now: Date, which: 'any' | 'tests'): Promise<DeliveryRow | undefined> {
      const due = open(endpointId).andWhere('due_at', '<=', iso(now));
      if (which === 'tests') void due.andWhere({ is_test: true });
      const row = await due
        .orderBy([{ column: 'is_test', order: 'desc' }, { column: 'due_at' }, { column: 'seq' }, { column: 'id' }])
        .first();
      return row && fromRow(row);
    },

    /** Writes the result of a try. Changes nothing that staff have ended meanwhile. */
    async setTried(
      id: string,
      { tries, triedFrom, dueAt, finished }: { tries: number; triedFrom: Date; dueAt: Date; finished: Finished | null },
    ): Promise<void> {
      await table()
        .where({ id, state: 'open' })
        .update({
          tries,
          tried_from: iso(triedFrom),
          due_at: iso(dueAt),
          ...(finished && { state: finished.state, finished_at: iso(finished.at) }),
        });
    },

    /** @returns how many were open */
    endOpen: (endpointId: string, at: Date): Promise<number> =>
      open(endpointId).update({ state: 'ended', finished_at: iso(at) }),

    /** What waits for its next try is tried now. */
    async bringForward(endpointId: string, at: Date): Promise<void> {
      await open(endpointId)
        .andWhere('tries', '>', 0)
        .andWhere({ is_test: false })
        .update({ due_at: iso(at) });
    },

    /** The tries of what waits begin again. */
    async beginAgain(endpointId: string, at: Date): Promise<void> {
      await open(endpointId).update({ tried_from: null, tries: 0, due_at: iso(at) });
    },

    /** Begins again with the tries of deliveries that have ended: with the same ids and bodies. */
    async reopen(
      endpointId: string,
      which: { ids: readonly string[] } | { eventIds: readonly string[] },
      at: Date,
    ): Promise<number> {
      const chosen =
        'ids' in which ? of(endpointId).whereIn('id', which.ids) : of(endpointId).whereIn('event_id', which.eventIds);
      if ('eventIds' in which) void chosen.whereIn('state', ['gave_up', 'ended']);
      return chosen
        .whereNot({ state: 'open' })
        .update({ state: 'open', finished_at: null, tried_from: null, tries: 0, due_at: iso(at) });
    },

    /** The lowest number of what was not delivered; null if everything was. */
    async firstUndelivered(endpointId: string): Promise<number | null> {
      const [row] = await of(endpointId)
        .whereIn('state', ['open', 'gave_up', 'ended'])
        .andWhere({ is_test: false })
        .min<{ seq: number | string | null }[]>({ seq: 'seq' });
      return row?.seq === null || row === undefined ? null : Number(row.seq);
    },

    /** Newest first, a keyset page. */
    async page(endpointId: string, limit: number, before?: { madeAt: Date; id: string }): Promise<DeliveryRow[]> {
      const page = of(endpointId).orderBy(newestFirst('made_at')).limit(limit);
      if (before)
        void page.andWhere((older) =>
          older
            .where('made_at', '<', iso(before.madeAt))
            .orWhere((same) => same.where('made_at', '=', iso(before.madeAt)).andWhere('id', '<', before.id)),
        );
      return (await page).map(fromRow);
    },

    /** How many events after a number, of these types, were delivered or are still to be. */
    async sentCount(endpointId: string, after: number, types: readonly EventType[]): Promise<number> {
      const sent = of(endpointId).whereIn('state', ['open', 'delivered']).andWhere('seq', '>', after);
      const [row] = await sent.whereIn('type', types).count<{ count: number | string }[]>({ count: 'id' });
      return Number(row?.count ?? 0);
    },

    async openCount(endpointId: string): Promise<number> {
      const [row] = await open(endpointId).count<{ count: number | string }[]>({ count: 'id' });
      return Number(row?.count ?? 0);
    },

    /** How many are open of the events of one clinic; each counts once for each endpoint. */
    async openOf(tenantId: string): Promise<number> {
      const mine = db<Row>('webhook_deliveries').where({ tenant_id: tenantId, state: 'open' });
      const [row] = await mine.count<{ count: number | string }[]>({ count: 'id' });
      return Number(row?.count ?? 0);
    },

    /** When the oldest delivery that is open was made, of endpoints in use: the first row of an index for each. */
    async oldestOpen(): Promise<Date | null> {
      const active = db('webhook_endpoints').where({ state: 'active' }).whereNull('removed_at');
      const of = await Promise.all((await active.pluck('id')).map((id: string) => oldestOf(id)));
      const [first] = of.flatMap((one) => one ?? []).sort();
      return first === undefined ? null : fromIso(first);
    },

    async addAttempt(deliveryId: string, { at, ...attempt }: Attempt): Promise<void> {
      await attempts().insert({ delivery_id: deliveryId, at: iso(at), ...attempt });
    },

    /** Newest first. */
    async attemptsOf(deliveryId: string, limit: number): Promise<Attempt[]> {
      const rows = await attempts().where({ delivery_id: deliveryId }).orderBy(newestFirst('at')).limit(limit);
      return rows.map(({ delivery_id: _delivery, at, ...row }) => ({ ...row, at: fromIso(at) }));
    },

    /** With their attempts. */
    deleteFinished: (before: Date): Promise<void> =>
      deleteInBatches(() => table().where('finished_at', '<', iso(before)), 'id'),
  };
};

type Finished = { state: DeliveryState; at: Date };

const fromRow = (row: Row): DeliveryRow => ({
  id: row.id,
  endpointId: row.endpoint_id,
  eventId: row.event_id,
  seq: row.seq === null ? null : Number(row.seq),
  type: row.type,
  body: row.body,
  isTest: Boolean(row.is_test),
  state: row.state,
  madeAt: fromIso(row.made_at),
  triedFrom: fromIsoOrNull(row.tried_from),
  tries: row.tries,
  dueAt: fromIso(row.due_at),
  finishedAt: fromIsoOrNull(row.finished_at),
});
