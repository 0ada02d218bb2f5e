import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import { staffRoles, type Person, type ServiceBase, type StaffRole } from '../people/account-types.js';
import { readEmailAddress } from '../people/email-address.js';
import { oneTimeLinkStore, ownerOfLink } from '../people/one-time-link-store.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { judgePassword, type PasswordProblem } from '../passwords/password-rules.js';
import { ownActs } from '../people/own-acts.js';
import { personStore, type PersonStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';
import { deleteSessionsOf } from '../sessions/session-store.js';

const SETUP_LIFETIME_MS = 24 * 3600_000;
export const LONGEST_PERSON_NAME = 100;

type Dependencies = ServiceBase & {
  hasher: PasswordHasher;
  publicUrl: string;
  productWords: readonly string[];
};

type CreatedStaff =
  | { ok: true; personId: string; url: string; expiresAt: Date }
  | { ok: false; problem: 'email_unreadable' | 'name_missing' | 'name_too_long' | 'role_unknown' | 'address_in_use' };

/**
 * `finish` makes the change; call it in the transaction that begins the browser session. False: the link is used up.
 */
type SetupVerdict =
  | { kind: 'ready'; personId: string; finish: (trx: Knex) => Promise<boolean> }
  | { kind: 'refused'; problem: PasswordProblem }
  | { kind: 'spent' };

/** The ISV's staff. The operator of the server creates a member of staff, who alone completes the setup. */
export function staffService({ db, transaction, world, hasher, publicUrl, productWords }: Dependencies) {
  /** What a change of a member of staff may use. */
  const open = (trx: Knex) => ({
    audit: auditStore(trx, world),
    people: personStore(trx),
    links: oneTimeLinkStore(trx, 'staff_setup'),
    ...boundTo(trx, { deleteSessionsOf }),
  });
  const inAddressLock = inLock(transaction, 'address', open);

  return {
    /**
     * @returns a link, valid once within 24 hours, on which the person chooses a password. Calling it again before
     * that issues a new link and invalidates the earlier one.
     */
    async createStaff(
      asked: { email: string; name: string; role: string },
      actor: Actor = { kind: 'command_line' },
      origin?: Origin,
    ): Promise<CreatedStaff> {
      const email = readEmailAddress(asked.email);
      const name = asked.name.trim();
      if (email === undefined) return { ok: false, problem: 'email_unreadable' };
      if (name === '' || /\p{Cc}/u.test(name)) return { ok: false, problem: 'name_missing' };
      if (name.length > LONGEST_PERSON_NAME) return { ok: false, problem: 'name_too_long' };
      const role = staffRoles.find((known) => known === asked.role);
      if (role === undefined) return { ok: false, problem: 'role_unknown' };
      const now = world.now();
      const token = newToken(world);
      const expiresAt = new Date(now.getTime() + SETUP_LIFETIME_MS);
      const personId = await inAddressLock(email, async ({ people, links, audit }) => {
        const id = await addOrFindUnfinished(people, { email, name, role }, now);
        if (id === undefined) return undefined;
        await links.replace({ id: world.newId(), token, personId: id, expiresAt }, now);
        await audit.append({ action: 'staff.created', actor, target: id, outcome: 'ok', detail: { role }, origin });
        return id;
      });
      if (personId === undefined) return { ok: false, problem: 'address_in_use' };
      return { ok: true, personId, url: new URL(`/setup/${token}`, publicUrl).href, expiresAt };
    },

    /** The person whose link this is; changes nothing. */
    personOfLink: (token: string): Promise<Person | undefined> => ownerOfLink(db, 'staff_setup', token, world.now()),

    /** Validates the password chosen on a setup link. */
    async setUp(token: string, password: string, origin: Origin): Promise<SetupVerdict> {
      const person = await this.personOfLink(token);
      if (!person) return { kind: 'spent' };
      const problem = judgePassword(password, [...productWords, person.email, person.name]);
      if (problem) return { kind: 'refused', problem };
      const passwordHash = await hasher.hash(password); // before the transaction, because hashing is slow
      return {
        kind: 'ready',
        personId: person.id,
        finish: async (trx) => {
          const unit = open(trx);
          if (!(await unit.links.use(token, world.now()))) return false;
          await unit.people.setPasswordHash(person.id, passwordHash);
          await unit.deleteSessionsOf(person.id);
          await ownActs(trx, world)('person.password_set', person.id, origin);
          return true;
        },
      };
    },
  };

  async function addOrFindUnfinished(
    people: PersonStore,
    staff: { email: string; name: string; role: StaffRole },
    now: Date,
  ): Promise<string | undefined> {
    const id = world.newId();
    if (await people.add({ id, email: staff.email, name: staff.name, passwordHash: null }, now)) {
      await people.addStaff(id, staff.role, now);
      return id;
    }
    const existing = await people.findByEmail(staff.email);
    const unfinished = existing?.staffRole === staff.role && !existing.hasPassword && !existing.disabled;
    return unfinished ? existing.id : undefined;
  }
}

export type StaffService = ReturnType<typeof staffService>;
