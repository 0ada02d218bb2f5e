import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** The effects that the code uses. Tests pass their own; everything else is built the same way in both. */
export type World = {
  now: () => Date;
  newId: () => string;
  randomBytes: (size: number) => Buffer;
  /** Resolves after `milliseconds`, or at once when `signal` aborts; never rejects. */
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

export const realWorld: World = {
  now: () => new Date(),
  newId: () => randomUUID(),
  randomBytes: (size) => randomBytes(size),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined),
};
