import type { LookupFunction } from 'node:net';
import type { World } from '../world.js';

type Options = {
  world: Pick<World, 'wait'>;
  lookup: LookupFunction;
  /** How many are made at once. */
  atOnce: number;
  /** A look-up that has not begun within that time fails. */
  waitMs: number;
};

/**
 * The machine's look-up of names, a few at once. Node makes it in one of its four threads, which also read files and
 * hash passwords: a name server that does not answer would stop them all.
 */
export function boundedLookup({ world, lookup, atOnce, waitMs }: Options): LookupFunction {
  let running = 0;
  const waiting = new Set<() => void>();

  function next(): void {
    const [first] = waiting;
    if (first === undefined || running >= atOnce) return;
    waiting.delete(first);
    running += 1;
    first();
  }

  return (hostname, options, callback) => {
    const begun = new AbortController();
    const begin = () => {
      begun.abort();
      lookup(hostname, options, (...found) => {
        running -= 1;
        callback(...found);
        next();
      });
    };
    waiting.add(begin);
    next();
    if (begun.signal.aborted) return;
    void world.wait(waitMs, begun.signal).then(() => {
      // Also after its end: then it has begun.
      if (waiting.delete(begin)) callback(Object.assign(new Error('too many look-ups'), { code: 'EAI_AGAIN' }), '', 0);
    });
  };
}
