import type { Knex, Transaction } from './database.js';
import { lockFor } from './lock.js';

/** Rows at once, so that a transaction stays short. */
const BATCH = 200;

type Row = { name: string; last: number };

export type Numbered<R> = R & { seq: number };

/** What gets numbers. Each function runs in the transaction that gives them. */
export type Sequence<R> = {
  name: string;
  /** Whether a row has no number yet; a cheap look outside the transaction. */
  isDue: () => Promise<boolean>;
  /** The rows that have no number yet, in the order of their insertion. */
  unnumbered: (trx: Knex, limit: number) => Promise<R[]>;
  /** Stores the numbers, with all that must be done exactly once for each row. */
  give: (trx: Knex, rows: readonly Numbered<R>[]) => Promise<void>;
};

/** The highest number given so far; 0 before the first. */
export async function lastNumber(db: Knex, name: string): Promise<number> {
  const row = await db<Row>('sequences').where({ name }).first();
  return row?.last ?? 0;
}

/**
 * Numbers rows 1, 2, 3 … after their commit, without gaps: the order in which the rows became visible. Numbers that
 * rows get when they are inserted would not do. A reader that has seen number 8 would never see number 7, if that was
 * committed later. A writer waits for no one: it inserts its row and no more.
 *
 * Two workers never number at the same time. A crash gives either all numbers of a batch or none.
 *
 * @returns a function that numbers everything that is committed, and says how many rows that were
 */
export const sequencer =
  <R>(transaction: Transaction, { name, isDue, unnumbered, give }: Sequence<R>) =>
  async (): Promise<number> => {
    if (!(await isDue())) return 0;
    const batch = () =>
      transaction(async (trx) => {
        await lockFor(trx, 'sequence', name);
        const rows = await unnumbered(trx, BATCH);
        if (rows.length === 0) return 0;
        const last = await lastNumber(trx, name);
        await give(
          trx,
          rows.map((row, n) => ({ ...row, seq: last + n + 1 })),
        );
        const now = { name, last: last + rows.length };
        await trx<Row>('sequences').insert(now).onConflict('name').merge();
        return rows.length;
      });
    let total = 0;
    for (let done = BATCH; done === BATCH; total += done) done = await batch();
    return total;
  };
