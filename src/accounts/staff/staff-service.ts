import type { Actor, AuditAction, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { isForStaffRole } from '../../notifications/audience.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock, lockFor } from '../../platform/database/lock.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { judgePassword, type PasswordProblem } from '../passwords/password-rules.js';
import type { AccountMails, SecurityNotice, StaffNotice } from '../people/account-mails.js';
import {
  staffRoles,
  type Person,
  type ServiceBase,
  type StaffMember,
  type StaffRole,
} from '../people/account-types.js';
import { readEmailAddress } from '../people/email-address.js';
import { closeLinksOf, oneTimeLinkStore, ownerOfLink } from '../people/one-time-link-store.js';
import { ownActs } from '../people/own-acts.js';
import { readPersonName } from '../people/person-name.js';
import { personStore, type PersonStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';
import { removeSecondFactor } from '../second-factor/second-factor-service.js';
import { deleteSessionsOf, lastSeenOf } from '../sessions/session-store.js';

const SETUP_LIFETIME_MS = 24 * 3600_000;

type Dependencies = ServiceBase & {
  hasher: PasswordHasher;
  mails: Pick<AccountMails, 'securityNotice' | 'staffChanged' | 'link'>;
  publicUrl: string;
  productWords: readonly string[];
};

export type StaffProblem = 'email_unreadable' | 'name_missing' | 'name_too_long' | 'role_unknown' | 'address_in_use';
type CreatedStaff = { ok: true; personId: string; url: string; expiresAt: Date } | { ok: false; problem: StaffProblem };

/**
 * What became of a change. `unchanged`: it was so already. `not_staff`: there is no such member of staff, or the person
 * who asks is no longer an administrator.
 */
export type StaffChange = 'changed' | 'unchanged' | 'not_staff' | 'role_unknown' | 'own_account' | 'last_administrator';

export type By = { actor: Actor; origin?: Origin | undefined };
/** Pages know the id, the command line the address. */
export type Who = { id: string } | { email: string };

/**
 * `finish` makes the change; call it in the transaction that begins the browser session. False: the link is used up.
 */
type SetupVerdict =
  | { kind: 'ready'; personId: string; finish: (trx: Knex) => Promise<boolean> }
  | { kind: 'refused'; problem: PasswordProblem }
  | { kind: 'spent' };

/**
 * The ISV's staff. The operator of the server creates the first member; administrators invite others. Each completes
 * the setup alone. There is always an administrator who can sign in.
 */
export function staffService({ db, transaction, world, hasher, mails, publicUrl, productWords }: Dependencies) {
  /** What a change of a member of staff may use. */
  const open = (trx: Knex) => ({
    audit: auditStore(trx, world),
    people: personStore(trx),
    links: oneTimeLinkStore(trx, 'staff_setup'),
    lockPerson: (personId: string) => lockFor(trx, 'person', personId),
    ...boundTo(trx, {
      deleteSessionsOf,
      closeLinksOf,
      removeSecondFactor,
      mailLink: mails.link,
      securityNotice: mails.securityNotice,
      staffChanged: mails.staffChanged,
    }),
  });
  type Unit = ReturnType<typeof open>;
  const inAddressLock = inLock(transaction, 'address', open);
  /** One lock for all staff, because the rule about the last administrator concerns all of them. */
  const inStaffLock = inLock(transaction, 'staff', open);

  const mayRead = ({ staffRole, hasPassword, disabled }: Person): boolean =>
    staffRole !== null && isForStaffRole('staffChanged', staffRole) && hasPassword && !disabled;
  const isActiveAdministrator = (person: Person | undefined): boolean =>
    person?.staffRole === 'administrator' && person.hasPassword && !person.disabled;

  /** Whether no one could administer the portal without this person. */
  async function isLastAdministrator({ people }: Unit, person: Person): Promise<boolean> {
    if (!isActiveAdministrator(person)) return false;
    return !(await people.staffMembers()).some((other) => other.id !== person.id && isActiveAdministrator(other));
  }

  /** Mails the administrators who neither made the change nor are its target. */
  async function tellOthers(
    { people, staffChanged }: Unit,
    notice: StaffNotice,
    { id, email, role }: { id: string; email: string; role: StaffRole },
    { actor }: By,
  ): Promise<void> {
    const actorId = actor.kind === 'person' ? actor.id : undefined;
    const by = actorId === undefined ? null : ((await people.find(actorId))?.email ?? null);
    for (const other of await people.staffMembers())
      if (mayRead(other) && other.id !== id && other.id !== actorId)
        await staffChanged(other, { notice, email, role, by, at: world.now() });
  }

  /** @param act makes the change; what it returns says whether there is anything to record */
  const change = (
    who: Who,
    by: By,
    told: { action: AuditAction; notice: SecurityNotice; others: StaffNotice },
    act: (unit: Unit, person: Person & { staffRole: StaffRole }) => Promise<StaffChange | { detail: Detail }>,
  ): Promise<StaffChange> =>
    inStaffLock('all', async (unit) => {
      const { people } = unit;
      const person =
        'id' in who ? await people.find(who.id) : await people.findByEmail(readEmailAddress(who.email) ?? '');
      if (!person || person.staffRole === null) return 'not_staff';
      if (by.actor.kind === 'person') {
        if (!isActiveAdministrator(await people.find(by.actor.id))) return 'not_staff';
        if (by.actor.id === person.id) return 'own_account';
      }
      await unit.lockPerson(person.id);
      const done = await act(unit, { ...person, staffRole: person.staffRole });
      if (typeof done === 'string') return done;
      await unit.deleteSessionsOf(person.id);
      await unit.audit.append({ action: told.action, target: person.id, outcome: 'ok', ...done, ...by });
      await unit.securityNotice(told.notice, { person, at: world.now() });
      const role = (await unit.people.find(person.id))?.staffRole ?? person.staffRole;
      await tellOthers(unit, told.others, { ...person, role }, by);
      return 'changed';
    });

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

  /** @param mailed whether the link is mailed to the person; otherwise only the caller knows it */
  async function create(
    asked: { email: string; name: string; role: string },
    { actor, origin }: By,
    mailed: boolean,
  ): Promise<CreatedStaff> {
    const email = readEmailAddress(asked.email);
    if (email === undefined) return { ok: false, problem: 'email_unreadable' };
    const named = readPersonName(asked.name);
    if (named.problem) return { ok: false, problem: `name_${named.problem}` };
    const { name } = named;
    const role = staffRoles.find((known) => known === asked.role);
    if (role === undefined) return { ok: false, problem: 'role_unknown' };
    const now = world.now();
    const token = newToken(world);
    const expiresAt = new Date(now.getTime() + SETUP_LIFETIME_MS);
    const url = new URL(`/setup/${token}`, publicUrl).href;
    const personId = await inAddressLock(email, async (unit) => {
      const { people, links, audit, mailLink } = unit;
      const id = await addOrFindUnfinished(people, { email, name, role }, now);
      if (id === undefined) return undefined;
      const linkId = world.newId();
      await links.replace({ id: linkId, token, personId: id, expiresAt }, now);
      if (mailed)
        await mailLink('staffSetup', { id, email, language: null, staffRole: role }, { id: linkId, url, expiresAt });
      await audit.append({ action: 'staff.created', actor, target: id, outcome: 'ok', detail: { role }, origin });
      await tellOthers(unit, 'created', { id, email, role }, { actor });
      return id;
    });
    if (personId === undefined) return { ok: false, problem: 'address_in_use' };
    return { ok: true, personId, url, expiresAt };
  }

  return {
    /**
     * @returns a link, valid once within 24 hours, on which the person chooses a password. Calling it again before
     * that issues a new link and invalidates the earlier one.
     */
    createStaff: (
      asked: { email: string; name: string; role: string },
      actor: Actor = { kind: 'command_line' },
      origin?: Origin,
    ): Promise<CreatedStaff> => create(asked, { actor, origin }, false),

    /** The same, but the link goes to the person's mailbox, and the caller does not see it. */
    async inviteStaff(
      asked: { email: string; name: string; role: string },
      by: By,
    ): Promise<{ ok: true } | { ok: false; problem: StaffProblem }> {
      const created = await create(asked, by, true);
      return created.ok ? { ok: true } : created;
    },

    /** Everyone, also those who are disabled; by name. */
    async list(): Promise<StaffMember[]> {
      const found = await personStore(db).staffMembers();
      const seen = await lastSeenOf(
        db,
        found.map(({ id }) => id),
      );
      return found.map((member) => ({ ...member, lastUsedAt: seen.get(member.id) ?? member.lastUsedAt }));
    },

    /** Ends their sessions and links; signing in is refused from now on. */
    disable: (who: Who, by: By): Promise<StaffChange> =>
      change(
        who,
        by,
        { action: 'staff.disabled', notice: 'staffDisabled', others: 'disabled' },
        async (unit, person) => {
          if (person.disabled) return 'unchanged';
          if (await isLastAdministrator(unit, person)) return 'last_administrator';
          await unit.people.setDisabledAt(person.id, world.now());
          await unit.closeLinksOf(person.id, world.now());
          return { detail: {} };
        },
      ),

    enable: (who: Who, by: By): Promise<StaffChange> =>
      change(
        who,
        by,
        { action: 'staff.enabled', notice: 'staffEnabled', others: 'enabled' },
        async ({ people }, person) => {
          if (!person.disabled) return 'unchanged';
          await people.setDisabledAt(person.id, null);
          return { detail: {} };
        },
      ),

    setRole: (who: Who, asked: string, by: By): Promise<StaffChange> =>
      change(
        who,
        by,
        { action: 'staff.role_changed', notice: 'staffRoleChanged', others: 'roleChanged' },
        async (unit, person) => {
          const role = staffRoles.find((known) => known === asked);
          if (role === undefined) return 'role_unknown';
          if (role === person.staffRole) return 'unchanged';
          if (await isLastAdministrator(unit, person)) return 'last_administrator';
          await unit.people.setStaffRole(person.id, role);
          return { detail: { from: person.staffRole, to: role } };
        },
      ),

    /** For a person who has lost app and recovery codes; the next sign-in sets up another app. */
    resetSecondFactor: (who: Who, by: By): Promise<StaffChange> =>
      change(
        who,
        by,
        { action: 'staff.second_factor_reset', notice: 'secondFactorReset', others: 'secondFactorReset' },
        async (unit, person) => ((await unit.removeSecondFactor(person.id)) ? { detail: {} } : 'unchanged'),
      ),

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
}

type Detail = Record<string, string>;
export type StaffService = ReturnType<typeof staffService>;
