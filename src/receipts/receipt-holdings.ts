import type { Unowned } from '../platform/database/held-rows.js';

export const receiptHoldings: readonly Unowned[] = [
  { table: 'signing_keys', because: "the public parts of the ISV's own keys" },
];
