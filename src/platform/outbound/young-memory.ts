import { setFlagsFromString } from 'node:v8';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- the text is the one word below
import { runInNewContext } from 'node:vm';

/** Frees the young buffers that are no longer used. Takes about 1 ms. */
export type CollectYoung = () => void;

/**
 * Each read of a socket makes a new buffer. Node frees none before 32 MiB of them lie there, and frees them on another
 * thread while more come. A collection first ends the freeing that the one before it began. So if one is made every few
 * MiB, at most twice that lies there.
 *
 * Node has no other way to get at the collector in a process that already runs.
 */
export function youngCollector(): CollectYoung {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  return () => {
    collect({ type: 'minor' });
  };
}
