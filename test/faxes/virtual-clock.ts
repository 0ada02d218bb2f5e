import { setImmediate as tick } from 'node:timers/promises';

type Timer = { at: number; ring: () => void };

/** A clock that jumps to the next time anything waits for, as soon as nothing else runs. */
export function virtualClock(start = Date.parse('2026-11-30T01:00:00.000Z')) {
  let at = 0;
  let timers: Timer[] = [];
  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const ring = () => {
        signal?.removeEventListener('abort', ring);
        timers = timers.filter((one) => one !== timer);
        resolve();
      };
      const timer = { at: at + milliseconds, ring };
      timers.push(timer);
      signal?.addEventListener('abort', ring);
      if (signal?.aborted) ring();
    });
  return {
    clock: () => at,
    world: { now: () => new Date(start + at), wait },
    /** Lets time pass until `work` is done. */
    async run<T>(work: Promise<T>): Promise<T> {
      const state = { isDone: false };
      let idle = 0;
      const finish = () => {
        state.isDone = true;
      };
      work.then(finish, finish);
      for (;;) {
        for (let turn = 0; turn < 5 && !state.isDone; turn += 1) await tick();
        if (state.isDone) return work;
        const next = timers.reduce<Timer | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
        if (!next) {
          if ((idle += 1) > 2000) throw new Error('everything waits and no timer is set');
          continue; // something outside, such as a hash, is not ready yet
        }
        idle = 0;
        at = Math.max(at, next.at);
        next.ring();
      }
    },
  };
}

export type VirtualClock = ReturnType<typeof virtualClock>;
