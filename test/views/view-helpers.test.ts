import {
  dateOnly,
  durationText,
  exactTime,
  relativeTime,
  shownTime,
  timeOfDay,
} from '../../src/platform/http/view-helpers.js';

const now = new Date('2026-11-21T14:05:00Z');
const denver = { now, timeZone: 'America/Denver', language: 'en' };

describe('times in relative form', () => {
  it.each([
    [0, 'now'],
    [-30, '30 seconds ago'],
    [-59, '59 seconds ago'],
    [-60, '1 minute ago'],
    [240, 'in 4 minutes'],
    [-3_599, '59 minutes ago'],
    [-7_200, '2 hours ago'],
    [-86_400, '1 day ago'],
    [86_400, 'in 1 day'],
    [-86_400 * 3 + 60, '2 days ago'],
    [86_400 * 29, 'in 29 days'],
    [-86_400 * 35, '1 month ago'],
    [-86_400 * 400, '1 year ago'],
  ])('%i seconds from now is "%s"', (seconds, text) => {
    expect(relativeTime(new Date(now.getTime() + seconds * 1000), denver)).toBe(text);
  });

  it('do not say "yesterday" or "tomorrow", because the calendar day is unknown', () => {
    const texts = [-2, -1, 1, 2].map((days) =>
      relativeTime(new Date(now.getTime() + days * 86_400_000), { now, language: 'es' }),
    );
    expect(texts).toEqual(['hace 2 días', 'hace 1 día', 'dentro de 1 día', 'dentro de 2 días']);
  });

  it('are shown in the tenant’s time zone, with the name of a place', () => {
    expect(exactTime(now, denver)).toBe('Nov 21, 2026, 7:05 AM Mountain Time');
    expect(timeOfDay(now, denver)).toBe('7:05 AM Mountain Time');
    expect(timeOfDay(now, { timeZone: 'UTC', language: 'en' })).toBe('2:05 PM UTC');
  });

  it('use the date in that zone, not in ours', () => {
    expect(dateOnly(new Date('2026-03-04T05:00:00Z'), denver)).toBe('March 3, 2026');
  });

  it('are ready to use in the view', () => {
    expect(shownTime(new Date('2026-11-21T12:05:00Z'), denver)).toEqual({
      iso: '2026-11-21T12:05:00.000Z',
      text: '2 hours ago',
      exact: 'Nov 21, 2026, 5:05 AM Mountain Time',
    });
  });
});

describe('durations in words', () => {
  it.each([
    [0, '0 seconds'],
    [500, '1 second'],
    [62_000, '1 minute 2 seconds'],
    [3_600_000, '1 hour'],
    [15_500_000, '4 hours 19 minutes'],
    [3_599_999, '1 hour'],
    [86_400_000 * 7 + 1, '7 days 1 hour'],
    [86_399_999, '1 day'],
  ])('%i ms is "%s"', (ms, text) => {
    expect(durationText(ms, 'en')).toBe(text);
  });
});
