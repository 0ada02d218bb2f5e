import { Secret, TOTP } from 'otpauth';
import type { Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex } from '../platform/database.js';
import type { Opener, Sealer } from '../platform/sealing.js';
import type { World } from '../platform/world.js';
import { personStore } from './person-store.js';
import type { Person } from './account-types.js';
import { deleteSessionsOf } from './session-store.js';
import type { SignInThrottle } from './sign-in-throttle.js';

const PERIOD_SECONDS = 30;

type Dependencies = {
  db: Knex;
  world: World;
  sealing: Promise<Sealer & Opener>;
  throttle: SignInThrottle;
  issuer: string;
};

/** What an authenticator app needs, and a person who types it. */
export type Enrolment = { uri: string; secret: string };

/** `use` spends the code and writes its trace; call it in the transaction that acts on it. False: it was spent. */
export type CodeVerdict =
  { kind: 'right'; use: (trx: Knex) => Promise<boolean> } | { kind: 'wrong' } | { kind: 'wait'; until: Date };

export type CodeAttempt = { personId: string; code: string; knownDevice: string | undefined; origin: Origin };

/** Time-based one-time passwords (RFC 6238), six digits, ±1 step, each step once. */
export function secondFactorService({ db, world, sealing, throttle, issuer }: Dependencies) {
  const contextOf = (personId: string) => ({ table: 'people', tenantId: '', rowId: personId, purpose: 'totp' });

  async function totpOf(person: Person): Promise<TOTP | undefined> {
    const sealed = await personStore(db).totpSealedOf(person.id);
    if (sealed === null) return undefined;
    const secret = await (await sealing).open(sealed, contextOf(person.id));
    return new TOTP({ issuer, label: person.email, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });
  }

  /** @returns the step (RFC 6238 §4.2, `T`) the code is of, or undefined */
  function stepOf(totp: TOTP, code: string, now: Date): number | undefined {
    const digits = code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(digits)) return undefined;
    const delta = totp.validate({ token: digits, window: 1, timestamp: now.getTime() });
    return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
  }

  const refuse = (personId: string, origin: Origin) =>
    auditStore(db, world).append({
      action: 'person.second_factor_refused',
      actor: { kind: 'person', id: personId },
      target: personId,
      outcome: 'refused',
      origin,
    });

  async function judge(
    attempt: CodeAttempt,
    confirmed: boolean,
    use: (trx: Knex, step: number) => Promise<boolean>,
  ): Promise<CodeVerdict> {
    const { personId, origin } = attempt;
    const now = world.now();
    const tried = { what: 'code', account: personId, ip: origin.ip, knownDevice: attempt.knownDevice } as const;
    const until = await throttle.reserve(tried, now);
    if (until) return { kind: 'wait', until };
    const person = await personStore(db).find(personId);
    const totp = person?.hasSecondFactor === confirmed ? await totpOf(person) : undefined;
    const step = totp && stepOf(totp, attempt.code, now);
    if (step === undefined) {
      await refuse(personId, origin);
      return { kind: 'wrong' };
    }
    return {
      kind: 'right',
      use: async (trx) => {
        if (!(await use(trx, step))) return false;
        await throttle.succeeded(trx, tried);
        await auditStore(trx, world).append({
          action: confirmed ? 'person.second_factor_passed' : 'person.second_factor_enrolled',
          actor: { kind: 'person', id: personId },
          target: personId,
          outcome: 'ok',
          origin,
        });
        return true;
      },
    };
  }

  return {
    /** Makes a secret where there is none. In the transaction of the POST that leads to the page showing it. */
    async prepareEnrolment(trx: Knex, personId: string): Promise<void> {
      const secret = new Secret({ buffer: Uint8Array.from(world.randomBytes(20)).buffer });
      const { jwe } = await (await sealing).seal(secret.base32, contextOf(personId));
      await personStore(trx).beginTotp(personId, jwe);
    },

    /** @returns undefined when there is nothing to enrol: not begun, or confirmed already */
    async enrolment(personId: string): Promise<Enrolment | undefined> {
      const person = await personStore(db).find(personId);
      if (!person || person.hasSecondFactor) return undefined;
      const totp = await totpOf(person);
      return totp && { uri: totp.toString(), secret: totp.secret.base32 };
    },

    /** Judges the first code of a new authenticator. Using it ends every session of the person. */
    confirm: (attempt: CodeAttempt): Promise<CodeVerdict> =>
      judge(attempt, false, async (trx, step) => {
        if (!(await personStore(trx).confirmTotp(attempt.personId, step, world.now()))) return false;
        await deleteSessionsOf(trx, attempt.personId);
        return true;
      }),

    /** Judges a code at sign-in or step-up. */
    verify: (attempt: CodeAttempt): Promise<CodeVerdict> =>
      judge(attempt, true, (trx, step) => personStore(trx).useTotpStep(attempt.personId, step)),

    refuse,
  };
}

export type SecondFactorService = ReturnType<typeof secondFactorService>;
