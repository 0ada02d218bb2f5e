import { iso, type Knex } from '../platform/database/database.js';
import type { RunTime } from './run-time.js';

/** There is one nightly run, so its row always has the same key. */
const ID = 'nightly';

/** All SQL on `nightly_run` and `preflight_summaries`. */
export const nightlyRunStore = (db: Knex) => ({
  /** null if none is set */
  async find(): Promise<RunTime | null> {
    const row = await db<{ id: string; at: string; time_zone: string }>('nightly_run').where({ id: ID }).first();
    return row ? { at: row.at, timeZone: row.time_zone } : null;
  },
  async set(run: RunTime | null): Promise<void> {
    await db('nightly_run').where({ id: ID }).delete();
    if (run) await db('nightly_run').insert({ id: ID, at: run.at, time_zone: run.timeZone });
  },
  /** Whether staff were told of this run. */
  async isTold(runAt: Date): Promise<boolean> {
    return (
      (await db('preflight_summaries')
        .where({ run_at: iso(runAt) })
        .first<object | undefined>('run_at')) !== undefined
    );
  },
  /** @returns false, without writing anything, if staff were told of this run already */
  async tell(runAt: Date, at: Date): Promise<boolean> {
    const added = await db('preflight_summaries')
      .insert({ run_at: iso(runAt), told_at: iso(at) })
      .onConflict('run_at')
      .ignore()
      .returning<{ run_at: string }[]>('run_at');
    return added.length === 1;
  },
  async removeBefore(runAt: Date): Promise<void> {
    await db('preflight_summaries').where('run_at', '<', iso(runAt)).delete();
  },
});
