import type { Knex } from '../platform/database/database.js';
import { lockFor } from '../platform/database/lock.js';
import { PortalError } from '../platform/errors.js';
import { tenantStore } from './tenant-store.js';

/**
 * For a transaction that holds the tenant's lock: of two requests, one may let the clinic leave while the other brings
 * something that would outlive it.
 *
 * @throws `not_found`
 */
export async function requireHere(trx: Knex, id: string): Promise<void> {
  if (!(await tenantStore(trx).find(id))) throw new PortalError('not_found');
}

/** The same for a transaction without the locks: takes them in the order of the ids, so that no two wait for each other. */
export async function requireAllHere(trx: Knex, ids: readonly string[]): Promise<void> {
  for (const id of ids.toSorted()) {
    await lockFor(trx, 'tenant', id);
    await requireHere(trx, id);
  }
}
