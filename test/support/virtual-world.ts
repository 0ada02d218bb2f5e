import { setImmediate as tick } from 'node:timers/promises';
import type { Knex } from '../../src/platform/database/database.js';
import type { World } from '../../src/platform/world.js';

type Timer = { at: number; ring: () => void };

/**
 * A clock that jumps to the next time anything waits for, as soon as the database is idle. An hour passes in
 * milliseconds, and every run is the same.
 */
export function createVirtualWorld(db: Knex, start = Date.parse('2026-11-21T00:00:00.000Z')) {
  let at = start;
  let setBy = 0;
  let ids = 0;
  let timers: Timer[] = [];
  let queries = 0;
  db.on('query', () => (queries += 1));
  const { pool } = db.client as { pool: { max: number; numUsed: () => number; numPendingAcquires: () => number } };
  pool.max = 1; // first come, first served, on PostgreSQL too
  /** Whether a query waits for its connection or its answer. Code never waits for time inside a transaction. */
  const isBusy = () => pool.numUsed() + pool.numPendingAcquires() > 0;

  const world: Pick<World, 'now' | 'newId' | 'wait'> = {
    now: () => new Date(at + setBy),
    newId: () => `id-${String((ids += 1)).padStart(8, '0')}`,
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const timer: Timer = { at: at + milliseconds, ring: resolve };
        timers.push(timer);
        signal?.addEventListener('abort', () => {
          timers = timers.filter((one) => one !== timer);
          resolve();
        });
      }),
  };

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 6; quiet += 1) {
      const before = queries;
      await tick();
      if (queries !== before || isBusy()) quiet = -1;
    }
  }

  return {
    world,
    /** For an auth budget: the same time, whatever the database's clock is. */
    databaseTime: () => Promise.resolve(at + setBy),
    /** Moves the clock forward or back; waits last as long as before. */
    setClock: (byMs: number) => {
      setBy += byMs;
    },
    elapsed: () => at - start,
    /** Lets time pass until `work` is done. @returns its result */
    async run<T>(work: Promise<T>): Promise<T> {
      const state = { isDone: false };
      const finish = () => {
        state.isDone = true;
      };
      work.then(finish, finish);
      for (;;) {
        await settle();
        if (state.isDone) return work;
        const next = timers.reduce<Timer | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
        if (!next) throw new Error('everybody waits and no timer is set');
        timers = timers.filter((one) => one !== next);
        at = Math.max(at, next.at);
        next.ring();
      }
    },
  };
}
