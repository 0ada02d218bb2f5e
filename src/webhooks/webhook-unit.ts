import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock, lockFor } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import { deliveryStore } from './stores/delivery-store.js';
import { endpointStore } from './stores/endpoint-store.js';
import { secretStore } from './stores/secret-store.js';
import type { WebhookIncidents } from './webhook-incidents.js';
import type { WebhookMails } from './webhook-mails.js';

/** The lock of an endpoint: what it gets, and what it is, change one after the other. */
export const ENDPOINT = 'webhook';

export type UnitDeps = {
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  mails: WebhookMails;
  incidents: WebhookIncidents;
};

/** One transaction with the lock of an endpoint. */
export const inEndpointLock = ({ transaction, world, mails, incidents }: UnitDeps) =>
  inLock(transaction, ENDPOINT, (trx) => ({
    endpoints: endpointStore(trx),
    deliveries: deliveryStore(trx),
    secrets: secretStore(trx),
    audit: auditStore(trx, world),
    /** What another capability reads, in this transaction. */
    within: <T>(read: (db: Knex) => T): T => read(trx),
    mails: boundTo(trx, mails),
    incidents: boundTo(trx, incidents),
  }));

/** In the order of those who take several: nothing gets a row for a webhook meanwhile, and nothing is settled. */
export async function lockAllEndpoints(trx: Knex): Promise<void> {
  for (const id of await endpointStore(trx).allIds()) await lockFor(trx, ENDPOINT, id);
}

export type InEndpointLock = ReturnType<typeof inEndpointLock>;
export type EndpointUnit = Parameters<Parameters<InEndpointLock>[1]>[0];
