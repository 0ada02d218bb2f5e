import type { Holding } from '../platform/database/held-rows.js';

export const credentialHoldings: readonly Holding[] = [
  {
    table: 'credentials',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: `id tenant_id kind status submitted_by submitted_at expires_at environment kept_until destroyed_at
      destroyed_because remind_at client_id`,
    withheld: { secret: 'fingerprint' },
    erasure: 'rows',
  },
  {
    table: 'sealed_secrets',
    of: { tenant: 'tenant_id' },
    key: 'owner_table row_id purpose',
    exported: 'tenant_id owner_table row_id purpose created_at',
    withheld: { secret: 'jwe kid' },
    erasure: 'rows',
  },
];
