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

/** The portal serves clinics in the United States, so both languages write dates and times as that country does. */
const locales: Record<string, string> = { en: 'en-US', es: 'es-US' };
const locale = (language: string): string => locales[language] ?? language;

/** "16,384". */
export const wholeNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(locale(language)).format(value);

/** "Mountain Time", because few people know that GMT-7 is theirs; ICU has a long name for UTC that no one uses. */
const zoneName = (timeZone: string): 'short' | 'longGeneric' => (timeZone === 'UTC' ? 'short' : 'longGeneric');

type Reader = Omit<Clock, 'now'>;

const formatOf =
  (options: Intl.DateTimeFormatOptions | ((language: string) => Intl.DateTimeFormatOptions), withZone = false) =>
  (at: Date, { timeZone, language }: Reader): string => {
    const zone = withZone ? { timeZone, timeZoneName: zoneName(timeZone) } : { timeZone };
    const own = typeof options === 'function' ? options(language) : options;
    return new Intl.DateTimeFormat(locale(language), { ...own, ...zone }).format(at);
  };
const time = { hour: 'numeric', minute: '2-digit' } as const;
/** Spanish does not shorten a month within a sentence. */
const dateAndTime = (language: string) =>
  ({ day: 'numeric', month: language === 'es' ? 'long' : 'short', year: 'numeric', ...time }) as const;

/** "Nov 21, 2026, 7:05 AM Mountain Time". */
export const exactTime = formatOf(dateAndTime, true);
/** "Nov 21, 2026, 7:05 – 7:58 AM Mountain Time". */
export function exactRange(from: Date, to: Date, { timeZone, language }: Reader): string {
  // `formatRange` shortens the name of the zone, whatever it is asked for.
  const range = new Intl.DateTimeFormat(locale(language), { ...dateAndTime(language), timeZone }).formatRange(from, to);
  return `${range} ${nameOfZone(to, { timeZone, language })}`;
}
const nameOfZone = (at: Date, { timeZone, language }: Reader): string =>
  new Intl.DateTimeFormat(locale(language), { timeZone, timeZoneName: zoneName(timeZone) })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
/** "7:05 AM Mountain Time", for an event of today. */
export const timeOfDay = formatOf(time, true);
/** "March 3, 2026". */
export const dateOnly = formatOf({ dateStyle: 'long' });
/** "Mar 3", if the year is obvious. */
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

/** "in 4 minutes (2:05 PM UTC)", for what can be done again then. */
export const waitingTime = (at: Date, clock: Clock): string => `${relativeTime(at, clock)} (${timeOfDay(at, clock)})`;

export const shownTime = (at: Date, clock: Clock): ShownTime => ({
  iso: at.toISOString(),
  text: relativeTime(at, clock),
  exact: exactTime(at, clock),
});
