import type { AuditAction, Origin } from '../../audit/audit-events.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { ownActs } from '../people/own-acts.js';
import type { SignInThrottle } from './sign-in-throttle.js';

export type CodeAttempt = { personId: string; code: string; knownDevice: string | undefined; origin: Origin };

/**
 * `use` consumes the code and writes its audit row; call it in the transaction that acts on it. False: it was already
 * used.
 */
export type CodeVerdict =
  { kind: 'right'; use: (trx: Knex) => Promise<boolean> } | { kind: 'wrong' } | { kind: 'wait'; until: Date };

type Dependencies = { db: Knex; world: Pick<World, 'now' | 'newId'>; throttle: SignInThrottle };

/**
 * Attempts with any kind of second factor. They share one count, so that several kinds do not give an attacker more
 * attempts.
 */
export function codeAttempts({ db, world, throttle }: Dependencies) {
  const refuse = (personId: string, origin: Origin) =>
    ownActs(db, world)('person.second_factor_refused', personId, origin, { outcome: 'refused' });

  return {
    /** For a code that was right but already used. */
    refuse,

    /**
     * @param find returns the function that consumes the code if it is right; must not change anything itself
     * @param action the audit action for its use
     */
    async judge(
      { personId, origin, knownDevice }: CodeAttempt,
      action: AuditAction,
      find: (now: Date) => Promise<((trx: Knex) => Promise<boolean>) | undefined>,
    ): Promise<CodeVerdict> {
      const now = world.now();
      const tried = { what: 'code', account: personId, ip: origin.ip, knownDevice } as const;
      return throttle.counting<CodeVerdict>(tried, now, async () => {
        const spend = await find(now);
        if (!spend) {
          await refuse(personId, origin);
          return { kind: 'wrong' };
        }
        return {
          kind: 'right',
          use: async (trx) => {
            if (!(await spend(trx))) return false;
            await throttle.succeeded(trx, tried);
            await ownActs(trx, world)(action, personId, origin);
            return true;
          },
        };
      });
    },
  };
}

export type CodeAttempts = ReturnType<typeof codeAttempts>;
