import type { Knex } from '../platform/database/database.js';

/** What is counted of a connection. */
type Counted = { state: string; cause: string | null };
type CountRow = { state: string; cause: string; count: number | string };

/**
 * Updates counters in the order of their names, so that two transactions that change the same counters cannot
 * deadlock.
 */
export async function countChange(db: Knex, before: Counted | null, after: Counted | null): Promise<void> {
  if (before?.state === after?.state && before?.cause === after?.cause) return;
  const change = (known: Counted, by: 1 | -1) => ({ state: known.state, cause: known.cause ?? '', by });
  const changes = [...(before ? [change(before, -1)] : []), ...(after ? [change(after, 1)] : [])];
  const name = ({ state, cause }: { state: string; cause: string }) => `${state} ${cause}`;
  for (const { state, cause, by } of changes.sort((a, b) => (name(a) < name(b) ? -1 : 1)))
    await db<CountRow>('connection_counts')
      .insert({ state, cause, count: by })
      .onConflict(['state', 'cause'])
      .merge({ count: db.raw('connection_counts.count + ?', [by]) as unknown as number });
}

/** The number of tenants by state and cause. */
export async function countsOf(db: Knex): Promise<(Counted & { count: number })[]> {
  const rows = await db<CountRow>('connection_counts').where('count', '>', 0);
  return rows.map(({ state, cause, count }) => ({ state, cause: cause === '' ? null : cause, count: Number(count) }));
}
