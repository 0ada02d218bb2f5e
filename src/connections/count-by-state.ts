import { shownStates, type ShownState } from './health/health.js';

/** The number of tenants in each state, 0 too. */
export function countByState(counts: readonly { state: ShownState; count: number }[]): Map<ShownState, number> {
  const byState = new Map(shownStates.map((state) => [state, 0]));
  for (const { state, count } of counts) byState.set(state, (byState.get(state) ?? 0) + count);
  return byState;
}
