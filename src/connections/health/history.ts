import type { StateAndCause } from './connection-events.js';
import { dayOf, type RecordedDay } from './day-store.js';

const DAY_MS = 24 * 3_600_000;

/** How many days people see. */
export const HISTORY_DAYS = 90;

/** A day of UTC; `shown` is null before there was a connection. */
export type HistoryDay = { day: string; shown: StateAndCause | null };

/** Days in a row with the same state and cause. */
export type HistoryRun = { from: string; to: string; days: number; shown: StateAndCause };

/** The first of the days that are shown at `now`. */
export const firstDay = (now: Date): string => dayOf(new Date(now.getTime() - (HISTORY_DAYS - 1) * DAY_MS));

/**
 * Each of the last days, the oldest first. Every change of state is written down on its day, so a day of which nothing is
 * written went as the one before it ended.
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

/** The days together that went alike, the newest first. */
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
