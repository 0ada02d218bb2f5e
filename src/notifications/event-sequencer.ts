import { fromIso, type Knex, type Transaction } from '../platform/database/database.js';
import { sequencer } from '../platform/database/sequencer.js';
import type { World } from '../platform/world.js';
import { bodyOf } from './event-body.js';
import { eventStore, type OnSequenced, type SequencedEvent, type Unnumbered } from './event-store.js';

export const EVENTS = 'events';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  /** The ISV's own ids of these tenants. */
  refsOf: (trx: Knex, tenantIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  onSequenced: readonly OnSequenced[];
};

/** The worker's part: gives committed events their numbers and bodies, and hands them on in the same transaction. */
export const eventSequencer = ({ db, transaction, world, refsOf, onSequenced }: Deps) =>
  sequencer<Unnumbered>(transaction, {
    name: EVENTS,
    isDue: () => eventStore(db, world).hasUnnumbered(),
    unnumbered: (trx, limit) => eventStore(trx, world).unnumbered(limit),
    give: async (trx, rows) => {
      const tenantIds = new Set(rows.flatMap(({ tenantId }) => tenantId ?? []));
      const refs = await refsOf(trx, [...tenantIds]);
      const events: SequencedEvent[] = [];
      for (const row of rows) {
        const { nr, seq, id, type, tenantId, at } = row;
        const body = bodyOf(row, tenantId === null ? null : (refs.get(tenantId) ?? null));
        await eventStore(trx, world).number(nr, { seq, body });
        events.push({ seq, id, type, tenantId, at: fromIso(at), body });
      }
      for (const hand of onSequenced) await hand(trx, events);
    },
  });
