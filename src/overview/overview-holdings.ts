import type { Unowned } from '../platform/database/held-rows.js';

export const overviewHoldings: readonly Unowned[] = [
  { table: 'connected_days', because: 'numbers of all clinics together' },
  { table: 'overview_figures', because: 'numbers of all clinics together' },
];
