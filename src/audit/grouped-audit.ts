import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import type { AuditEvent } from './audit-events.js';
import { auditStore } from './audit-store.js';

/** Fewer than SQLite accepts in one statement. */
const MOST_ROWS = 400;

type Waiting = { event: AuditEvent; written: () => void; failed: (error: unknown) => void };

/**
 * Writes audit rows that many requests wait for: those that come while one commit is under way share the next, because
 * a commit waits for the disk.
 */
export function groupedAudit({ db, world }: { db: Knex; world: Pick<World, 'now' | 'newId'> }) {
  const waiting: Waiting[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, MOST_ROWS);
      try {
        await auditStore(db, world).appendAll(group.map(({ event }) => event));
        for (const { written } of group) written();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    isWriting = false;
  }

  return {
    /** Resolves when the row is committed; rejects if it is not. */
    append: (event: AuditEvent): Promise<void> =>
      new Promise((written, failed) => {
        waiting.push({ event, written, failed });
        if (isWriting) return;
        isWriting = true;
        setImmediate(() => void writeAll()); // with the other rows of this turn of the event loop
      }),
  };
}

export type GroupedAudit = ReturnType<typeof groupedAudit>;
