import type { Knex } from '../platform/database/database.js';
import { trailStore, type Sealed } from './trail-store.js';
import { growingTree } from './tree.js';
import type { Given } from './verify.js';

const PAGE = 1000;

/**
 * The trail of a database, to be read once, a page at a time. A worker may seal rows meanwhile: what is read first is
 * never more than what is read later, and rows after the end that was found are left to the next time.
 */
export async function storedTrail(db: Knex): Promise<Pick<Given, 'rows' | 'checkpoints' | 'claimed'>> {
  const store = trailStore(db);
  const counted = await store.highestCount();
  const newest = await store.newestCheckpoint();
  const edge = await store.edge();
  const end = Math.max(counted, newest?.size ?? 0, edge.size);

  async function* rows(): AsyncGenerator<Sealed> {
    for (let from = 0, page: Sealed[] = []; from < end; from = (page.at(-1)?.leaf_index ?? end) + 1) {
      page = await store.sealedFrom(from, PAGE);
      for (const row of page) if (row.leaf_index < end) yield row;
    }
  }
  async function* checkpoints(): AsyncGenerator<string> {
    for (let from = 0, more = true; more;) {
      const page = await store.checkpointsFrom(from, PAGE);
      for (const { size, note } of page) if (size <= end) yield note;
      more = page.length === PAGE;
      from = (page.at(-1)?.size ?? from) + 1;
    }
  }
  return {
    rows: rows(),
    checkpoints: checkpoints(),
    claimed: { size: edge.size, root: growingTree(edge).root().toString('base64') },
  };
}
