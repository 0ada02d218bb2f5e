import { iso, type Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import type { ConnectionUnit } from './connection-unit.js';
import { nextHealth } from './health/health.js';

type Deps = { world: Pick<World, 'now'>; open: (trx: Knex, tenantId: string) => ConnectionUnit };

/** What a disconnection changes of a connection, in a transaction that holds the tenant's lock. */
export const disconnecting = ({ world, open }: Deps) => ({
  /**
   * Ends the checks of these credentials and changes the state.
   *
   * @returns the account that was connected; null if there is nothing to disconnect
   */
  onDisconnected: async (
    trx: Knex,
    tenantId: string,
    endedIds: readonly string[],
  ): Promise<{ accountId: string | null } | null> => {
    const { queue, connections, save } = open(trx, tenantId);
    const connection = await connections.find();
    if (!connection) return null;
    const { state } = connection.health.serving;
    if (endedIds.length === 0 && (state === 'none' || state === 'disconnected')) return null;
    for (const id of endedIds) await queue.finishAllOf(id);
    const health = nextHealth(connection.health, { kind: 'disconnected' }, iso(world.now()));
    await save({ ...connection, health, withheld: null, approvedOwnerId: null });
    return { accountId: connection.identity?.accountId ?? null };
  },

  /** A retired credential was destroyed: it is tried no more. */
  onRetiredDestroyed: async (trx: Knex, tenantId: string, credentialId: string): Promise<void> => {
    const { queue, connections, save } = open(trx, tenantId);
    await queue.finishAllOf(credentialId);
    const connection = await connections.find();
    if (connection) await save(connection); // what was said of an old one may be over
  },
});
