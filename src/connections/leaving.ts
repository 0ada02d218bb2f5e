import type { Actor } from '../audit/audit-events.js';
import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import type { ConnectionUnit } from './connection-unit.js';
import { unconfirmedAccounts } from './proof/confirmed-account-store.js';
import { connectionStore } from './health/connection-store.js';
import { incidentStore } from './health/incident-store.js';

type Deps = { world: Pick<World, 'now'>; open: (trx: Knex, tenantId: string) => ConnectionUnit };

/**
 * @returns a function that removes the connection of a clinic that leaves, in a transaction that holds the tenant's
 *   lock: nothing serves, and it is in no list and no count. A retired JWT is kept for its death check.
 */
export const forgetConnection =
  ({ world, open }: Deps) =>
  async (trx: Knex, tenantId: string, actor: Actor): Promise<void> => {
    const { credentials, queue, destroy } = open(trx, tenantId);
    for (const { id, status } of await credentials.living(tenantId)) {
      if (status === 'retired') continue;
      await queue.finishAllOf(id);
      await destroy(tenantId, id, 'disconnected', actor);
    }
    await incidentStore(trx).close('connection', tenantId, world.now());
    await unconfirmedAccounts(trx).forTenant(tenantId).remove();
    await connectionStore(trx).forTenant(tenantId).remove();
  };
