import type { World } from './world.js';

/** Wakes waiters in this process; waiters in other processes poll. */
export function createSignal(world: Pick<World, 'wait'>) {
  let next = new AbortController();
  return {
    notify: () => {
      const waiting = next;
      next = new AbortController();
      waiting.abort();
    },
    /** Resolves at the next `notify`, or after `milliseconds`. */
    wait: (milliseconds: number) => world.wait(milliseconds, next.signal),
  };
}
export type Signal = ReturnType<typeof createSignal>;
