import type { Knex } from '../../platform/database/database.js';
import { tenantReader } from '../../tenants/tenant-reader.js';
import type { Language } from '../../texts/languages.js';
import type { Person } from './account-types.js';
import { personStore } from './person-store.js';

export type Member = Person & { since: Date };

/** Somebody who is written to; staff read English unless they chose otherwise. */
export type Reader = { email: string; language: Language | null; isStaff: boolean };

/** What others may read of people through a handle: in a transaction of theirs, or outside of one. */
export const peopleDirectory = (db: Knex) => {
  const idsOfMembers = async (tenantId: string) =>
    (await tenantReader(db).members(tenantId)).map(({ personId }) => personId);
  const find = async (id: string): Promise<Person | undefined> => (await personStore(db).byIds([id])).get(id);

  return {
    /** For pages that name people by id. */
    byIds: (ids: readonly string[]): Promise<Map<string, Person>> => personStore(db).byIds(ids),
    /** In the order in which they joined; nobody whose account is switched off. */
    membersOf: async (tenantId: string): Promise<Member[]> => {
      const memberships = await tenantReader(db).members(tenantId);
      const people = await personStore(db).byIds(memberships.map(({ personId }) => personId));
      return memberships.flatMap(({ personId, since }) => {
        const person = people.get(personId);
        return person ? [{ ...person, since }] : [];
      });
    },
    /** Ids of the members who may sign in. */
    activeMembers: async (tenantId: string): Promise<string[]> =>
      [...(await personStore(db).byIds(await idsOfMembers(tenantId))).keys()].sort(),
    isActiveMember: async (tenantId: string, personId: string): Promise<boolean> =>
      (await tenantReader(db).isMember(tenantId, personId)) && (await find(personId))?.disabled === false,
    /** Ids of the staff who may change something. */
    staff: (): Promise<string[]> => personStore(db).staffIn(['operator', 'administrator']),
    /** undefined where that person may not sign in (any more), or is neither a member of that tenant nor staff. */
    reader: async (personId: string, tenantId: string | null): Promise<Reader | undefined> => {
      const person = await find(personId);
      const isMember = tenantId !== null && (await tenantReader(db).isMember(tenantId, personId));
      if (!person || !(isMember || person.staffRole !== null)) return undefined;
      return { email: person.email, language: person.language, isStaff: !isMember };
    },
  };
};

export type ReadPeople = typeof peopleDirectory;
