import type { Knex } from '../../platform/database/database.js';
import { clinicRoles, type ClinicRole } from '../../app/clinic-roles.js';
import { isForClinicRole, isForStaffRole, type MailName } from '../../notifications/audience.js';
import { tenantReader } from '../../tenants/tenant-reader.js';
import { PortalError } from '../../platform/errors.js';
import type { Language } from '../../texts/languages.js';
import { staffRoles, type Person, type StaffRole } from './account-types.js';
import { personStore } from './person-store.js';

export type Member = Person & { since: Date; role: ClinicRole };

/** The reader of a mail. Staff read English unless they chose another language. */
export type Reader = { email: string; language: Language | null; isStaff: boolean };

const rolesFor = (mail: MailName) => staffRoles.filter((role) => isForStaffRole(mail, role));

/** What other capabilities may read about people, through a handle inside or outside a transaction. */
export const peopleDirectory = (db: Knex) => {
  const find = async (id: string): Promise<Person | undefined> => (await personStore(db).byIds([id])).get(id);

  return {
    /** For pages that show the names of people by id. */
    byIds: (ids: readonly string[]): Promise<Map<string, Person>> => personStore(db).byIds(ids),
    /** In the order in which they joined, without disabled accounts. */
    membersOf: async (tenantId: string): Promise<Member[]> => {
      const memberships = await tenantReader(db).members(tenantId);
      const people = await personStore(db).byIds(memberships.map(({ personId }) => personId));
      return memberships.flatMap(({ personId, since, role }) => {
        const person = people.get(personId);
        return person ? [{ ...person, since, role }] : [];
      });
    },
    /** The ids of the members who may sign in and get this mail. */
    membersFor: async (mail: MailName, tenantId: string): Promise<string[]> => {
      const members = (await tenantReader(db).members(tenantId)).filter(({ role }) => isForClinicRole(mail, role));
      return [...(await personStore(db).byIds(members.map(({ personId }) => personId))).keys()].sort();
    },
    /** The people with an account who were members when the clinic left, and get this mail. */
    formerMembersFor: async (mail: MailName, tenantId: string): Promise<Person[]> => {
      const roles = clinicRoles.filter((role) => isForClinicRole(mail, role));
      const ids = await tenantReader(db).formerMembersIn(tenantId, roles);
      return [...(await personStore(db).byIds(ids)).values()];
    },
    /** Whether the person is a member who may do what needs this role, and may sign in. */
    isActive: async (needed: ClinicRole, tenantId: string, personId: string): Promise<boolean> =>
      (await tenantReader(db).mayAs(needed, tenantId, personId)) && (await find(personId))?.disabled === false,
    /** For a transaction: the role may have changed since the guard in front of the route read it. @throws `forbidden` */
    requireStaff: async (roles: readonly StaffRole[], personId: string): Promise<void> => {
      const { staffRole = null, disabled = true } = (await find(personId)) ?? {};
      if (disabled || staffRole === null || !roles.includes(staffRole)) throw new PortalError('forbidden');
    },
    /** The ids of the staff who may sign in and get this mail. */
    staffFor: (mail: MailName): Promise<string[]> => personStore(db).staffIn(rolesFor(mail)),
    /** The same people with their addresses. */
    staffPeopleFor: async (mail: MailName): Promise<Person[]> => {
      const store = personStore(db);
      return [...(await store.byIds(await store.staffIn(rolesFor(mail)))).values()];
    },
    /** undefined if the person may no longer sign in, or is neither a member of the tenant nor staff. */
    reader: async (personId: string, tenantId: string | null): Promise<Reader | undefined> => {
      const person = await find(personId);
      const isMember = tenantId !== null && (await tenantReader(db).isMember(tenantId, personId));
      if (!person || !(isMember || person.staffRole !== null)) return undefined;
      return { email: person.email, language: person.language, isStaff: !isMember };
    },
  };
};

export type ReadPeople = typeof peopleDirectory;
