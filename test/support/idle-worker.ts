import type { TestPortal } from './portal.js';

/** The worker has nothing left to do: what changes from now on is changed by requests. */
export async function idleWorker({ portal, db, clock }: TestPortal): Promise<void> {
  for (;;) {
    const waiting = await db('outbox').whereNull('finished_at').select('id');
    const now = clock().toISOString();
    const due = await db('check_requests').whereNull('finished_at').andWhere('due_at', '<=', now).select('id');
    const unnumbered = await db('events').whereNull('seq').select('id');
    if (waiting.length + due.length + unnumbered.length === 0) return;
    portal.look();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
