import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import { SealingOpenError, type KeyRing } from '../../platform/sealing/sealing.js';
import type { World } from '../../platform/world.js';
import type { CodeAttempt, CodeAttempts, CodeVerdict } from '../passwords/code-attempts.js';
import { recoveryCodeStore } from './recovery-code-store.js';
import { newRecoveryCodes, readRecoveryCode } from './recovery-codes.js';
import { keyedHash } from '../people/secret-tokens.js';

const SHOWN_FOR_MS = 15 * 60_000;

/** New codes, sealed, in the browser session that created them, so that the page can be reloaded and printed. */
export type KeptRecoveryCodes = { sealed: string; until: string };

declare module 'express-session' {
  interface SessionData {
    recoveryCodes?: KeptRecoveryCodes;
  }
}

type Dependencies = {
  db: Knex;
  world: Pick<World, 'now' | 'randomBytes'>;
  /** 32 bytes each; in the order of `sealing.kids`. */
  accountsKeys: readonly Buffer[];
  sealing: KeyRing;
  attempts: CodeAttempts;
};

/**
 * Recovery codes for people who have lost their authenticator app. Stored as keyed hashes: with 60 random bits and a
 * key outside the database, a slow hash would add no protection and cost ten hashes per attempt.
 */
export function recoveryCodeService({ db, world, accountsKeys, sealing, attempts }: Dependencies) {
  const hashers = accountsKeys.map((key) => keyedHash(key, 'recovery codes'));
  const hashesOf = (personId: string, code: string) => hashers.map((hash) => hash(personId, code));
  const [current = ''] = sealing.kids;
  const contextOf = (personId: string) => ({
    table: 'sessions',
    tenantId: '',
    rowId: personId,
    purpose: 'recovery_codes',
  });

  return {
    /** Ten new codes. `store` replaces the previous codes; `kept` goes into the session in the same transaction. */
    async make(personId: string): Promise<{ kept: KeptRecoveryCodes; store: (trx: Knex) => Promise<void> }> {
      const codes = newRecoveryCodes(world);
      const { jwe } = await sealing.seal(codes.join(' '), contextOf(personId));
      const hashes = codes.map((code) => hashesOf(personId, code)[0] ?? '');
      return {
        kept: { sealed: jwe, until: new Date(world.now().getTime() + SHOWN_FOR_MS).toISOString() },
        store: (trx) => recoveryCodeStore(trx).replace(personId, hashes, current, world.now()),
      };
    },

    /** @returns undefined if no codes are kept or their time is over */
    async shown(personId: string, kept: KeptRecoveryCodes | undefined): Promise<string[] | undefined> {
      if (kept === undefined || world.now() >= new Date(kept.until)) return undefined;
      try {
        return (await sealing.open(kept.sealed, contextOf(personId))).split(' ');
      } catch (error) {
        if (error instanceof SealingOpenError) return undefined;
        throw error;
      }
    },

    /** Whether codes of this person were made with a key that is being replaced. */
    areOutdated: (personId: string): Promise<boolean> => recoveryCodeStore(db).hasOfOther(personId, [current]),

    left: (personId: string): Promise<number> => recoveryCodeStore(db).left(personId),

    /**
     * Checks a code at sign-in or step-up, with every key; each code works once.
     *
     * @throws {PortalError} `unavailable` if the code may be right, but the key of this person's codes is missing
     */
    verify: (attempt: CodeAttempt): Promise<CodeVerdict> =>
      attempts.judge(attempt, 'person.recovery_code_used', async () => {
        const code = readRecoveryCode(attempt.code);
        if (code === undefined) return undefined;
        const { personId } = attempt;
        const hashed = await recoveryCodeStore(db).find(personId, hashesOf(personId, code));
        if (hashed !== undefined) return (trx) => recoveryCodeStore(trx).use(personId, hashed);
        if (await recoveryCodeStore(db).hasOfOther(personId, sealing.kids)) throw new PortalError('unavailable');
        return undefined;
      }),
  };
}

export type RecoveryCodeService = ReturnType<typeof recoveryCodeService>;
