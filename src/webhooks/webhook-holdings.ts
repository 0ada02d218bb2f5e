import { withoutRef } from '../notifications/event-body.js';
import type { Holding, Unowned } from '../platform/database/held-rows.js';
import { lockAllEndpoints } from './webhook-unit.js';

export const webhookHoldings: readonly (Holding | Unowned)[] = [
  { table: 'webhook_endpoints', because: 'programs of the ISV' },
  { table: 'webhook_secrets', because: 'secrets of such programs' },
  {
    table: 'webhook_deliveries',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id event_id seq type tenant_id state made_at finished_at',
    withheld: { internal: 'endpoint_id body is_test tried_from tries due_at' },
    // What is still to be delivered is delivered, as the feed has it now.
    erasure: { rewrite: { column: 'body', with: withoutRef, waitFor: lockAllEndpoints } },
  },
  {
    table: 'webhook_attempts',
    of: { tenant: 'delivery_id' },
    through: 'webhook_deliveries',
    key: 'id',
    exported: '',
    withheld: { internal: 'id delivery_id at ms status failure excerpt' },
    // A receiver may answer with what it got.
    erasure: { set: { excerpt: '' } },
  },
];
