import { acrossTenants } from '../../platform/database/across-tenants.js';
import type { Knex } from '../../platform/database/database.js';

type Row = { tenant_id: string; word: string };

const WORDS_AT_ONCE = 200;
/** Above every text that begins like another: no word contains it. */
const LAST = '\u{10ffff}';

/** All SQL on `tenant_words`. */
export const tenantWordStore = (db: Knex) => {
  // Both databases compare text byte by byte, and read such a range from the index.
  const startingWith = (term: string) =>
    acrossTenants(db<Row>('tenant_words'), "the staff's search")
      .where('word', '>=', term)
      .andWhere('word', '<', term + LAST);
  return {
    /** In the transaction that writes the name. */
    async replace(tenantId: string, words: readonly string[]): Promise<void> {
      await db<Row>('tenant_words').where({ tenant_id: tenantId }).delete();
      for (let at = 0; at < words.length; at += WORDS_AT_ONCE)
        await db<Row>('tenant_words').insert(
          words.slice(at, at + WORDS_AT_ONCE).map((word) => ({ tenant_id: tenantId, word })),
        );
    },
    /** The tenants with a word that begins so, one as often as it has such words. */
    tenantsWith: (term: string, limit: number): Promise<string[]> =>
      startingWith(term).orderBy('word').limit(limit).pluck('tenant_id'),
    /** Those of these tenants that have such a word. */
    async among(ids: readonly string[], term: string): Promise<Set<string>> {
      return new Set(await startingWith(term).whereIn('tenant_id', ids).pluck('tenant_id'));
    },
  };
};
