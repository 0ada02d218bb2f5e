import type { Holding } from '../platform/database/held-rows.js';

export const tokenHoldings: readonly Holding[] = [
  {
    table: 'access_tokens',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: `id tenant_id credential_id environment owner_id asked_at answered_at ends_at serves_until issued_at scopes
      asked_scopes reported_at written_off_at`,
    erasure: 'rows',
  },
  {
    table: 'access_token_secrets',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: '',
    withheld: { secret: 'id tenant_id jwe kid' },
    erasure: 'rows',
  },
  {
    table: 'ending_sessions',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id credential_id environment ends_at not_before',
    withheld: { secret: 'jwe' },
    erasure: 'rows',
  },
  {
    table: 'refresh_tokens',
    of: { tenant: 'tenant_id' },
    key: 'credential_id',
    exported: 'credential_id tenant_id client_id environment owner_id began_at obtained_at ends_at is_ended',
    withheld: { internal: 'version idle_seconds session_ends_at attempted_at attempt_id leased_until' },
    erasure: 'rows',
  },
  {
    table: 'token_flights',
    of: { tenant: 'tenant_id' },
    key: 'kind',
    exported: '',
    withheld: { internal: 'tenant_id kind number held_by held_until told' },
    erasure: 'rows',
  },
];
