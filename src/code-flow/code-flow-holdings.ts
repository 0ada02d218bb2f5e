import type { Holding } from '../platform/database/held-rows.js';

export const codeFlowHoldings: readonly Holding[] = [
  {
    table: 'authorization_requests',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id person_id client_id environment redirect_uri created_at used_at',
    withheld: { secret: 'session_hash state_hash verifier_jwe verifier_kid' },
    erasure: 'rows',
  },
];
