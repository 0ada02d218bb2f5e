import type { Holding } from '../platform/database/held-rows.js';

/** A key that was for this clinic alone. Its id stays, because the audit names it. */
export const apiKeyHoldings: readonly Holding[] = [
  {
    table: 'api_keys',
    of: { tenant: 'tenant_ids' },
    alone: true,
    key: 'id',
    exported: 'id name purpose scopes tenant_ids made_by made_at expires_at revoked_at last_used_at',
    json: 'scopes tenant_ids',
    withheld: { secret: 'secret_hash link_hash', internal: 'link_expires_at link_repeats' },
    erasure: { set: { name: '', purpose: '', secret_hash: null, link_hash: null } },
  },
];
