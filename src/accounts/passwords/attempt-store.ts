import { iso, type Knex } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';

type Row = { bucket: string; failures: number; blocked_until: string | null; expires_at: string };

/** How long to wait after that many consecutive failures, in milliseconds; 0 means no wait. */
export type WaitRule = (failures: number) => number;
/** What failures are counted for. The name is stored unchanged, so it must be a hash. */
export type Bucket = { name: string; wait: WaitRule };

const FORGOTTEN_AFTER_MS = 24 * 3600_000;

/** All SQL on `attempts`. Times and limits are arguments; the store does not know what is attempted. */
export const attemptStore = (db: Knex) => ({
  /**
   * Counts a failure before the attempt, so that parallel attempts cannot all pass the same check; a success undoes
   * it.
   * A single statement, so the second of two parallel attempts sees what the first has written.
   *
   * @returns until when no attempt is allowed (then nothing was counted), or undefined
   */
  async reserve({ name, wait }: Bucket, now: Date): Promise<Date | undefined> {
    const at = iso(now);
    const counted = await db<Row>('attempts')
      .insert({ bucket: name, failures: 1, blocked_until: null, expires_at: expiry(now) })
      .onConflict('bucket')
      .merge({
        failures: db.raw('case when attempts.expires_at <= ? then 1 else attempts.failures + 1 end', [at]),
        blocked_until: null,
        expires_at: expiry(now),
      } as unknown as Row)
      .where((free) =>
        free
          .whereNull('attempts.blocked_until')
          .orWhere('attempts.blocked_until', '<=', at)
          .orWhere('attempts.expires_at', '<=', at),
      )
      .returning('failures');
    const failures = (counted as { failures: number }[])[0]?.failures;
    if (failures === undefined) {
      const row = await db<Row>('attempts').where({ bucket: name }).first('blocked_until');
      return row?.blocked_until ? new Date(row.blocked_until) : now;
    }
    const blockedMs = wait(failures);
    if (blockedMs > 0) {
      const until = new Date(now.getTime() + blockedMs);
      await db<Row>('attempts')
        .where({ bucket: name })
        .update({ blocked_until: iso(until), expires_at: expiry(until) });
    }
    return undefined;
  },

  async forget(name: string): Promise<void> {
    await db<Row>('attempts').where({ bucket: name }).delete();
  },

  /** Undoes the count of one attempt, and the block that followed it. */
  async takeBack(name: string): Promise<void> {
    await db<Row>('attempts')
      .where({ bucket: name })
      .update({
        failures: db.raw('case when failures > 0 then failures - 1 else 0 end') as unknown as number,
        blocked_until: null,
      });
  },

  /**
   * Undoes the count of an attempt that was reserved at `at` and not judged, and the block that this attempt began.
   * Blocks that other attempts have earned stay.
   */
  async cancel({ name, wait }: Bucket, at: Date): Promise<void> {
    const counted = db<Row>('attempts').where({ bucket: name }).andWhere('failures', '>', 0);
    const fewer = { failures: db.raw('failures - 1') as unknown as number };
    const [left] = await counted.update(fewer).returning<{ failures: number }[]>('failures');
    if (!left) return;
    const own = iso(new Date(at.getTime() + wait(left.failures + 1)));
    await db<Row>('attempts')
      .where({ bucket: name, failures: left.failures, ...(wait(left.failures) === 0 ? {} : { blocked_until: own }) })
      .update({ blocked_until: null });
  },

  deleteExpired: (now: Date): Promise<void> =>
    deleteInBatches(() => db<Row>('attempts').where('expires_at', '<=', iso(now)), 'bucket'),
});

const expiry = (from: Date) => iso(new Date(from.getTime() + FORGOTTEN_AFTER_MS));
