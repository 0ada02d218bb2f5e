import type { Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import { needsSecondFactor, type Person, type ServiceBase } from '../people/account-types.js';
import { deviceStore } from '../sessions/device-store.js';
import { readEmailAddress } from '../people/email-address.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { ownActs } from '../people/own-acts.js';
import { personStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';
import type { SignInThrottle } from '../passwords/sign-in-throttle.js';

type Dependencies = Omit<ServiceBase, 'transaction'> & {
  hasher: PasswordHasher;
  throttle: SignInThrottle;
  /** In the given transaction, tells a person by mail that an unknown browser signed in. */
  tellOfNewDevice: (trx: Knex, person: Person, at: Date) => Promise<void>;
  /** The same of a member of staff who signed in with a password, if staff have accounts of their company. */
  tellOfLocalStaff?: ((trx: Knex, person: Person, at: Date) => Promise<void>) | undefined;
};

export type SignInMethod = 'password' | 'second_factor' | 'recovery_code' | 'invitation' | 'setup' | 'company';
type PasswordAttempt = { email: string; password: string; device: string | undefined; origin: Origin };
/**
 * `isCurrent`: whether this is still the person's password, checked in the transaction that acts on it. Checking a
 * password is slow, and a browser session must not begin with a password that was changed meanwhile because it was
 * compromised.
 */
export type PasswordVerdict =
  | { kind: 'right'; person: Person; isCurrent: (trx: Knex) => Promise<boolean> }
  | { kind: 'wrong' }
  | { kind: 'wait'; until: Date };

export function signInService(deps: Dependencies) {
  const { db, world, hasher, throttle, tellOfNewDevice, tellOfLocalStaff } = deps;
  /** The browser's token, if this person has signed in with it before. */
  async function knownDevice(personId: string, device: string | undefined): Promise<string | undefined> {
    if (device === undefined) return undefined;
    return (await deviceStore(db).knows(device, personId, world.now())) ? device : undefined;
  }

  return {
    knownDevice,

    async find(personId: string): Promise<Person | undefined> {
      const found = await personStore(db).find(personId);
      return found?.disabled ? undefined : found;
    },

    /** Does the same amount of work for an unknown address, a disabled person and a wrong password. */
    async verifyPassword({ email, password, device, origin }: PasswordAttempt): Promise<PasswordVerdict> {
      const address = readEmailAddress(email);
      const found = await personStore(db).findByEmail(address ?? '');
      const person = found?.disabled ? undefined : found;
      const account = person?.id ?? address ?? 'no address';
      const known = await knownDevice(person?.id ?? '', device);
      const tried = { what: 'password', account, ip: origin.ip, knownDevice: known } as const;
      return throttle.counting<PasswordVerdict>(tried, world.now(), async () => {
        const { hash: stored, version } = await personStore(db).passwordOf(person?.id ?? '');
        const lane = known === undefined ? 'stranger' : 'known';
        const { right, outdated } = await hasher.verify(stored, password, lane);
        if (!right || !person || stored === null) {
          await auditStore(db, world).append({
            action: 'person.sign_in_refused',
            actor: { kind: 'nobody' },
            target: person?.id, // an unknown address is not recorded: it may be a mistyped password
            outcome: 'refused',
            origin,
          });
          return { kind: 'wrong' };
        }
        if (outdated) await personStore(db).replacePasswordHash(person.id, stored, await hasher.hash(password));
        await throttle.succeeded(db, tried);
        return {
          kind: 'right',
          person,
          isCurrent: async (trx) => {
            await lockFor(trx, 'person', person.id);
            return (await personStore(trx).passwordOf(person.id)).version === version;
          },
        };
      });
    },

    /**
     * Writes the audit row of a completed sign-in and remembers the browser, in the transaction that begins the
     * browser session.
     *
     * @returns the browser's new token, if this browser was not known for the person
     */
    async complete(
      trx: Knex,
      person: Person,
      by: { device: string | undefined; origin: Origin; how: SignInMethod; byCompany?: boolean },
    ): Promise<string | undefined> {
      const now = world.now();
      const devices = deviceStore(trx);
      const known = by.device !== undefined && (await devices.knows(by.device, person.id, now));
      const token = known ? undefined : newToken(world);
      if (token !== undefined) {
        if (await devices.knowsAnyOf(person.id)) await tellOfNewDevice(trx, person, now);
        await devices.remember({ id: person.id, token, oldToken: by.device }, now);
      }
      await personStore(trx).setLastUsedAt(person.id, now);
      const local = tellOfLocalStaff && person.staffRole !== null && by.byCompany !== true;
      if (local) await tellOfLocalStaff(trx, person, now);
      const detail = {
        how: by.how,
        secondFactor: needsSecondFactor(person),
        knownDevice: known,
        ...(local ? { local: true } : {}),
      };
      await ownActs(trx, world)('person.signed_in', person.id, by.origin, { detail });
      return token;
    },
  };
}

export type SignInService = ReturnType<typeof signInService>;
