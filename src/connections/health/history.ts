import type { StateAndCause } from './connection-events.js';
import { dayOf, type RecordedDay } from './day-store.js';

const DAY_MS = 24 * 3_600_000;

/** The number of days shown. */
export const HISTORY_DAYS = 90;

/** A UTC day; `shown` is null before the connection existed. */
export type HistoryDay = { day: string; shown: StateAndCause | null };

/** Consecutive days with the same state and cause. */
export type HistoryRun = { from: string; to: string; days: number; shown: StateAndCause };

/** The first of the days shown at `now`. */
export const firstDay = (now: Date): string => dayOf(new Date(now.getTime() - (HISTORY_DAYS - 1) * DAY_MS));

/**
 * The last days, oldest first. Every change of state is recorded on its day, so a day without a record had the state
 * at the end of the day before.
 *
 * @param recorded in order; may begin before the first day
 */
export function historyDays(recorded: readonly RecordedDay[], now: Date): HistoryDay[] {
  const first = Date.parse(firstDay(now));
  const byDay = new Map(recorded.map((one) => [one.day, one]));
  let shown = recorded.findLast(({ day }) => Date.parse(day) < first)?.last ?? null;
  return Array.from({ length: HISTORY_DAYS }, (_, index) => {
    const day = dayOf(new Date(first + index * DAY_MS));
    const found = byDay.get(day);
    const ofDay = found ? found.worst : shown;
    if (found) shown = found.last;
    return { day, shown: ofDay };
  });
}

/** Groups consecutive days that are alike, newest first. */
export function historyRuns(days: readonly HistoryDay[]): HistoryRun[] {
  const runs: HistoryRun[] = [];
  for (const { day, shown } of days) {
    if (shown === null) continue;
    const run = runs.at(-1);
    if (run?.shown.state === shown.state && run.shown.cause === shown.cause) {
      run.to = day;
      run.days += 1;
    } else runs.push({ from: day, to: day, days: 1, shown });
  }
  return runs.reverse();
}
