import type { Unowned } from '../platform/database/held-rows.js';

export const apiHoldings: readonly Unowned[] = [
  {
    table: 'idempotent_requests',
    because: 'answers of the last day, which are deleted long before a clinic is erased',
  },
];
