import type { ShownState } from '../health/health.js';

/** Every credential that serves is proved again, also one that RingCentral refused: it may have been mended. */
const provedAgain: readonly ShownState[] = ['healthy', 'warning', 'failing', 'unverified'];

export const countProved = (counts: { state: ShownState; count: number }[]): number =>
  counts.reduce((sum, { state, count }) => sum + (provedAgain.includes(state) ? count : 0), 0);

/** Calls a window that are left to checks and jobs: one is kept for people. */
export type ChecksBudget = { perWindow: number; windowMs: number };

/** How long the budget takes for one of these calls, in milliseconds. */
export const paceMs = ({ perWindow, windowMs }: ChecksBudget): number => windowMs / Math.max(1, perWindow);

/**
 * How often the evidence of one tenant can be renewed: at the wanted interval, or at the one that the auth budget allows
 * when all tenants share it.
 *
 * @param perWindow calls a window of the budget that are left to checks; null where the budget is each tenant's own
 * @returns milliseconds
 */
export function effectiveIntervalMs(wantedMs: number, tenants: number, budget: ChecksBudget | null): number {
  if (budget === null) return wantedMs;
  return Math.max(wantedMs, Math.ceil(tenants / Math.max(1, budget.perWindow)) * budget.windowMs);
}

/** For how many more tenants evidence can be renewed as often as wanted; 0 where there are too many already. */
export const roomForMore = (wantedMs: number, tenants: number, { perWindow, windowMs }: ChecksBudget): number =>
  Math.max(0, Math.floor(wantedMs / windowMs) * Math.max(1, perWindow) - tenants);

/** How long it takes until a job has a token of each of so many tenants, where none is kept, in milliseconds. */
export const nightlyRunMs = (tenants: number, { perWindow, windowMs }: ChecksBudget): number =>
  Math.ceil(tenants / Math.max(1, perWindow)) * windowMs;

/** A budget that renews evidence less often than every seven days is too small for so many tenants. */
export const LONGEST_INTERVAL_MS = 7 * 24 * 3_600_000;
