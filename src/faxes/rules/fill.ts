/** A mailbox keeps so many messages, faxes and voicemails together. More have been seen. */
export const MAILBOX_CAP = 200;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LEAST_MINUTES = 15;
const MOST_MINUTES = 1440;
/** The next run comes when half of a mailbox may have arrived. */
const SAFETY = 2;
/** A rush and a busy day. */
const SPANS_HOURS = [6, 24];

/** How many faxes of a line came in an hour, such as `2026-11-30T01`. */
export type HourCount = { hour: string; faxes: number };

/** How many messages a mailbox held at a time. */
export type Fill = { at: string; messages: number };

/**
 * How many minutes the next run may wait for a line: at the highest rate that the line has shown, half of a mailbox
 * arrives in them. At most a day.
 *
 * @param hours the hours in which faxes came, in ascending order
 * @param fills how full the mailbox was, in ascending order: voicemails fill it too
 */
export function nextRunMinutes(hours: HourCount[], fills: Fill[]): number {
  const rates = SPANS_HOURS.map((span) => mostWithin(hours, span) / span);
  const perHour = Math.max(...rates, ...growths(fills));
  if (perHour === 0) return MOST_MINUTES;
  const minutes = Math.floor(((MAILBOX_CAP / perHour) * 60) / SAFETY);
  return Math.min(MOST_MINUTES, Math.max(LEAST_MINUTES, minutes));
}

/** By how many messages an hour the mailbox grew; runs that follow each other closely say little. */
const growths = (fills: Fill[]): number[] =>
  fills.slice(1).map(({ at, messages }, index) => {
    const before = fills[index];
    const hours = before ? (Date.parse(at) - Date.parse(before.at)) / HOUR_MS : 0;
    return before && hours >= 1 ? Math.max(0, (messages - before.messages) / hours) : 0;
  });

function mostWithin(hours: HourCount[], span: number): number {
  const at = hours.map(({ hour }) => Date.parse(`${hour}:00:00Z`));
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const [index, { faxes }] of hours.entries()) {
    sum += faxes;
    while ((at[index] ?? 0) - (at[first] ?? 0) >= span * HOUR_MS) sum -= hours[first++]?.faxes ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}

/** A line must have received faxes on so many days before it can be unusually quiet. */
const LEAST_DAYS = 5;
const USUAL_GAPS = 3;
/** A silence must also be clearly longer than the longest so far, which may have been a weekend. */
const LONGEST_GAPS = 1.5;

/**
 * Whether a line that used to receive faxes is unusually quiet: for more than three of its usual gaps between days with
 * faxes, and for clearly longer than ever before.
 *
 * @param days the days with faxes, such as `2026-11-30`, in ascending order
 */
export function isUnusuallyQuiet(days: readonly string[], at: string): boolean {
  const last = days.at(-1);
  const usual = usualGapDays(days);
  if (last === undefined || usual === null) return false;
  const silence = (Date.parse(at.slice(0, 10)) - Date.parse(last)) / DAY_MS;
  return silence > Math.max(USUAL_GAPS * usual, LONGEST_GAPS * Math.max(...gapsOf(days)));
}

/** The usual time between two days with faxes, in days; null if too few are known. */
export function usualGapDays(days: readonly string[]): number | null {
  if (days.length < LEAST_DAYS) return null;
  const gaps = gapsOf(days).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? null;
}

const gapsOf = (days: readonly string[]): number[] =>
  days.slice(1).map((day, n) => (Date.parse(day) - Date.parse(days[n] ?? day)) / DAY_MS);
