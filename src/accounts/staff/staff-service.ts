import type { Actor, AuditAction, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { isForStaffRole } from '../../notifications/audience.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock, lockFor } from '../../platform/database/lock.js';
import type { AccountMails, SecurityNotice, StaffNotice } from '../people/account-mails.js';
import {
  isLocalAdministrator,
  isSetUp,
  staffRoles,
  type Person,
  type ServiceBase,
  type StaffMember,
  type StaffRole,
} from '../people/account-types.js';
import { readEmailAddress } from '../people/email-address.js';
import { closeLinksOf, oneTimeLinkStore } from '../people/one-time-link-store.js';
import { readPersonName } from '../people/person-name.js';
import { personStore, type PersonStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';
import { removeSecondFactor } from '../second-factor/second-factor-service.js';
import { deleteSessionsOf, lastSeenOf } from '../sessions/session-store.js';
import { staffSetup, type SetupDependencies } from './staff-setup.js';
import type { By, CreatedStaff, StaffChange, StaffProblem, Who } from './staff-types.js';

const SETUP_LIFETIME_MS = 24 * 3600_000;

type Dependencies = ServiceBase &
  SetupDependencies & {
    mails: Pick<AccountMails, 'securityNotice' | 'staffChanged' | 'link'>;
    publicUrl: string;
    /** Whether staff who are invited sign in with an account of their company. */
    companySignIn: boolean;
  };

/**
 * The ISV's staff. The operator of the server creates the first member; administrators invite others. Each completes
 * the setup alone. There is always an administrator who can sign in.
 */
export function staffService(deps: Dependencies) {
  const { db, transaction, world, mails, publicUrl, companySignIn } = deps;
  /** What a change of a member of staff may use. */
  const open = (trx: Knex) => ({
    audit: auditStore(trx, world),
    people: personStore(trx),
    links: oneTimeLinkStore(trx, 'staff_setup'),
    companyLinks: oneTimeLinkStore(trx, 'company_setup'),
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

  const isActive = (person: Person): boolean => isSetUp(person) && !person.disabled;
  const mayRead = (person: Person): boolean =>
    person.staffRole !== null && isForStaffRole('staffChanged', person.staffRole) && isActive(person);
  const isActiveAdministrator = (person: Person | undefined): boolean =>
    person?.staffRole === 'administrator' && isActive(person);

  /** Whether no one could administer the portal without this person, also while the company's server is down. */
  async function isLastAdministrator({ people }: Unit, person: Person): Promise<boolean> {
    if (!isLocalAdministrator(person)) return false;
    return !(await people.staffMembers()).some((other) => other.id !== person.id && isLocalAdministrator(other));
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
    const unfinished = existing?.staffRole === staff.role && !isSetUp(existing) && !existing.disabled;
    return unfinished ? existing.id : undefined;
  }

  /** A mailed link leads to the company; one that the operator of the server asks for leads to a password. */
  function newSetupLink(mailed: boolean) {
    const token = newToken(world);
    const expiresAt = new Date(world.now().getTime() + SETUP_LIFETIME_MS);
    const byCompany = mailed && companySignIn;
    const path = byCompany ? `/sign-in/company/invitations/${token}` : `/setup/${token}`;
    return { id: world.newId(), token, expiresAt, byCompany, url: new URL(path, publicUrl).href };
  }

  async function giveSetupLink(
    { links, companyLinks, mailLink }: Unit,
    { byCompany, ...link }: ReturnType<typeof newSetupLink>,
    person: Pick<Person, 'id' | 'email' | 'language' | 'staffRole'>,
    mailed: boolean,
  ): Promise<void> {
    const now = world.now();
    await links.close(person.id, now);
    await (byCompany ? companyLinks : links).replace({ ...link, personId: person.id }, now);
    if (mailed) await mailLink('staffSetup', person, { ...link, byCompany });
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
    const link = newSetupLink(mailed);
    const personId = await inAddressLock(email, async (unit) => {
      const { people, audit } = unit;
      const id = await addOrFindUnfinished(people, { email, name, role }, now);
      if (id === undefined) return undefined;
      await giveSetupLink(unit, link, { id, email, language: null, staffRole: role }, mailed);
      await audit.append({ action: 'staff.created', actor, target: id, outcome: 'ok', detail: { role }, origin });
      await tellOthers(unit, 'created', { id, email, role }, { actor });
      return id;
    });
    if (personId === undefined) return { ok: false, problem: 'address_in_use' };
    return { ok: true, personId, url: link.url, expiresAt: link.expiresAt };
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

    /**
     * For a member of staff whose account at the company is gone or was replaced: removes it and mails another link to
     * set one up.
     *
     * @returns the link instead, if the operator of the server asks
     */
    async removeCompanyAccount(who: Who, by: By): Promise<StaffChange | { url: string }> {
      const mailed = by.actor.kind === 'person';
      const link = newSetupLink(mailed);
      const notice = 'companyAccountRemoved';
      const told = { action: 'staff.company_account_removed', notice, others: notice } as const;
      const done = await change(who, by, told, async (unit, person) => {
        if (!(await unit.people.removeCompanyAccount(person.id))) return 'unchanged';
        await giveSetupLink(unit, link, person, mailed);
        return { detail: {} };
      });
      return done === 'changed' && !mailed ? { url: link.url } : done;
    },

    /** Tells the other administrators that one signed in with a password, past the company's server. */
    tellOfLocalSignIn: (trx: Knex, person: Person): Promise<void> =>
      tellOthers(
        open(trx),
        'signedInLocally',
        { ...person, role: person.staffRole ?? 'auditor' },
        { actor: { kind: 'person', id: person.id } },
      ),

    ...staffSetup(deps),
  };
}

type Detail = Record<string, string>;
export type StaffService = ReturnType<typeof staffService>;
