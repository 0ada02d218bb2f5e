import type { Holding } from '../platform/database/held-rows.js';

/** A receipt is kept for both sides. It has ids and times, and the ISV's own id of the clinic. */
const kept = { stays: 'the receipt: ids, times and what was proved, and no name of a clinic or a person' };

export const disconnectionHoldings: readonly Holding[] = [
  {
    table: 'disconnections',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id at by account_id sessions_end_by receipt receipt_at result',
    // The receipt names the clinic by the ISV's own ID. What was proved stays.
    erasure: { set: { receipt: null } },
  },
  {
    table: 'disconnected_credentials',
    of: { tenant: 'tenant_id' },
    key: 'disconnection_id credential_id',
    exported: `disconnection_id tenant_id credential_id was sessions_revoked sessions_not_revoked
      never_exchanged`,
    erasure: kept,
  },
];
