import {
  EXPECTED_FOR_MS,
  isExpected,
  perGrantMs,
  WINDOW_MS,
  type BudgetState,
  type BudgetWaiter,
} from './auth-budget-policy.js';
import type { authBudgetStore } from './auth-budget-store.js';
import { isForPerson } from './auth-budget-types.js';

/** Calls of the background are told to look again after so many grants, because not every job comes back. */
const MOST_AHEAD_OF_BACKGROUND = 4;

/**
 * The places of jobs that were told to come back. They are not granted while they are away, but they count in what
 * the others are told, so that each tenant is served in the order in which it first asked. A job that does not come
 * back is not counted seconds after its moment, and has lost its place a window after it.
 */
export function keptPlaces(store: ReturnType<typeof authBudgetStore>, state: BudgetState, at: number) {
  const countedAfter = at - EXPECTED_FOR_MS;

  return {
    /** The waiter with the time at which its tenant first asked; later than that of each other tenant if it is new. */
    async comeBack(waiter: BudgetWaiter): Promise<BudgetWaiter> {
      const since = waiter.tenantId === null ? null : await store.placeOf(waiter.tenantId, at - WINDOW_MS);
      if (since !== null) return { ...waiter, since };
      const { newest } = await store.placesAhead(Infinity, countedAfter);
      return { ...waiter, since: Math.max(waiter.since, newest + 1) };
    },

    /** How much later the waiter is served because of them; `isExpected`: a slot that is free now is for one of them. */
    async ahead({ lane, since }: BudgetWaiter): Promise<{ ms: number; isExpected: boolean }> {
      if (isForPerson(lane)) return { ms: 0, isExpected: false };
      const { count, nextAt } = await store.placesAhead(lane === 'broker' ? since : Infinity, countedAfter);
      const counted = lane === 'broker' ? count : Math.min(count, MOST_AHEAD_OF_BACKGROUND);
      return { ms: counted * perGrantMs(state), isExpected: isExpected(state, nextAt, at) };
    },

    async keep(waiter: BudgetWaiter, dueAt: number): Promise<void> {
      if (waiter.tenantId !== null) await store.keepPlace(waiter, waiter.tenantId, Math.ceil(dueAt));
    },

    async leave({ tenantId }: BudgetWaiter): Promise<void> {
      if (tenantId !== null) await store.leavePlace(tenantId);
    },
  };
}
