import { sharedTime, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';

export type BudgetClock = {
  /** What all processes go by, in milliseconds since 1970. Somebody may set it forward or back. */
  shared: (db: Knex) => Promise<number>;
  /** Milliseconds of a clock of this process that nobody can set. */
  steady: () => number;
};

/** The server's clock on PostgreSQL; on SQLite, which is on one machine, the machine's. */
export const databaseClock = (world: Pick<World, 'now'>): BudgetClock => ({
  shared: (db) => sharedTime(db, world),
  steady: () => performance.now(),
});

/** What the budget's row says of its time. */
export type StoredTime = {
  /** the latest moment that anybody wrote down; 0 where nobody has */
  at: number;
  /** to add to the shared clock */
  offsetMs: number;
};

/** Looked at the shared clock at some steady moment from `from` to `to`. */
export type Reading = { shared: number; from: number; to: number };
/** The budget's time at some steady moment from `from` to `to`. */
export type Moment = { at: number; from: number; to: number };

/** What two good clocks may differ by: a little at once, and a thousandth of what has passed. */
const slackMs = (elapsedMs: number): number => 50 + elapsedMs / 1000;

/**
 * The budget's time, which goes on evenly when the shared clock is set: back, and calls would count for as much longer;
 * forward, and they would be forgotten while RingCentral still counts them. It never goes back, and it goes no faster
 * than this process's steady clock says. Who has `seen` nothing yet cannot tell a clock set forward from time gone by.
 */
export function budgetTime(reading: Reading, stored: StoredTime, seen: Moment | null): StoredTime {
  const told = Math.floor(reading.shared + stored.offsetMs);
  let at = told;
  if (seen) {
    const least = seen.at + Math.max(0, reading.from - seen.to);
    const most = seen.at + (reading.to - seen.from);
    const slack = slackMs(reading.to - seen.from);
    if (told > most + slack) at = Math.floor(most);
    else if (told < least - slack) at = Math.floor(least);
  }
  at = Math.max(at, stored.at);
  return { at, offsetMs: at === told ? stored.offsetMs : Math.round(at - reading.shared) };
}
