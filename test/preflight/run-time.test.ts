import fc from 'fast-check';
import { isTimeOfDay, nextRunAt } from '../../src/preflight/run-time.js';

const at = (text: string) => new Date(text);
const HOUR = 3_600_000;

describe('when the next nightly run begins', () => {
  it.each([
    ['later today', '02:00', 'America/Denver', '2026-11-29T08:59:59.999Z', '2026-11-29T09:00:00.000Z'],
    ['tomorrow, once it has begun', '02:00', 'America/Denver', '2026-11-29T09:00:00.000Z', '2026-11-30T09:00:00.000Z'],
    ['in UTC', '23:30', 'UTC', '2026-11-29T23:30:00.001Z', '2026-11-30T23:30:00.000Z'],
    ['east of the date line', '00:15', 'Pacific/Auckland', '2026-11-29T00:00:00Z', '2026-11-29T11:15:00.000Z'],
    ['at half an hour from UTC', '02:00', 'Asia/Kolkata', '2026-11-29T00:00:00Z', '2026-11-29T20:30:00.000Z'],
    // 8 March 2026, New York: 02:00 becomes 03:00.
    ['before the clocks skip an hour', '01:59', 'America/New_York', '2026-03-08T00:00:00Z', '2026-03-08T06:59:00.000Z'],
    ['at a time that the clocks skip', '02:30', 'America/New_York', '2026-03-08T00:00:00Z', '2026-03-08T07:30:00.000Z'],
    ['after the clocks skipped', '03:00', 'America/New_York', '2026-03-08T00:00:00Z', '2026-03-08T07:00:00.000Z'],
    [
      'the day after the clocks skipped',
      '02:30',
      'America/New_York',
      '2026-03-08T07:30:00Z',
      '2026-03-09T06:30:00.000Z',
    ],
    // 1 November 2026, New York: 02:00 becomes 01:00.
    ['the first of two times', '01:30', 'America/New_York', '2026-11-01T00:00:00Z', '2026-11-01T05:30:00.000Z'],
    ['not the second of them', '01:30', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00.000Z'],
    // 4 October 2026, Lord Howe: 02:00 becomes 02:30.
    [
      'where the clocks skip half an hour',
      '02:15',
      'Australia/Lord_Howe',
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:45:00.000Z',
    ],
    // 5 April 2026, Santiago: 00:00 becomes 23:00 of the day before.
    ['where a day is 25 hours long', '23:30', 'America/Santiago', '2026-04-04T12:00:00Z', '2026-04-05T02:30:00.000Z'],
  ])('%s', (_what, time, timeZone, after, expected) => {
    expect(nextRunAt({ at: time, timeZone }, at(after))).toEqual(at(expected));
  });

  const zones = fc.constantFrom(
    'UTC',
    'America/New_York',
    'America/Denver',
    'America/Santiago',
    'Europe/Berlin',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Pacific/Chatham',
    'Africa/Casablanca',
  );
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2029, 0, 1) });

  it('each day has exactly one run, 23 to 25 hours after the one before, over every change of the clocks', () => {
    fc.assert(
      fc.property(zones, times, moments, (timeZone, time, from) => {
        const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
        let run = nextRunAt({ at: time, timeZone }, new Date(from));
        for (let count = 0; count < 8; count += 1) {
          const next = nextRunAt({ at: time, timeZone }, run);
          const hoursLater = (next.getTime() - run.getTime()) / HOUR;
          if (hoursLater < 23 || hoursLater > 25 || day.format(next) === day.format(run)) return false;
          run = next;
        }
        return true;
      }),
    );
  });

  it('is later than the given time, at the wanted time of the day unless the clocks skip it', () => {
    fc.assert(
      fc.property(zones, times, moments, (timeZone, time, from) => {
        const run = nextRunAt({ at: time, timeZone }, new Date(from));
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
        const wait = run.getTime() - from;
        const isShown = clock.format(run) === time;
        return wait > 0 && wait <= 25 * HOUR && (isShown || clock.format(run.getTime() - HOUR) < time);
      }),
    );
  });
});

it.each([
  ['00:00', true],
  ['23:59', true],
  ['24:00', false],
  ['2:00', false],
  ['02:60', false],
  ['02:00 ', false],
  ['02:00:00', false],
  ['', false],
])('a time of the day: %j is %s', (text, is) => {
  expect(isTimeOfDay(text)).toBe(is);
});
