import { acrossTenants } from './database/across-tenants.js';
import { fromIso, iso, skippingLeased, unleased, type Knex } from './database/database.js';
import { deleteInBatches } from './database/delete-in-batches.js';
import type { Opener, Sealer } from './sealing/sealing.js';
import type { World } from './world.js';

type Row = {
  id: string;
  kind: string;
  tenant_id: string | null;
  sealed: string;
  created_at: string;
  due_at: string;
  attempts: number;
  claimed_by: string | null;
  lease_until: string | null;
  finished_at: string | null;
  outcome: string | null;
  last_error: string | null;
  /** The id of what the message is about. */
  about: string | null;
};

export type OutboxItem = { id: string; kind: string; attempts: number; payload: unknown };

/** The result of a delivery attempt. `again`: retry later. `error` is an error class, never a message. */
export type Delivery = { kind: 'delivered' } | { kind: 'again'; error: string } | { kind: 'gave_up'; error: string };

/** Delivers one item of the outbox. `close` releases the connections that wait for the next one. */
export type Deliver = ((item: OutboxItem) => Promise<Delivery>) & { close?: () => void };

const LEASE_MS = 60_000;
/** More than a day in total, because a mail server may be down that long. */
const RETRY_MS = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 21_600_000, 21_600_000,
];

/** The attempt after which a message is given up. */
export const LAST_ATTEMPT = RETRY_MS.length + 1;

const contextOf = (id: string, tenantId: string | null, kind: string) => ({
  table: 'outbox',
  tenantId: tenantId ?? '',
  rowId: id,
  purpose: kind,
});

/**
 * Outgoing messages, written in the transaction of the change they report and delivered afterwards, at least once.
 * Payloads are sealed for the worker, because the link of an invitation grants access by itself.
 */
export const outboxWriter =
  (sealer: Sealer, world: Pick<World, 'now' | 'newId'>) =>
  async (
    db: Knex,
    message: { kind: string; tenantId: string | null; payload: unknown; about?: string; notBefore?: Date | undefined },
  ): Promise<void> => {
    const { kind, tenantId, payload, about = null, notBefore } = message;
    const id = world.newId();
    const { jwe: sealed } = await sealer.seal(JSON.stringify(payload), contextOf(id, tenantId, kind));
    // A message for later counts from then: until then it is not late.
    const at = iso(notBefore ?? world.now());
    await db<Row>('outbox').insert({ id, kind, tenant_id: tenantId, sealed, created_at: at, due_at: at, about });
  };

export type EnqueueMessage = ReturnType<typeof outboxWriter>;

/** What became of a message. `error` is the class of the last error; null before the first attempt. */
export type MessageState =
  | { kind: 'waiting'; error: string | null; nextAt: Date }
  | { kind: 'delivered'; at: Date }
  | { kind: 'gave_up'; at: Date; error: string };

