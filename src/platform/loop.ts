import type { Logger } from './log.js';
import type { World } from './world.js';

/** Tells a loop of this process that something is due at once; one that does not run is not told. */
export function createWake() {
  const listeners: (() => void)[] = [];
  return {
    call: () => {
      for (const listener of listeners) listener();
    },
    listen: (listener: () => void) => void listeners.push(listener),
  };
}
export type Wake = ReturnType<typeof createWake>;

/**
 * Runs rounds forever: immediately after `poke`, otherwise every `everyMs` milliseconds, which is read again after
 * each round. An error ends a round, never the loop.
 */
export function startLoop(
  name: string,
  everyMs: number | (() => number),
  round: () => Promise<unknown>,
  { world, log }: { world: Pick<World, 'wait'>; log: Logger },
) {
  const ended = new AbortController();
  let wake = new AbortController();
  const running = (async () => {
    while (!ended.signal.aborted) {
      wake = new AbortController();
      try {
        await round();
      } catch (err) {
        log.error({ err, loop: name }, 'a round failed');
      }
      if (!wake.signal.aborted) await world.wait(typeof everyMs === 'number' ? everyMs : everyMs(), wake.signal);
    }
  })();
  return {
    /** Starts the next round now. */
    poke: () => wake.abort(),
    /** Resolves when the current round has ended; no other round follows. */
    stop: async () => {
      ended.abort();
      wake.abort();
      await running;
    },
  };
}
