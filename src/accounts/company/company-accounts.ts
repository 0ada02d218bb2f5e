import type { Origin } from '../../audit/audit-events.js';
import type { Knex } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { AccountMails } from '../people/account-mails.js';
import { isLocalAdministrator, type CompanyAccount } from '../people/account-types.js';
import { closeLinksOf, oneTimeLinkStore } from '../people/one-time-link-store.js';
import { ownActs } from '../people/own-acts.js';
import { personStore } from '../people/person-store.js';
import { deleteSessionsOf } from '../sessions/session-store.js';

export type LinkVerdict =
  | 'linked'
  /** The invitation was used or replaced, or the person is no longer staff. */
  | 'too_old'
  /** Another member of staff has this account. */
  | 'in_use'
  /** The last administrator with a password: someone must get in on the day the company's server is down. */
  | 'last_administrator';

type Dependencies = { world: Pick<World, 'now' | 'newId'>; mails: Pick<AccountMails, 'securityNotice'> };

/**
 * Makes a company's account the only way in which a member of staff signs in. Ends their password, links and browser
 * sessions. Runs in the transaction that begins the next session.
 */
export const linkCompanyAccount =
  ({ world, mails }: Dependencies) =>
  async (
    trx: Knex,
    { personId, linkId }: { personId: string; linkId: string | null },
    account: CompanyAccount,
    origin: Origin,
  ): Promise<LinkVerdict> => {
    await lockFor(trx, 'staff', 'all');
    const now = world.now();
    const people = personStore(trx);
    const person = await people.find(personId);
    if (!person || person.staffRole === null || person.disabled) return 'too_old';
    const holder = await people.findByCompanyAccount(account);
    if (holder && holder.id !== personId) return 'in_use';
    if (isLocalAdministrator(person)) {
      const others = (await people.staffMembers()).filter(({ id }) => id !== personId);
      if (!others.some(isLocalAdministrator)) return 'last_administrator';
    }
    if (linkId !== null && !(await oneTimeLinkStore(trx, 'company_setup').useById(linkId, personId, now)))
      return 'too_old';
    await people.setCompanyAccount(personId, account, now);
    await closeLinksOf(trx, personId, now);
    await deleteSessionsOf(trx, personId);
    await ownActs(trx, world)('staff.company_account_linked', personId, origin, {
      detail: { issuer: new URL(account.issuer).host },
    });
    await mails.securityNotice(trx, 'companyAccountLinked', { person, at: now });
    return 'linked';
  };
