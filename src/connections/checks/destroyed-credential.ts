import type { OnOverdueDestroyed } from '../../credentials/overdue-credentials.js';
import { iso } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { connectionStore } from '../health/connection-store.js';
import type { ConnectionWriter } from '../health/connection-writer.js';
import { nextHealth } from '../health/health.js';
import { checkQueue } from './check-queue.js';

/** A credential that was kept long enough is destroyed: it is checked no more, and a paste no longer waits. */
export const onOverdueDestroyed =
  ({ world, writer }: { world: Pick<World, 'now' | 'newId'>; writer: ConnectionWriter }): OnOverdueDestroyed =>
  async (trx, { tenantId, id, status }) => {
    await checkQueue(trx, world).forTenant(tenantId).finishAllOf(id);
    if (status !== 'pending') return;
    const connection = await connectionStore(trx).forTenant(tenantId).find();
    if (!connection) return;
    const health = nextHealth(connection.health, { kind: 'pending_dropped' }, iso(world.now()));
    await writer.save(trx, { ...connection, health, withheld: null });
  };
