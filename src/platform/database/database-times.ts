import type { World } from '../world.js';
import { databaseTime, fromIso, iso, type Knex } from './database.js';

/** How a table's times are written and read. */
export type StoredTimes = { iso: (at: Date) => string; fromIso: (stored: string) => Date };

/** The times of a table are those of this machine's clock. */
export const machineTimes: StoredTimes = { iso, fromIso };

type Deps = {
  db: Knex;
  world: Pick<World, 'now'>;
  /** In milliseconds since 1970; default: the database's time. */
  databaseTime?: ((db: Knex) => Promise<number>) | undefined;
};

const MEASURED_EVERY_MS = 60_000;
/** Clocks that differ by less count as the same. */
const CLOSE_MS = 1_000;

/**
 * The times of tables by which several processes decide together, whatever their clocks show. The tables have the
 * database's time; the code that reads and writes them has this machine's.
 */
export function databaseTimes({ db, world, ...deps }: Deps) {
  const timeOf = deps.databaseTime ?? ((handle: Knex) => databaseTime(handle, world));
  const machineMs = () => world.now().getTime();
  let aheadMs = 0;
  let measuredAt: number | null = null;
  let measuring: Promise<void> | null = null;

  async function measure(): Promise<void> {
    const before = machineMs();
    const told = await timeOf(db);
    const after = machineMs();
    const found = Math.round(told - (before + after) / 2);
    aheadMs = Math.abs(found) < CLOSE_MS ? 0 : found;
    measuredAt = after;
  }
  const moved = (at: Date, ms: number) => (ms === 0 ? at : new Date(at.getTime() + ms));

  return {
    iso: (at: Date) => iso(moved(at, aheadMs)),
    fromIso: (stored: string) => moved(fromIso(stored), -aheadMs),

    /** Compares the clocks, unless that was done within the last minute. Call it before the tables are used. */
    async measured(): Promise<void> {
      if (measuredAt !== null && Math.abs(machineMs() - measuredAt) < MEASURED_EVERY_MS) return;
      measuring ??= measure().finally(() => (measuring = null));
      await measuring;
    },
  };
}

export type DatabaseTimes = ReturnType<typeof databaseTimes>;
