import type { Unowned } from '../platform/database/held-rows.js';

export const preflightHoldings: readonly Unowned[] = [
  { table: 'nightly_run', because: "the time of the ISV's own run" },
  { table: 'preflight_summaries', because: 'when staff were told of a run' },
];
