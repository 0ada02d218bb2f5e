/** The reader of a time. `timeZone` is an IANA name, `language` a BCP 47 tag. */
export type Clock = { now: Date; timeZone: string; language: string };

/** A time ready for `partials/time`. */
export type ShownTime = { iso: string; text: string; exact: string };

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/**
 * English without a country would be American; British formats match the portal's texts: day before month, 24-hour
 * clock. Spanish is Latin American, with a comma for thousands and the same clock.
 */
const locales: Record<string, string> = { en: 'en-GB', es: 'es-419-u-hc-h23' };
const locale = (language: string): string => locales[language] ?? language;

/** "16,384". */
export const wholeNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(locale(language)).format(value);

/** "UTC" by its name, other zones by a place ("Denver Time"), because few people know that GMT-7 is theirs. */
const zoneName = (timeZone: string): 'short' | 'shortGeneric' => (timeZone === 'UTC' ? 'short' : 'shortGeneric');

const formatOf =
  (options: Intl.DateTimeFormatOptions, withZone = false) =>
  (at: Date, { timeZone, language }: Omit<Clock, 'now'>): string => {
    const zone = withZone ? { timeZone, timeZoneName: zoneName(timeZone) } : { timeZone };
    return new Intl.DateTimeFormat(locale(language), { ...options, ...zone }).format(at);
  };
const time = { hour: '2-digit', minute: '2-digit' } as const;

/** "21 November 2026 at 07:05 Denver Time". */
export const exactTime = formatOf({ day: 'numeric', month: 'long', year: 'numeric', ...time }, true);
/** "21 November 2026, 07:05 – 07:58 Denver Time". */
export function exactRange(from: Date, to: Date, { timeZone, language }: Omit<Clock, 'now'>): string {
  const zone = { timeZone, timeZoneName: zoneName(timeZone) };
  const options = { day: 'numeric', month: 'long', year: 'numeric', ...time, ...zone } as const;
  return new Intl.DateTimeFormat(locale(language), options).formatRange(from, to);
}
/** "07:05 Denver Time", for an event of today. */
export const timeOfDay = formatOf(time, true);
/** "3 March 2026". */
export const dateOnly = formatOf({ dateStyle: 'long' });
/** "3 Mar", if the year is obvious. */
export const dayAndMonth = formatOf({ day: 'numeric', month: 'short' });

const durationUnits = units.slice(2).map(([unit, seconds]) => [unit, seconds * 1000] as const);

/** "4 hours 20 minutes": a duration in its two largest units, rounded up to the smaller of them. */
export function durationText(milliseconds: number, language: string): string {
  const largest = durationUnits.findIndex(([, size]) => milliseconds >= size);
  const smallerSize = (largest < 0 ? undefined : durationUnits[largest + 1])?.[1] ?? 1000;
  const rounded = Math.ceil(Math.max(0, milliseconds) / smallerSize) * smallerSize;
  // Rounding may have produced a whole unit of the next larger size.
  const first = durationUnits.findIndex(([, size]) => rounded >= size);
  const shown = durationUnits.slice(first < 0 ? -1 : first).slice(0, 2);
  let rest = rounded;
  const parts = shown.flatMap(([unit, size], index) => {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (index > 0 && whole === 0) return [];
    return new Intl.NumberFormat(locale(language), { style: 'unit', unit, unitDisplay: 'long' }).format(whole);
  });
  return parts.join(' ');
}

/**
 * "2 hours ago", "in 4 minutes", "now": uses the largest unit of which at least one has passed. Never "yesterday",
 * because 26 hours ago may be two calendar days ago.
 */
export function relativeTime(at: Date, { now, language }: Omit<Clock, 'timeZone'>): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  const numeric = seconds === 0 ? 'auto' : 'always';
  return new Intl.RelativeTimeFormat(locale(language), { numeric }).format(Math.trunc(seconds / size), unit);
}

/** "in 4 minutes (14:05 UTC)", for what can be done again then. */
export const waitingTime = (at: Date, clock: Clock): string => `${relativeTime(at, clock)} (${timeOfDay(at, clock)})`;

export const shownTime = (at: Date, clock: Clock): ShownTime => ({
  iso: at.toISOString(),
  text: relativeTime(at, clock),
  exact: exactTime(at, clock),
});
