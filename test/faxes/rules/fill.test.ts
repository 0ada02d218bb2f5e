import fc from 'fast-check';
import { isUnusuallyQuiet, nextRunMinutes } from '../../../src/faxes/rules/fill.js';

const hour = (text: string, faxes: number) => ({ hour: `2026-11-${text}`, faxes });

it.each([
  ['no fax at all', [], [], 1440],
  ['48 faxes a day: 200 in 100 hours, half of it in 50', [hour('29T08', 48)], [], 750],
  ['6 in six hours', [hour('29T08', 3), hour('29T13', 3)], [], 1440],
  ['60 in six hours: 200 in 20 hours', [hour('29T08', 30), hour('29T13', 30)], [], 600],
  ['the same, seven hours apart', [hour('29T08', 30), hour('29T15', 30)], [], 1200],
  ['1,200 in an hour', [hour('29T08', 1200)], [], 30],
  ['more than that', [hour('29T08', 100_000)], [], 15],
  [
    'voicemails: 100 more messages in 5 hours',
    [],
    [
      { at: '2026-11-29T00:00:00.000Z', messages: 20 },
      { at: '2026-11-29T05:00:00.000Z', messages: 120 },
    ],
    300,
  ],
  [
    'a mailbox that was emptied',
    [],
    [
      { at: '2026-11-29T00:00:00.000Z', messages: 190 },
      { at: '2026-11-29T05:00:00.000Z', messages: 0 },
    ],
    1440,
  ],
])('with %s the next run comes in time', (_name, hours, fills, minutes) => {
  expect(nextRunMinutes(hours, fills)).toBe(minutes);
});

it('a line at its highest rate so far receives at most half of a mailbox before the next run, down to 15 minutes', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 48 });
  fc.assert(
    fc.property(counts, (faxes) => {
      const hours = faxes.map((count, index) =>
        hour(`${10 + Math.floor(index / 24)}T${String(index % 24).padStart(2, '0')}`, count),
      );
      const minutes = nextRunMinutes(hours, []);
      const day = Math.max(
        ...faxes.map((_, first) => faxes.slice(first, first + 24).reduce((sum, one) => sum + one, 0)),
      );
      expect(minutes >= 15 && minutes <= 1440).toBe(true);
      if (minutes > 15) expect((day / 24 / 60) * minutes).toBeLessThanOrEqual(100);
    }),
  );
});

const days = (...numbers: number[]) => numbers.map((day) => `2026-11-${String(day).padStart(2, '0')}`);
const weekdays = days(2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20);

it.each([
  ['weekdays, on the Monday after', weekdays, '2026-11-23', false],
  ['weekdays, on the Tuesday after a holiday', weekdays, '2026-11-24', false],
  ['weekdays, on the Wednesday', weekdays, '2026-11-25', true],
  ['every week, after two weeks', days(1, 2, 9, 16, 17), '2026-11-27', false],
  ['every other day, after five days', days(1, 3, 5, 7, 9), '2026-11-14', false],
  ['every other day, after seven days', days(1, 3, 5, 7, 9), '2026-11-16', true],
  ['few days so far', days(1, 2, 3, 4), '2026-11-30', false],
  ['no day', [], '2026-11-30', false],
])('a line with faxes on %s is unusually quiet or not', (_name, of, today, isQuiet) => {
  expect(isUnusuallyQuiet(of, `${today}T12:00:00.000Z`)).toBe(isQuiet);
});
