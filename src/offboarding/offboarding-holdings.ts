import type { Holding } from '../platform/database/held-rows.js';

/** The tombstone of a clinic. */
export const offboardingHoldings: readonly Holding[] = [
  {
    table: 'offboardings',
    of: { tenant: 'tenant_id' },
    key: 'tenant_id',
    exported: 'tenant_id offboarded_at actor_kind actor_id erase_at erasing_since counts erased_at',
    json: 'counts',
    erasure: { stays: 'it says that there was a clinic, with ids, times and counts' },
  },
];
