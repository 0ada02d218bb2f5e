import type { Holding, Unowned } from '../platform/database/held-rows.js';

export const connectionHoldings: readonly (Holding | Unowned)[] = [
  {
    table: 'connections',
    of: { tenant: 'tenant_id' },
    key: 'tenant_id',
    exported: `tenant_id state cause state_since checked_at connected_at owner_id owner_name owner_extension_number
      account_id account_name held_account_id held_owner_id held_owner_name held_account_name approved_account_id
      approved_owner_id unverified_at suspect_since health`,
    json: 'health',
    erasure: 'rows',
  },
  {
    table: 'confirmed_accounts',
    of: { tenant: 'tenant_id' },
    key: 'account_id',
    exported: 'tenant_id account_id confirmed_at confirmed_by',
    erasure: 'rows',
  },
  {
    table: 'unconfirmed_accounts',
    of: { tenant: 'tenant_id' },
    key: 'tenant_id',
    exported: 'tenant_id credential_id account_id owner_id found proved_at',
    json: 'found',
    erasure: 'rows',
  },
  {
    table: 'connection_days',
    of: { tenant: 'tenant_id' },
    key: 'day',
    exported: 'tenant_id day state cause last_state last_cause',
    withheld: { internal: 'rank' },
    erasure: 'rows',
  },
  {
    table: 'checks',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id credential_id trigger verdict cause warnings detail started_at finished_at',
    json: 'warnings detail',
    erasure: 'rows',
  },
  {
    table: 'check_requests',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id credential_id trigger requested_by requested_at due_at finished_at hand_off_id',
    withheld: { internal: 'lane attempts tries claimed_by lease_until failures failed_because waits_for' },
    erasure: 'rows',
  },
  {
    table: 'fax_lines',
    of: { tenant: 'tenant_id' },
    key: 'extension_id',
    exported: 'tenant_id extension_id name extension_number type selected listed readable cause probed_at',
    erasure: 'rows',
  },
  {
    table: 'watched_owners',
    of: { tenant: 'tenant_id' },
    key: 'tenant_id',
    exported: 'tenant_id owner_id facts change_id change_kinds change_before change_seen_at change_over_at',
    json: 'facts change_kinds change_before',
    erasure: 'rows',
  },
  {
    table: 'incidents',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: 'id tenant_id kind subject cause opened_at closed_at codes closed_how closed_by',
    json: 'codes',
    withheld: { internal: 'probed_at' },
    erasure: 'rows',
  },
  { table: 'connection_counts', because: 'how many clinics are in which state' },
];
