import type { Holding } from '../platform/database/held-rows.js';

export const credentialHoldings: readonly Holding[] = [
  {
    table: 'credentials',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: `id tenant_id kind status submitted_by submitted_at expires_at environment kept_until destroyed_at
      destroyed_because remind_at client_id retired_at retired_because said_deleted_at said_deleted_by tried_at
      tried_answer tried_cause refused_since proved_dead_at app_worked_at`,
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
