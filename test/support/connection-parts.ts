import { connectionWriter } from '../../src/connections/connection-writer.js';
import { portalIncidents } from '../../src/connections/portal-incidents.js';
import type { Control } from '../../src/connections/rejections.js';
import { eventStore, type RecordEvent } from '../../src/notifications/event-store.js';
import type { World } from '../../src/platform/world.js';

export const aDayMs = 86_400_000;

/** What the parts that write connections are given, as in the portal, with evidence that is renewed every day. */
export function connectionParts(world: Pick<World, 'now' | 'newId'>) {
  const checkEveryMs = () => Promise.resolve(aDayMs);
  const record: RecordEvent = (trx, event) => eventStore(trx, world).append(event);
  const writer = connectionWriter({ world, intervalMs: checkEveryMs, record });
  const incidents = portalIncidents({ world, record });
  const control = (): Promise<Control> => Promise.resolve('not_needed');
  return {
    checkEveryMs,
    record,
    writer,
    incidents,
    control,
    intervals: { checkEveryMs, confirmMs: 180_000 },
    canary: null,
  };
}
