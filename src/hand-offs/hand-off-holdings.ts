import type { Holding } from '../platform/database/held-rows.js';

export const handOffHoldings: readonly Holding[] = [
  {
    table: 'hand_offs',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id made_by created_at expires_at opened_at credential_id submitted_at revoked_at',
    withheld: { secret: 'token_hash' },
    erasure: 'rows',
  },
  {
    table: 'hand_off_sessions',
    of: { tenant: 'tenant_id' },
    key: 'token_hash',
    exported: 'tenant_id hand_off_id expires_at',
    withheld: { secret: 'token_hash' },
    erasure: 'rows',
  },
];
