import { Secret, TOTP } from 'otpauth';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import {
  kidOf,
  SealingKeyMissingError,
  SealingOpenError,
  type KeyRing,
  type Sealed,
} from '../../platform/sealing/sealing.js';
import type { Person, ServiceBase } from '../people/account-types.js';
import type { CodeAttempt, CodeAttempts, CodeVerdict } from '../passwords/code-attempts.js';
import { personStore } from '../people/person-store.js';
import { recoveryCodeStore } from './recovery-code-store.js';
import { deleteSessionsOf } from '../sessions/session-store.js';

const PERIOD_SECONDS = 30;
const ENROLMENT_MS = 15 * 60_000;

/**
 * A secret that waits for its first code. It exists only in the browser session that created it, so no one can trick
 * a person into confirming a secret that someone else has seen.
 */
export type PendingEnrolment = { sealed: string; until: string };

declare module 'express-session' {
  interface SessionData {
    enrolment?: PendingEnrolment;
  }
}

type Dependencies = Omit<ServiceBase, 'transaction'> & {
  sealing: KeyRing;
  attempts: CodeAttempts;
  issuer: string;
};

/** What an authenticator app needs, and the secret for typing. */
export type Enrolment = { uri: string; secret: string };

/** Time-based one-time passwords (RFC 6238): six digits, ±1 step, each step usable once. */
export function secondFactorService({ db, world, sealing, attempts, issuer }: Dependencies) {
  const contextOf = (personId: string) => ({ table: 'people', tenantId: '', rowId: personId, purpose: 'totp' });

  async function totpOf({ id, email }: Pick<Person, 'id' | 'email'>, sealed: string): Promise<TOTP> {
    const secret = await sealing.open(sealed, contextOf(id));
    return new TOTP({ issuer, label: email, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });
  }

  const usedTotp = (person: Person, sealed: string) =>
    totpOf(person, sealed).catch((cause: unknown) => {
      if (cause instanceof SealingKeyMissingError) throw new PortalError('unavailable', { cause });
      throw cause;
    });

  /** @returns null if the key that seals now has already sealed it */
  const underCurrentKey = async (personId: string, totp: TOTP, sealed: string): Promise<Sealed | null> =>
    kidOf(sealed) === sealing.kids[0] ? null : sealing.seal(totp.secret.base32, contextOf(personId));

  /** @returns undefined if it has expired, or is sealed with a key that is no longer available */
  async function pendingTotp(person: Person, pending: PendingEnrolment | undefined): Promise<TOTP | undefined> {
    if (pending === undefined || world.now() >= new Date(pending.until)) return undefined;
    try {
      return await totpOf(person, pending.sealed);
    } catch (error) {
      if (error instanceof SealingOpenError) return undefined;
      throw error;
    }
  }

  /** @returns the time step (RFC 6238 §4.2, `T`) of the code, or undefined */
  function stepOf(totp: TOTP, code: string, now: Date): number | undefined {
    const digits = code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(digits)) return undefined;
    const delta = totp.validate({ token: digits, window: 1, timestamp: now.getTime() });
    return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
  }

  return {
    /** Creates a secret for the browser session, in which the person can set up an app within 15 minutes. */
    async beginEnrolment(personId: string): Promise<PendingEnrolment> {
      const secret = new Secret({ buffer: Uint8Array.from(world.randomBytes(20)).buffer });
      const { jwe } = await sealing.seal(secret.base32, contextOf(personId));
      return { sealed: jwe, until: new Date(world.now().getTime() + ENROLMENT_MS).toISOString() };
    },

    async enrolment(person: Person, pending: PendingEnrolment | undefined): Promise<Enrolment | undefined> {
      const totp = await pendingTotp(person, pending);
      return totp && { uri: totp.toString(), secret: totp.secret.base32 };
    },

    /**
     * Checks the first code of a new app. Using the verdict replaces the previous app, if any, and ends every
     * browser session of the person.
     */
    async confirm(attempt: CodeAttempt, pending: PendingEnrolment | undefined): Promise<CodeVerdict> {
      const { personId } = attempt;
      const before = await personStore(db).totpSealedOf(personId);
      return attempts.judge(attempt, 'person.second_factor_enrolled', async (now) => {
        const person = await personStore(db).find(personId);
        const totp = person && (await pendingTotp(person, pending));
        const step = totp && stepOf(totp, attempt.code, now);
        if (step === undefined || pending === undefined) return undefined;
        return async (trx) => {
          const confirmed = { sealed: pending.sealed, kid: kidOf(pending.sealed), step, at: now };
          if (!(await personStore(trx).confirmTotp(personId, before, confirmed))) return false;
          await deleteSessionsOf(trx, personId);
          return true;
        };
      });
    },

    /**
     * Checks a code at sign-in or step-up. A right one also re-seals a secret whose key is being replaced.
     *
     * @throws {PortalError} `unavailable` if the key of the secret is missing; does not count as an attempt
     */
    async verify(attempt: CodeAttempt): Promise<CodeVerdict> {
      const { personId } = attempt;
      const person = await personStore(db).find(personId);
      const sealed = await personStore(db).totpSealedOf(personId);
      const totp = person && sealed !== null ? await usedTotp(person, sealed) : undefined;
      return attempts.judge(attempt, 'person.second_factor_passed', async (now) => {
        if (totp === undefined || sealed === null) return undefined;
        const step = stepOf(totp, attempt.code, now);
        if (step === undefined) return undefined;
        const resealed = await underCurrentKey(personId, totp, sealed);
        return async (trx) => {
          if (!(await personStore(trx).useTotpStep(personId, step))) return false;
          if (resealed) await personStore(trx).replaceTotpSeal(personId, sealed, resealed);
          return true;
        };
      });
    },
  };
}

/** Removes app and recovery codes and ends every browser session. @returns false if there was no app */
export async function removeSecondFactor(trx: Knex, personId: string): Promise<boolean> {
  if (!(await personStore(trx).removeTotp(personId))) return false;
  await recoveryCodeStore(trx).deleteAllOf(personId);
  await deleteSessionsOf(trx, personId);
  return true;
}

export type SecondFactorService = ReturnType<typeof secondFactorService>;
