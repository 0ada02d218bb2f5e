import { connectionWriter } from '../../src/connections/connection-writer.js';
import { eventStore, type RecordEvent } from '../../src/notifications/event-store.js';
import type { World } from '../../src/platform/world.js';

export const aDayMs = 86_400_000;

/** What the parts that write connections are given, as in the portal, with evidence that is renewed every day. */
export function connectionParts(world: Pick<World, 'now' | 'newId'>) {
  const checkEveryMs = () => Promise.resolve(aDayMs);
  const record: RecordEvent = (trx, event) => eventStore(trx, world).append(event);
  const writer = connectionWriter({ world, intervalMs: checkEveryMs, record });
  return { checkEveryMs, record, writer, intervals: { checkEveryMs, confirmMs: 180_000 } };
}
