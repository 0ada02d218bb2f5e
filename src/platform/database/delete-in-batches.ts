import type { Knex } from './database.js';

/** Takes a few milliseconds per statement on either database. */
const ROWS_AT_ONCE = 500;

/**
 * Deletes the rows of a query, at most 500 per statement, so that others can write in between. Of two parallel calls,
 * each deletes what the other has left.
 *
 * @param rows creates the query again for each batch
 * @param key the column that identifies a row; needs an index
 */
export async function deleteInBatches(rows: () => Knex.QueryBuilder, key: string): Promise<void> {
  for (let found = ROWS_AT_ONCE; found === ROWS_AT_ONCE;) {
    const keys = await rows().limit(ROWS_AT_ONCE).pluck<string[]>(key);
    await rows().whereIn(key, keys).delete();
    found = keys.length;
  }
}
