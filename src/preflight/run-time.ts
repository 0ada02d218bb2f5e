/** A time of the day at which a run begins, every day, as the clocks of a time zone show it. */
export type RunTime = {
  /** `HH:MM`, 24 hours. */
  at: string;
  /** An IANA name. */
  timeZone: string;
};

const DAY_MS = 24 * 3_600_000;

export const isTimeOfDay = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/**
 * The first run after `after`. Each day has exactly one. A time that the clocks skip is moved by as much as they skip,
 * and of a time that they show twice it is the first, as RFC 5545 says.
 */
export function nextRunAt({ at, timeZone }: RunTime, after: Date): Date {
  const clock = clockOf(timeZone);
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const today = Math.floor(localMs(clock, after.getTime()) / DAY_MS) * DAY_MS;
  // The clocks may be moved by hours, so yesterday's run may still be ahead, and a day may be skipped.
  for (let day = today - DAY_MS; ; day += DAY_MS) {
    const run = instantOf(clock, day + (hours * 60 + minutes) * 60_000);
    if (run > after.getTime()) return new Date(run);
  }
}

const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

/** What the clocks show, as if they were UTC, in milliseconds. */
function localMs(clock: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** When the clocks show `local` first. */
function instantOf(clock: Intl.DateTimeFormat, local: number): number {
  const offsetAt = (instant: number) => localMs(clock, instant) - instant;
  const [before, after] = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)];
  const shown = [local - before, local - after].filter((instant) => localMs(clock, instant) === local);
  // Skipped: the offset from before the change is the one that moves the time forward.
  return shown.length > 0 ? Math.min(...shown) : local - before;
}
