import type { Unowned } from '../platform/database/held-rows.js';

export const treeHoldings: readonly Unowned[] = [
  { table: 'audit_tree', because: 'hashes over all rows of the audit' },
  { table: 'audit_checkpoints', because: 'sizes and roots of that tree, signed' },
];
