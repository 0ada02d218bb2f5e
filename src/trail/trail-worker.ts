import { iso, type Knex, type Transaction } from '../platform/database/database.js';
import { sequencer } from '../platform/database/sequencer.js';
import { daysBefore } from '../platform/retention.js';
import type { NoteSigner } from '../platform/signed-notes/signed-note.js';
import type { World } from '../platform/world.js';
import { writeCheckpoint } from './checkpoint.js';
import { addressHash, hashOf } from './leaf.js';
import { trailStore, type Unsealed } from './trail-store.js';
import { growingTree } from './tree.js';

const SALT_BYTES = 16;
/** After that, one checkpoint an hour is kept. */
const ALL_KEPT_DAYS = 30;

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'randomBytes'>;
  signers: readonly NoteSigner[];
  origin: string;
};

/**
 * Numbers the committed rows of the audit and adds them to the tree. It also does this with the rows of before, so that
 * an upgrade needs no step of its own: each batch is a transaction, and the next one goes on after it.
 */
export const sealer = ({ db, transaction, world }: Pick<Deps, 'db' | 'transaction' | 'world'>) =>
  sequencer<Unsealed>(transaction, {
    name: 'audit',
    isDue: () => trailStore(db).hasUnsealed(),
    unnumbered: (trx, limit) => trailStore(trx).unsealed(limit),
    give: async (trx, rows) => {
      const store = trailStore(trx);
      const tree = growingTree(await store.edge());
      const lastOf = new Map<string, number>();
      for (const { seq: number, ...row } of rows) {
        const leafIndex = number - 1;
        if (leafIndex !== tree.size()) throw new Error('the numbers of the audit and its tree do not fit');
        const { tenant_id: tenantId, ip } = row;
        let tenantSeq: number | null = null;
        if (tenantId !== null) {
          tenantSeq = (lastOf.get(tenantId) ?? (await store.lastOfTenant(tenantId))) + 1;
          lastOf.set(tenantId, tenantSeq);
        }
        const salt = ip === null ? null : world.randomBytes(SALT_BYTES).toString('base64');
        const hash = ip === null || salt === null ? null : addressHash(salt, ip);
        const numbers = { leaf_index: leafIndex, tenant_seq: tenantSeq, ip_hash: hash };
        const leaf = hashOf({ ...row, ...numbers });
        tree.append(leaf);
        await store.seal(row.nr, { ...numbers, ip_salt: salt, leaf_hash: leaf.toString('base64') });
      }
      await store.setEdge(tree.edge(), world.now());
    },
  });

/** What the worker does once a minute: seals what is new, and says so in a checkpoint. */
export function trailWorker({ db, transaction, world, signers, origin }: Deps) {
  const seal = sealer({ db, transaction, world });
  return async (): Promise<void> => {
    await seal();
    await transaction(async (trx) => {
      const store = trailStore(trx);
      const edge = await store.edge();
      const newest = await store.newestCheckpoint();
      if (edge.size <= (newest?.size ?? 0)) return;
      const root = growingTree(edge).root().toString('base64');
      const note = writeCheckpoint({ origin, size: edge.size, root }, signers);
      await store.addCheckpoint({ size: edge.size, at: iso(world.now()), note });
      await store.thinCheckpoints(daysBefore(world.now(), ALL_KEPT_DAYS));
    });
  };
}
