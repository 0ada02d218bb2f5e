import type { World } from '../../platform/world.js';

/** The run is over while something waits for a later time. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
  constructor(readonly reason: 'stopped' | 'time_over') {
    super(`the run has ended: ${reason}`);
  }
}

type RunEnd = {
  /** Milliseconds of a clock that no one sets. */
  clock: () => number;
  wait: World['wait'];
  /** On that clock. */
  until: number;
  signal: AbortSignal;
};

/**
 * Waits no longer than the run lasts.
 *
 * @throws {RunEnded} at once if the run would be over first
 */
export const waitWithin =
  ({ clock, wait, until, signal }: RunEnd) =>
  async (milliseconds: number): Promise<void> => {
    if (clock() + milliseconds > until) throw new RunEnded('time_over');
    await wait(milliseconds, signal);
    if (signal.aborted) throw new RunEnded('stopped');
  };
