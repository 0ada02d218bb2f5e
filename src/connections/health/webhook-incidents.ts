import type { RecordEvent } from '../../notifications/event-store.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { incidentStore } from './incident-store.js';

/** Incidents of webhook endpoints, in the transaction that turns one off or ends that. */
export const webhookIncidents = (world: Pick<World, 'now' | 'newId'>, record: RecordEvent) => {
  const dataOf = (id: string) => ({ incident_id: id, kind: 'webhook', cause: null, fix_owner: 'isv' as const });
  return {
    async opened(trx: Knex, endpointId: string): Promise<void> {
      const about = { kind: 'webhook', subject: endpointId, tenantId: null, cause: null, codes: [] } as const;
      const incident = { ...about, id: world.newId(), codes: [], openedAt: world.now(), probedAt: null };
      const id = await incidentStore(trx).open(incident);
      if (id !== undefined) await record(trx, { type: 'incident.opened', tenantId: null, data: dataOf(id) });
    },
    async closed(trx: Knex, endpointId: string): Promise<void> {
      const id = await incidentStore(trx).close('webhook', endpointId, world.now());
      if (id !== undefined) await record(trx, { type: 'incident.closed', tenantId: null, data: dataOf(id) });
    },
  };
};
