import type { World } from './world.js';

/** Wakes waiters in this process; waiters in other processes poll. */
export type Signal = {
  notify: () => void;
  /** Resolves at the next `notify`, or after `milliseconds`. */
  wait: (milliseconds: number) => Promise<void>;
};

export function createSignal(world: Pick<World, 'wait'>): Signal {
  let next = new AbortController();
  return {
    notify: () => {
      const waiting = next;
      next = new AbortController();
      waiting.abort();
    },
    wait: (milliseconds) => world.wait(milliseconds, next.signal),
  };
}
