import type { Knex } from '../../platform/database/database.js';
import { tenantReader } from '../../tenants/tenant-reader.js';
import { personStore } from '../people/person-store.js';
import { invitationStore } from './invitation-store.js';

/** The address of each clinic's first owner who may sign in; without one, that of its newest open invitation. */
export async function adminEmailsOf(db: Knex, tenantIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const owners = await tenantReader(db).ownersOf(tenantIds);
  const people = await personStore(db).byIds([...new Set(owners.map(({ personId }) => personId))]);
  const emails = new Map(await invitationStore(db).waitingAddressesOf(tenantIds));
  const owned = new Set<string>();
  for (const { tenantId, personId } of owners) {
    const email = people.get(personId)?.email;
    if (email === undefined || owned.has(tenantId)) continue;
    owned.add(tenantId);
    emails.set(tenantId, email);
  }
  return emails;
}
