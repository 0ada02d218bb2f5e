import type { Holding, Unowned } from '../platform/database/held-rows.js';
import { lockFor } from '../platform/database/lock.js';
import { withoutRef } from './event-body.js';
import { EVENTS } from './event-sequencer.js';

export const notificationHoldings: readonly (Holding | Unowned)[] = [
  {
    table: 'events',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id seq at type tenant_id data',
    json: 'data',
    withheld: { internal: 'nr body' },
    // A feed with a gap would look whole to its readers. What stays is ids, times and codes.
    erasure: { rewrite: { column: 'body', with: withoutRef, waitFor: (trx) => lockFor(trx, 'sequence', EVENTS) } },
  },
  {
    table: 'notices',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id about kind tenant_id person_id created_at outcome error settled_at',
    erasure: 'rows',
  },
  {
    table: 'outbox',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id kind tenant_id created_at due_at attempts finished_at outcome last_error about',
    withheld: { secret: 'sealed', internal: 'claimed_by lease_until' },
    erasure: 'rows',
  },
  { table: 'sequences', because: 'the highest numbers given' },
];
