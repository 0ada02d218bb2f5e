import { dateOnly, dayAndMonth, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { ConnectedDay, Numbers } from './connected-days.js';

type Facts = { t: Texts; clock: Clock };

const COLUMN = 10;
const HEIGHT = 120;
/** A day with clinics is visible even if its number is tiny beside the largest. */
const LOWEST = 2;

const dayText = (day: string, { language }: Clock, format = dateOnly): string =>
  format(new Date(`${day}T12:00:00.000Z`), { language, timeZone: 'UTC' });

/** How many clinics were connected on each of the last 90 days: a drawing, and a table of the same numbers. */
export function connectedPart(days: readonly ConnectedDay[], { t, clock }: Facts) {
  const texts = t.staff.overview.connected;
  const number = (value: number) => wholeNumber(value, t.common.lang);
  const known = days.flatMap(({ day, numbers }) => (numbers ? [{ day, numbers }] : []));
  const [first, now] = [known[0], known.at(-1)];
  if (!first || !now) return null;
  const change = now.numbers.connected - first.numbers.connected;
  const since = dayText(first.day, clock);
  const peak = Math.max(...known.map(({ numbers }) => numbers.connected));
  return {
    heading: texts.heading,
    // One column is no course, and a course of zeros is an empty box.
    notYet: peak === 0 ? texts.notYet.none : first === now ? texts.notYet.oneDay : null,
    now: texts.now(now.numbers.connected, number(now.numbers.connected), number(now.numbers.clinics)),
    change: first === now || peak === 0 ? null : texts.change(Math.sign(change), number(Math.abs(change)), since),
    width: days.length * COLUMN,
    height: HEIGHT,
    path: pathOf(days, Math.max(1, peak)),
    most: texts.most(number(peak)),
    from: dayText(days[0]?.day ?? '', clock, dayAndMonth),
    to: dayText(days.at(-1)?.day ?? '', clock, dayAndMonth),
    days: {
      summary: texts.asTable,
      note: texts.utc,
      table: {
        caption: texts.asTable,
        hideCaption: true,
        head: [texts.columns.days, texts.columns.connected, texts.columns.clinics],
        rows: runsOf(days).map(({ from, to, numbers }) => [
          from === to ? dayText(from, clock) : texts.span(dayText(from, clock), dayText(to, clock)),
          numbers ? number(numbers.connected) : texts.unknown,
          numbers ? number(numbers.clinics) : '',
        ]),
      },
    },
  };
}

/** One column a day, as high as its number; nothing for a day without a record. */
export const pathOf = (days: readonly ConnectedDay[], most: number): string =>
  days
    .map(({ numbers }, index) => {
      if (!numbers || numbers.connected === 0) return '';
      const height = Math.max(LOWEST, Math.round((numbers.connected / most) * HEIGHT));
      return `M${index * COLUMN + 1} ${HEIGHT}v-${height}h${COLUMN - 2}v${height}z`;
    })
    .join('');

type Run = { from: string; to: string; numbers: Numbers | null };

/** Consecutive days with the same numbers, newest first. */
export function runsOf(days: readonly ConnectedDay[]): Run[] {
  const runs: Run[] = [];
  for (const { day, numbers } of days) {
    const run = runs.at(-1);
    const isSame = run?.numbers?.connected === numbers?.connected && run?.numbers?.clinics === numbers?.clinics;
    if (run && isSame) run.to = day;
    else runs.push({ from: day, to: day, numbers });
  }
  // Days before the first record tell nothing.
  return (runs[0]?.numbers === null ? runs.slice(1) : runs).reverse();
}
