import { availableParallelism } from 'node:os';
import argon2 from 'argon2';
import { PortalError } from '../../platform/errors.js';

export type Argon2Parameters = { memoryKiB: number; passes: number; parallelism: number };

/** OWASP's second option for argon2id: 19 MiB, 2 passes, 1 lane. */
export const defaultArgon2: Argon2Parameters = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

/** In each lane. */
const WAITING_AT_MOST = 64;

/** `known`: people who have shown a known browser, a mailed link or their session. `stranger`: everyone else. */
export type HashingLane = 'known' | 'stranger';

/**
 * Runs `atOnce` jobs in parallel. Each lane lets `WAITING_AT_MOST` wait and rejects more, so that a flood ends quickly.
 * The lanes take turns, so a flood of strangers leaves half of the work to known people.
 */
function boundedQueue(atOnce: number) {
  const waiting: Record<HashingLane, (() => void)[]> = { known: [], stranger: [] };
  let turn: HashingLane = 'known';
  let running = 0;
  const nextInTurn = () => {
    const other = turn === 'known' ? 'stranger' : 'known';
    const next = waiting[turn].shift() ?? waiting[other].shift();
    turn = other;
    return next;
  };
  return async <T>(lane: HashingLane, work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting[lane].length >= WAITING_AT_MOST) throw new PortalError('unavailable');
      await new Promise<void>((resolve) => waiting[lane].push(resolve)); // a finished job starts the next one in its place
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = nextInTurn();
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
  const hash = (password: string) => inTurn('known', () => argon2.hash(password, options));
  let standIn: Promise<string> | undefined;
  const ofNobody = () => (standIn ??= hash('of nobody'));

  return {
    /** For a password whose owner has proved something else before. */
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
    async verify(
      stored: string | null,
      password: string,
      lane: HashingLane = 'stranger',
    ): Promise<{ right: boolean; outdated: boolean }> {
      const compared = stored ?? (await ofNobody());
      const right = await inTurn(lane, () => argon2.verify(compared, password));
      return { right: right && stored !== null, outdated: argon2.needsRehash(compared, options) };
    },
  };
}

export type PasswordHasher = ReturnType<typeof passwordHasher>;
