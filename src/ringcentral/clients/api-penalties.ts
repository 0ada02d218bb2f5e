import type { World } from '../../platform/world.js';
import type { Inconclusive, TransientCause } from '../catalogue/outcome.js';

/**
 * The users for whom RingCentral told this process to wait, and until when. Every request sent during a penalty
 * restarts it. RingCentral may rename its groups of calls, so the wait applies to all calls of a user.
 */
export function createApiPenalties(world: Pick<World, 'now'>) {
  const waits = new Map<string, { until: number; cause: TransientCause }>();
  const now = () => world.now().getTime();

  return {
    /** @param told ignored unless it is a 429 or 503 that names a time */
    note(key: string, told: Inconclusive): void {
      const isWait = told.status === 429 || told.status === 503;
      if (!isWait || told.retryAfterMs === null) return;
      const at = now();
      for (const [other, { until }] of waits) if (until <= at) waits.delete(other);
      const until = Math.max(waits.get(key)?.until ?? 0, at + told.retryAfterMs);
      waits.set(key, { until, cause: told.cause });
    },
    /** The answer for a call that must not be sent now; undefined if it may be sent. */
    hold(key: string): Inconclusive | undefined {
      const wait = waits.get(key);
      if (!wait || wait.until <= now()) return undefined;
      const retryAfterMs = wait.until - now();
      return { kind: 'inconclusive', cause: wait.cause, codes: [], status: null, requestId: null, retryAfterMs };
    },
  };
}
