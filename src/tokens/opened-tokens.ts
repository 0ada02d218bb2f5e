import type { Secret } from '../platform/secret.js';
import type { World } from '../platform/world.js';

const MOST = 10_000;
const SWEEP_EVERY_MS = 60_000;

/** What a token is opened by: the id of its row, whose ciphertext never changes. */
type Opened = { token: Promise<Secret | null>; until: Date };

/**
 * Keeps opened tokens in memory until they expire, the least recently used one first to go. Whether a token may be
 * issued is read from the database for each request: this only spares opening it again.
 */
export function openedTokens(world: Pick<World, 'now'>, most = MOST) {
  const opened = new Map<string, Opened>();
  let sweptAt = world.now().getTime();

  function sweep(): void {
    const now = world.now();
    if (Math.abs(now.getTime() - sweptAt) < SWEEP_EVERY_MS) return;
    sweptAt = now.getTime();
    for (const [id, { until }] of opened) if (until <= now) opened.delete(id);
  }

  return {
    /** @param open opens the token, once for all who wait; null if it does not open */
    open({ id, servesUntil: until }: { id: string; servesUntil: Date }, open: () => Promise<Secret | null>) {
      sweep();
      const known = opened.get(id);
      const entry = known ?? { token: open(), until };
      opened.delete(id);
      opened.set(id, entry);
      if (known) return known.token;
      const [oldest] = opened.keys();
      if (opened.size > most && oldest !== undefined) opened.delete(oldest);
      const forget = () => {
        if (opened.get(id) === entry) opened.delete(id);
      };
      entry.token.then((token) => token ?? forget(), forget);
      return entry.token;
    },

    /** How many tokens are open, for tests. */
    size: () => opened.size,
  };
}
