import { createHash } from 'node:crypto';
import { networkOf } from '../../platform/addresses.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { inTransaction } from '../../platform/database/lock.js';
import { attemptStore, type Bucket, type WaitRule } from './attempt-store.js';

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
/** NIST SP 800-63B-4 §3.2.2: at most 100 consecutive failures. */
const MOST_IN_A_ROW = 100;

/** The first failures are free, then 15 s, 30 s, 1 min … 15 min; a day at the hundredth. */
const doublingAfter =
  (free: number): WaitRule =>
  (failures) => {
    if (failures >= MOST_IN_A_ROW) return DAY_MS;
    return failures < free ? 0 : Math.min(15 * SECOND_MS * 2 ** (failures - free), 900 * SECOND_MS);
  };
const onlyTheHundredth: WaitRule = (failures) => (failures >= MOST_IN_A_ROW ? DAY_MS : 0);
/**
 * The people of a clinic share one IP address, so a network may fail more often; it is never blocked for more than 15
 * minutes.
 */
const perNetwork: WaitRule = (failures) =>
  failures < 50 ? 0 : Math.min(15 * SECOND_MS * 2 ** Math.min(failures - 50, 6), 900 * SECOND_MS);

export type Tried = {
  what: 'password' | 'code';
  /** The person's id or the typed address. The answer must not reveal whether the person exists. */
  account: string;
  ip: string | undefined;
  /** The token of a browser in which this person has signed in before. */
  knownDevice: string | undefined;
};

/** The name of a bucket; it reveals nothing about what is counted. */
export const nameOf = (...parts: string[]): string => createHash('sha256').update(parts.join('\n')).digest('base64url');

/**
 * Slows down guessing without letting a stranger lock a person out: a browser in which the person has signed in
 * before has its own count, which strangers cannot affect. Strangers are counted by account and network, by network,
 * and by account; after 100 consecutive failures only known browsers may try, for a day.
 */
export const signInThrottle = (transaction: Transaction) => {
  const inUnit = inTransaction(transaction, attemptStore);
  const ofAccount = (what: Tried['what'], account: string) => nameOf(what, 'account', account);
  function bucketsOf({ what, account, ip, knownDevice }: Tried): { own: Bucket[]; shared: Bucket[] } {
    if (knownDevice !== undefined)
      return { own: [{ name: nameOf(what, 'device', account, knownDevice), wait: doublingAfter(10) }], shared: [] };
    const network = networkOf(ip);
    return {
      own: [
        { name: nameOf(what, 'pair', account, network), wait: doublingAfter(5) },
        { name: ofAccount(what, account), wait: onlyTheHundredth },
      ],
      shared: [{ name: nameOf('network', network), wait: perNetwork }],
    };
  }

  /** @returns until when this attempt is not allowed; undefined: continue, and call `succeeded` if it was right */
  async function reserve(tried: Tried, now: Date): Promise<Date | undefined> {
    const { own, shared } = bucketsOf(tried);
    try {
      await inUnit(async (attempts) => {
        for (const bucket of [...own, ...shared]) {
          const until = await attempts.reserve(bucket, now);
          if (until) throw new Blocked(until);
        }
      });
      return undefined;
    } catch (error) {
      if (error instanceof Blocked) return error.until; // rolled back, so a refused attempt is not counted
      throw error;
    }
  }

  const cancel = (tried: Tried, at: Date): Promise<void> =>
    inUnit(async (attempts) => {
      const { own, shared } = bucketsOf(tried);
      for (const bucket of [...own, ...shared]) await attempts.cancel(bucket, at);
    });

  return {
    reserve,

    /**
     * Counts an attempt while it is judged. An attempt that could not be judged, because the portal is busy or the
     * database failed, does not count.
     *
     * @param judge calls `succeeded` if the attempt was right
     */
    async counting<T>(tried: Tried, now: Date, judge: () => Promise<T>): Promise<T | { kind: 'wait'; until: Date }> {
      const until = await reserve(tried, now);
      if (until) return { kind: 'wait', until };
      try {
        return await judge();
      } catch (error) {
        await cancel(tried, now).catch(() => undefined); // the first error says more
        throw error;
      }
    },

    /**
     * The consecutive failures belong to the old password, so a person who has proved their mailbox need not wait for
     * a day.
     */
    passwordRenewed: (db: Knex, personId: string): Promise<void> =>
      attemptStore(db).forget(ofAccount('password', personId)),

    async succeeded(db: Knex, tried: Tried): Promise<void> {
      const { own, shared } = bucketsOf(tried);
      const attempts = attemptStore(db);
      for (const bucket of own) await attempts.forget(bucket.name);
      for (const bucket of shared) await attempts.takeBack(bucket.name);
    },
  };
};

export type SignInThrottle = ReturnType<typeof signInThrottle>;

class Blocked extends Error {
  constructor(readonly until: Date) {
    super('blocked');
  }
}
