import type { ShownState } from './health.js';

/** Every credential that serves is proved again, also one that RingCentral refused: it may have been mended. */
const provedAgain: readonly ShownState[] = ['healthy', 'warning', 'failing', 'unverified'];

export const countProved = (counts: { state: ShownState; count: number }[]): number =>
  counts.reduce((sum, { state, count }) => sum + (provedAgain.includes(state) ? count : 0), 0);

/**
 * How often the evidence of one tenant can be renewed: as often as wanted, or as the auth budget allows for all of them
 * (design.md §6).
 *
 * @param perWindow calls a window of the budget that are left to checks; null where the budget is each tenant's own
 * @returns milliseconds
 */
export function effectiveIntervalMs(
  wantedMs: number,
  tenants: number,
  budget: { perWindow: number; windowMs: number } | null,
): number {
  if (budget === null) return wantedMs;
  return Math.max(wantedMs, Math.ceil(tenants / Math.max(1, budget.perWindow)) * budget.windowMs);
}
