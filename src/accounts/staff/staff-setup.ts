import type { Origin } from '../../audit/audit-events.js';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import { judgePassword } from '../passwords/password-rules.js';
import type { Person, ServiceBase } from '../people/account-types.js';
import { oneTimeLinkStore, ownerOfLink } from '../people/one-time-link-store.js';
import { ownActs } from '../people/own-acts.js';
import { personStore } from '../people/person-store.js';
import { deleteSessionsOf } from '../sessions/session-store.js';
import type { SetupVerdict } from './staff-types.js';

export type SetupDependencies = Pick<ServiceBase, 'db' | 'world'> & {
  hasher: PasswordHasher;
  productWords: readonly string[];
};

export type CompanyInvitation = { personId: string; linkId: string; email: string };

/** What a new member of staff does with their link. */
export function staffSetup({ db, world, hasher, productWords }: SetupDependencies) {
  return {
    /** An open invitation to set up a company's account; changes nothing. */
    async companyInvitation(token: string): Promise<CompanyInvitation | undefined> {
      const person = await ownerOfLink(db, 'company_setup', token, world.now());
      const link = person && (await oneTimeLinkStore(db, 'company_setup').find(token, world.now()));
      return link && { personId: person.id, linkId: link.id, email: person.email };
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
          if (!(await oneTimeLinkStore(trx, 'staff_setup').use(token, world.now()))) return false;
          await personStore(trx).setPasswordHash(person.id, passwordHash);
          await deleteSessionsOf(trx, person.id);
          await ownActs(trx, world)('person.password_set', person.id, origin);
          return true;
        },
      };
    },
  };
}
