import type { ShownState } from '../health/health.js';

/**
 * States in which a credential in use is checked again, including after a refusal, because the cause may have been
 * fixed.
 */
const provedAgain: readonly ShownState[] = ['healthy', 'warning', 'failing', 'unverified'];

export const countProved = (counts: { state: ShownState; count: number }[]): number =>
  counts.reduce((sum, { state, count }) => sum + (provedAgain.includes(state) ? count : 0), 0);

/** Calls per window for checks and jobs: one call of the window is reserved for people. */
export type ChecksBudget = { perWindow: number; windowMs: number };

/** How long the budget needs for one of these calls, in milliseconds. */
export const paceMs = ({ perWindow, windowMs }: ChecksBudget): number => windowMs / Math.max(1, perWindow);

/**
 * How often the evidence of one tenant can be renewed: at the wanted interval, or at the one that the auth budget
 * allows when all tenants share it.
 *
 * @param budget calls per window that are left for checks; null if each tenant has a separate budget
 * @returns milliseconds
 */
export function effectiveIntervalMs(wantedMs: number, tenants: number, budget: ChecksBudget | null): number {
  if (budget === null) return wantedMs;
  return Math.max(wantedMs, Math.ceil(tenants / Math.max(1, budget.perWindow)) * budget.windowMs);
}

/** How many more tenants could be renewed at the configured interval; 0 if there are too many already. */
export const roomForMore = (wantedMs: number, tenants: number, { perWindow, windowMs }: ChecksBudget): number =>
  Math.max(0, Math.floor(wantedMs / windowMs) * Math.max(1, perWindow) - tenants);

/** How long a job needs to get a token for each of that many tenants if none is stored, in milliseconds. */
export const nightlyRunMs = (tenants: number, { perWindow, windowMs }: ChecksBudget): number =>
  Math.ceil(tenants / Math.max(1, perWindow)) * windowMs;

/** A budget that renews evidence less often than every seven days is too small for so many tenants. */
export const LONGEST_INTERVAL_MS = 7 * 24 * 3_600_000;
