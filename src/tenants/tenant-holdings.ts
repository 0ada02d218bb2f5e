import { ERASED_REF } from './tenant-names.js';
import type { Holding } from '../platform/database/held-rows.js';

/** A clinic that was erased stays as an id. Its people are found by its memberships, so these are erased last. */
export const tenantHoldings: readonly Holding[] = [
  {
    table: 'tenants',
    of: { tenant: 'id' },
    key: 'id',
    exported: `id external_ref name environment language time_zone created_at members_need_second_factor offered_methods
      offboarded_at`,
    erasure: {
      set: {
        external_ref: `${ERASED_REF}{id}`,
        name: '',
        language: 'en',
        time_zone: 'UTC',
        members_need_second_factor: false,
      },
    },
  },
  {
    table: 'tenant_words',
    of: { tenant: 'tenant_id' },
    key: 'word',
    exported: '',
    withheld: { internal: 'tenant_id word' },
    erasure: 'rows',
  },
  {
    table: 'memberships',
    of: { tenant: 'tenant_id' },
    key: 'person_id',
    exported: 'tenant_id person_id role created_at',
    erasure: 'rows',
  },
  {
    table: 'ended_memberships',
    of: { tenant: 'tenant_id' },
    key: 'person_id',
    exported: 'tenant_id person_id role created_at',
    erasure: 'rows',
  },
];
