import type { Knex } from '../platform/database/database.js';

/** The incident that an endpoint was turned off. At most one is open for each. */
export type WebhookIncidents = {
  opened: (trx: Knex, endpointId: string) => Promise<void>;
  closed: (trx: Knex, endpointId: string) => Promise<void>;
};
