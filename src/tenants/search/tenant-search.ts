import type { Knex } from '../../platform/database/database.js';
import { tenantWordStore } from './tenant-word-store.js';

/** A search that finds more rows than this in its index is not narrow enough to be sorted as a whole. */
export const MOST_FOUND = 500;

/** Clinics by the beginning of words of their name, or of the ISV's own id for them. Also those that have left. */
export const tenantSearch = (db: Knex) => {
  const store = tenantWordStore(db);

  /** Those of these tenants that have a word for each term, in any order. */
  async function matching(ids: readonly string[], terms: readonly string[]): Promise<ReadonlySet<string>> {
    let left: ReadonlySet<string> = new Set(ids);
    for (const term of terms) if (left.size > 0) left = await store.among([...left], term);
    return left;
  }

  return {
    matching,
    /**
     * All tenants that have a word for each term (`termsOf`).
     *
     * @returns null if each of the terms alone has very many; `matching` then tells of some tenants which do
     */
    async search(terms: readonly string[]): Promise<ReadonlySet<string> | null> {
      for (const term of terms) {
        const found = await store.tenantsWith(term, MOST_FOUND + 1);
        if (found.length > MOST_FOUND) continue;
        const others = terms.filter((other) => other !== term);
        return matching([...new Set(found)], others);
      }
      return null;
    },
  };
};