/** What became of the newest message about each of these. Finished messages are kept for a time. */
export async function messagesAbout(
  db: Knex,
  tenantId: string | null,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MessageState>> {
  const rows = await db<Row>('outbox')
    .where({ tenant_id: tenantId })
    .whereIn('about', ids)
    .orderBy(['created_at', 'id']);
  const sent = rows.filter(({ last_error: error }) => error !== NOT_WANTED);
  return new Map(sent.map((row) => [row.about ?? '', stateOf(row)]));
}

/** The error class of a message that was outdated before it could be sent. */
export const NOT_WANTED = 'not_wanted';

function stateOf({ outcome, finished_at: at, last_error: error, due_at: nextAt }: Row): MessageState {
  if (at === null) return { kind: 'waiting', error, nextAt: fromIso(nextAt) };
  return outcome === 'delivered'
    ? { kind: 'delivered', at: fromIso(at) }
    : { kind: 'gave_up', at: fromIso(at), error: error ?? '' };
}

const STALLED_MS = 15 * 60_000;
export type Stall = { since: Date; error: string | null };

/**
 * The oldest message that waits, if it has waited for 15 minutes and none was delivered in that time.
 *
 * @param silent kinds whose delivery sends nothing by itself
 */
export async function stalledOutbox(db: Knex, now: Date, silent: readonly string[]): Promise<Stall | null> {
  const before = iso(new Date(now.getTime() - STALLED_MS));
  const all = () => acrossTenants(db<Row>('outbox'), 'whether email goes out at all').whereNotIn('kind', silent);
  const oldest = await all()
    .whereNull('finished_at')
    .andWhere('created_at', '<=', before)
    .orderBy('created_at')
    .first('created_at', 'last_error');
  if (!oldest) return null;
  const gone = await all().where('finished_at', '>', before).andWhere({ outcome: 'delivered' }).first('id');
  return gone ? null : { since: fromIso(oldest.created_at), error: oldest.last_error };
}

/** When the oldest message was written that is neither delivered nor given up; null without one. */
export async function oldestUndelivered(db: Knex): Promise<Date | null> {
  const all = acrossTenants(db<Row>('outbox'), 'a time');
  const oldest = await all.whereNull('finished_at').orderBy('created_at').first('created_at');
  return oldest ? fromIso(oldest.created_at) : null;
}

/** The clinic has left: what waits to be sent about it is not sent any more, and its content is gone. */
export const endMessagesOf = (trx: Knex, tenantId: string, at: Date): Promise<number> =>
  trx<Row>('outbox')
    .where({ tenant_id: tenantId })
    .whereNull('finished_at')
    .update({
      finished_at: iso(at),
      outcome: 'gave_up',
      last_error: NOT_WANTED,
      sealed: '',
      lease_until: null,
      claimed_by: null,
    });

/** The worker's part: `deliverDue` claims due messages one by one and returns how many it claimed. */
export const outboxReader = (db: Knex, opener: Opener, world: World, workerId: string) => {
  async function lease(): Promise<Row | undefined> {
    const now = world.now();
    const due = db<Row>('outbox')
      .whereNull('finished_at')
      .andWhere('due_at', '<=', iso(now))
      .andWhere(unleased(now))
      .orderBy(['due_at', 'id'])
      .limit(1)
      .select('id');
    // A single statement, so that parallel claims take different rows. `attempts` is the version of the claim.
    const [row] = await acrossTenants(db<Row>('outbox'), 'the worker delivers the messages of any tenant')
      .where('id', '=', skippingLeased(db, due))
      .update({
        attempts: db.raw('attempts + 1') as unknown as number,
        claimed_by: workerId,
        lease_until: iso(new Date(now.getTime() + LEASE_MS)),
      })
      .returning<Row[]>('*');
    return row;
  }

  async function settle(row: Row, delivery: Delivery): Promise<void> {
    const now = world.now();
    const retryIn = RETRY_MS[row.attempts - 1];
    const again = delivery.kind === 'again' && retryIn !== undefined;
    await acrossTenants(db<Row>('outbox'), 'by the id of a claimed message')
      .where({ id: row.id, attempts: row.attempts })
      .update({
        lease_until: null,
        claimed_by: null,
        last_error: delivery.kind === 'delivered' ? null : delivery.error,
        ...(again
          ? { due_at: iso(new Date(now.getTime() + retryIn)) }
          : // The payload is no longer needed, and it may contain a link that still works.
            { finished_at: iso(now), outcome: delivery.kind === 'delivered' ? 'delivered' : 'gave_up', sealed: '' }),
      });
  }

  return {
    async deliverDue(deliver: Deliver): Promise<number> {
      let count = 0;
      for (let row = await lease(); row; row = await lease()) {
        await settle(row, await attempt(row, deliver));
        count += 1;
      }
      return count;
    },
  };

  /** Never throws: a message that cannot be opened or delivered must not block the messages after it. */
  async function attempt(row: Row, deliver: Deliver): Promise<Delivery> {
    let payload: unknown;
    try {
      payload = JSON.parse(await opener.open(row.sealed, contextOf(row.id, row.tenant_id, row.kind)));
    } catch {
      return { kind: 'again', error: 'cannot_open' }; // the key may be restored
    }
    try {
      return await deliver({ id: row.id, kind: row.kind, attempts: row.attempts, payload });
    } catch {
      return { kind: 'again', error: 'delivery_failed' };
    }
  }
};

/**
 * Deletes messages that were delivered or given up before then. Their payloads were deleted at that time; these rows
 * hold only the outcome.
 */
export const deleteFinishedMessages = (db: Knex, before: Date): Promise<void> =>
  deleteInBatches(() => acrossTenants(db<Row>('outbox'), 'retention').where('finished_at', '<', iso(before)), 'id');
