import type { World } from '../../platform/world.js';
import { UserLimits, type CallKind, type LimitFacts, type LimitMemory } from './user-limits.js';

/** Where what is known of a user's limits outlives this process. */
export type LimitStore = {
  /** Called before the first call of a user: from then on, and until `keep`, an end of this process is a kill. */
  recall: (ownerId: string) => LimitMemory;
  /** @param isOver whether no call of the user follows in this run */
  keep: (ownerId: string, memory: LimitMemory, isOver: boolean) => void;
};

type RateLimiterParts = {
  /** Milliseconds of a clock that no one sets. */
  clock: () => number;
  wait: World['wait'];
  store: LimitStore;
};

type User = { limits: UserLimits; last: Promise<unknown> };

/** `late`: the run is over, or would be before the call could be sent; so nothing was sent. */
export type Limited<T> = { kind: 'sent'; value: T } | { kind: 'late' } | { kind: 'stopped' };

/** Sends the calls of each user one after the other, as soon as the limits of the user allow. */
export function rateLimiter({ clock, wait, store }: RateLimiterParts) {
  const users = new Map<string, User>();
  let allSilentUntil = 0;

  function userOf(ownerId: string): User {
    const known = users.get(ownerId);
    if (known) return known;
    const user = { limits: new UserLimits(clock(), store.recall(ownerId)), last: Promise.resolve() };
    users.set(ownerId, user);
    return user;
  }

  async function passed({ limits }: User, kind: CallKind, until: number, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const now = clock();
      const waitMs = Math.max(limits.waitMs(kind, now), allSilentUntil - now);
      if (signal.aborted) return true;
      if (now + Math.max(0, waitMs) > until) return false;
      if (waitMs <= 0) return true;
      await wait(Math.ceil(waitMs), signal);
    }
  }

  return {
    /** Whether something that comes so much later would come before the end of the run. */
    isBefore: (until: number, milliseconds = 0): boolean => clock() + milliseconds <= until,

    /**
     * @param until on the same clock: the end of the run
     * @param send resolves when the head of the answer is there; null facts: no answer came
     */
    async call<T>(
      { ownerId, kind, until, signal }: { ownerId: string; kind: CallKind; until: number; signal: AbortSignal },
      send: () => Promise<{ value: T; facts: LimitFacts | null }>,
    ): Promise<Limited<T>> {
      const user = userOf(ownerId);
      const mine = user.last.then(async (): Promise<Limited<T>> => {
        if (!(await passed(user, kind, until, signal))) return { kind: 'late' };
        if (signal.aborted) return { kind: 'stopped' };
        const { value, facts } = await send();
        user.limits.note(kind, facts, clock());
        if (facts?.status === 429) {
          // A limit that is not the user's may be that of this machine's address.
          if (facts.group === null)
            allSilentUntil = Math.max(allSilentUntil, clock() + user.limits.waitMs(kind, clock()));
          store.keep(ownerId, user.limits.memory(clock()), false);
        }
        return { kind: 'sent', value };
      });
      user.last = mine.catch(() => undefined);
      return mine;
    },

    /** The user makes no more calls in this run. */
    async leave(ownerId: string): Promise<void> {
      const user = users.get(ownerId);
      if (!user) return;
      for (let last: unknown; last !== user.last; await last) last = user.last; // another clinic may use it, too
      store.keep(ownerId, user.limits.memory(clock()), true);
      users.delete(ownerId);
    },
  };
}

export type RateLimiter = ReturnType<typeof rateLimiter>;
