import { nightlyRunMs, paceMs, type ChecksBudget } from '../connections/checks/effective-interval.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long before the run staff are told what to expect. */
export const SUMMARY_BEFORE_MS = 2 * HOUR_MS;
/** For what else uses the budget meanwhile: jobs, retries, pastes. */
const RESERVE_MS = 30 * MINUTE_MS;
/** Without a shared budget a check waits for nothing but RingCentral. */
const ALONE_MS = MINUTE_MS;

export type Run = {
  now: Date;
  by: Date;
  /** How often evidence is renewed, in milliseconds. */
  intervalMs: number;
};

/**
 * When the first check may be made so that its evidence is still fresh at `by`: the evidence may be a token that was
 * minted half an interval before the check, and must be at most twice the interval old at `by`.
 */
export const firstUsefulAt = ({ now, by, intervalMs }: Run): Date =>
  new Date(Math.max(now.getTime(), by.getTime() - Math.floor(1.5 * intervalMs)));

/**
 * When the check of the clinic at this position is due. The checks follow each other as fast as the auth budget allows,
 * so that what becomes due meanwhile does not have to wait for all of them.
 *
 * @param position the number of clinics before it, in the order of their ids
 * @param budget null if each clinic has a separate budget
 * @returns null if the budget cannot prove it before `by`
 */
export function slotAt(position: number, run: Run, budget: ChecksBudget | null): Date | null {
  const first = firstUsefulAt(run).getTime();
  const doneAt = first + (budget ? nightlyRunMs(position + 1, budget) : ALONE_MS);
  return doneAt > run.by.getTime() ? null : new Date(first + (budget ? Math.floor(position * paceMs(budget)) : 0));
}

/** When the portal begins to ask by itself: early enough if all clinics are unknown, and before the summary. */
export const beginsAt = (by: Date, clinics: number, budget: ChecksBudget | null): Date =>
  new Date(by.getTime() - SUMMARY_BEFORE_MS - RESERVE_MS - (budget ? nightlyRunMs(clinics, budget) : ALONE_MS));

/**
 * How long a run needs to get a token for each of these clinics, if none has one.
 *
 * @param budget null if each clinic has a separate budget: then no clinic waits for another
 */
export const estimatedMinutes = (clinics: number, budget: ChecksBudget | null): number =>
  budget ? Math.ceil(nightlyRunMs(clinics, budget) / MINUTE_MS) : 0;
