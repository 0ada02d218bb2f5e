import type { Holding, Unowned } from '../platform/database/held-rows.js';

/** What is held by no capability: the trail, and the calls that are counted. */
export const trailHoldings: readonly (Holding | Unowned)[] = [
  {
    table: 'audit_events',
    of: { tenant: 'tenant_id' },
    key: 'seq',
    exported: 'id at actor_kind actor_id tenant_id action target outcome ip request_id detail',
    json: 'detail',
    withheld: { secret: 'ip_salt', internal: 'seq leaf_index tenant_seq leaf_hash ip_hash' },
    erasure: { stays: 'the trail is only appended to; it has ids, times, codes and network addresses, and no name' },
  },
  {
    table: 'auth_calls',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: '',
    withheld: { internal: 'id budget_key lane tenant_id state requested_at seen_at until_at sent_at' },
    erasure: { stays: 'ids of calls, which are deleted after their window of a minute' },
  },
  { table: 'auth_budgets', because: 'how many calls RingCentral allows' },
  { table: 'untrusted_proxies', because: 'when a proxy header was ignored' },
];
