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
  let stopped = false;
  let poked = false;
  let wake = new AbortController();
  const running = (async () => {
    for (;;) {
      poked = false;
      try {
        await round();
      } catch (err) {
        log.error({ err, loop: name }, 'a round failed');
      }
      if (isStopped()) return;
      if (!wasPoked()) await world.wait(typeof everyMs === 'number' ? everyMs : everyMs(), wake.signal);
      if (isStopped()) return;
      wake = new AbortController();
    }
  })();
  // Read through functions: both change while the loop waits, which the compiler cannot know.
  function isStopped(): boolean {
    return stopped;
  }
  function wasPoked(): boolean {
    return poked;
  }
  return {
    /** Starts the next round now. */
    poke: () => {
      poked = true;
      wake.abort();
    },
    /** Resolves when the current round has ended; no other round follows. */
    stop: async () => {
      stopped = true;
      wake.abort();
      await running;
    },
  };
}
