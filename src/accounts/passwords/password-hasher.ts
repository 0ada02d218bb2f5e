import { availableParallelism } from 'node:os';
import argon2 from 'argon2';
import { PortalError } from '../../platform/errors.js';

export type Argon2Parameters = { memoryKiB: number; passes: number; parallelism: number };

/** OWASP's second option for argon2id: 19 MiB, 2 passes, 1 lane. */
export const defaultArgon2: Argon2Parameters = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

const WAITING_AT_MOST = 64;

/** Runs `atOnce` jobs in parallel and lets `WAITING_AT_MOST` wait; rejects more, so that a flood ends quickly. */
function boundedQueue(atOnce: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= WAITING_AT_MOST) throw new PortalError('unavailable');
      await new Promise<void>((resolve) => waiting.push(resolve)); // a finished job starts the next one in its place
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/**
 * argon2id, off the main thread. Runs at most (cores − 1) hashes in parallel: libuv's threads also resolve names and
 * read files, and with the default of four threads a burst of sign-ins would delay those for seconds.
 */
export function passwordHasher(parameters: Argon2Parameters = defaultArgon2) {
  const inTurn = boundedQueue(Math.max(1, availableParallelism() - 1));
  const options = {
    type: argon2.argon2id,
    memoryCost: parameters.memoryKiB,
    timeCost: parameters.passes,
    parallelism: parameters.parallelism,
  };
  const hash = (password: string) => inTurn(() => argon2.hash(password, options));
  let standIn: Promise<string> | undefined;
  const ofNobody = () => (standIn ??= hash('of nobody'));

  return {
    hash,
    /**
     * Prepares the substitute hash for unknown addresses, so that the first wrong address takes no longer than
     * others.
     */
    prepare: async (): Promise<void> => {
      await ofNobody();
    },
    /**
     * @param stored a PHC string, or null for an unknown person; null takes the same time and is always wrong
     * @returns `outdated` if the hash was made with other parameters than the current ones
     */
    async verify(stored: string | null, password: string): Promise<{ right: boolean; outdated: boolean }> {
      const known = stored ?? (await ofNobody());
      const right = await inTurn(() => argon2.verify(known, password));
      return { right: right && stored !== null, outdated: argon2.needsRehash(known, options) };
    },
  };
}

export type PasswordHasher = ReturnType<typeof passwordHasher>;
