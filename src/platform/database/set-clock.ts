import type { World } from '../world.js';

/** Further apart than this, between two looks, time and a steady clock say that the clock was set; in milliseconds. */
const APART_MS = 2000;

/**
 * Whether a claim that ran out by the clock is that of a worker that died. Where the clock has just been set, that of any
 * worker may look so: for `restMs` milliseconds none is taken for it, in which who lives renews its claim by the new time
 * or has done its work.
 *
 * @param steady milliseconds that nobody can set
 * @returns to be asked before each claim: what happens between two looks is seen at the second
 */
export function deadByTheClock(
  { now }: Pick<World, 'now'>,
  restMs: number,
  steady: () => number = () => performance.now(),
): () => boolean {
  let last = { time: now().getTime(), steady: steady() };
  let restsUntil = -Infinity;
  return () => {
    const look = { time: now().getTime(), steady: steady() };
    if (Math.abs(look.time - last.time - (look.steady - last.steady)) > APART_MS) restsUntil = look.steady + restMs;
    last = look;
    return look.steady >= restsUntil;
  };
}
