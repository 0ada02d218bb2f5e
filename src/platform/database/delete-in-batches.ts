import type { Knex } from './database.js';

/** A few milliseconds each on either database. */
const ROWS_AT_ONCE = 500;

/**
 * Deletes what a query finds, at most 500 rows in each statement: others write in between. Of two at once, each deletes
 * what the other has left.
 *
 * @param rows the query, anew each time
 * @param key the column that names a row, with an index
 */
export async function deleteInBatches(rows: () => Knex.QueryBuilder, key: string): Promise<void> {
  for (let found = ROWS_AT_ONCE; found === ROWS_AT_ONCE;) {
    const keys = await rows().limit(ROWS_AT_ONCE).pluck<string[]>(key);
    await rows().whereIn(key, keys).delete();
    found = keys.length;
  }
}
