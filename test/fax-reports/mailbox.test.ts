import {
  fillOf,
  gainPerDay,
  lossAt,
  nothingYet,
  quietSince,
  withRun,
  type Recent,
} from '../../src/fax-reports/mailbox.js';
import { usualGapDays } from '../../src/faxes/rules/fill.js';

const on = (day: number, hour = 2) => new Date(Date.UTC(2026, 10, day, hour));
type Run = [at: Date, messages: number | null, hasNew?: boolean];
const after = (...runs: Run[]): Recent =>
  runs.reduce((recent, [at, messages, hasNew = false]) => withRun(recent, { at, messages, hasNew }), nothingYet);
const ofDays = (...days: number[]) => after(...days.map((day): Run => [on(day), null, true]));
const line = (recent: Recent, completedAt: Date, { pending = 0, failed = 0 } = {}) => ({
  recent,
  completedAt,
  pending,
  failed,
});

describe('the pace of a mailbox', () => {
  it('is what it gained over the time between the reports', () => {
    expect(gainPerDay(after([on(1), 100], [on(2), 110], [on(5), 140]))).toBe(10);
  });

  it('counts only gains: what people delete at once says nothing about what arrives', () => {
    expect(gainPerDay(after([on(1), 180], [on(2), 190], [on(3), 20], [on(5), 50]))).toBe(10);
  });

  it('is unknown after one report, and from reports less than an hour apart', () => {
    expect(gainPerDay(nothingYet)).toBeNull();
    expect(gainPerDay(after([on(1), 100]))).toBeNull();
    expect(gainPerDay(after([on(1), 100], [new Date(on(1).getTime() + 3_599_000), 110]))).toBeNull();
  });

  it('is that of the last seven days', () => {
    expect(gainPerDay(after([on(1), 0], [on(10), 100], [on(12), 104]))).toBe(2);
  });

  it('is the same for hourly reports, of which only some are remembered', () => {
    const hourly = Array.from({ length: 73 }, (_, hour): Run => [new Date(on(1).getTime() + hour * 3_600_000), hour]);
    const recent = after(...hourly);
    expect(gainPerDay(recent)).toBe(24);
    expect(recent.fills.length).toBeLessThan(10);
    expect(recent.fills.at(-1)).toEqual({ at: '2026-11-04T02:00:00.000Z', messages: 72 });
  });

  it('does not change when a report is repeated, or when one could not count', () => {
    const recent = after([on(1), 100], [on(2), 110]);
    expect(withRun(recent, { at: on(2), messages: 110, hasNew: false })).toEqual(recent);
    expect(withRun(recent, { at: on(3), messages: null, hasNew: false })).toEqual(recent);
  });
});

describe('the fill of a mailbox', () => {
  it.each([
    [149, 'fine'],
    [150, 'filling'],
    [199, 'filling'],
    [200, 'full'],
    [215, 'full'],
  ])('with %d messages is %s', (messages, level) => {
    expect(fillOf({ recent: after([on(1), messages]) })).toMatchObject({ messages, level, at: on(1) });
  });

  it('has a date on which it is full, at the present pace', () => {
    expect(fillOf({ recent: after([on(1), 150], [on(2), 160]) })?.fullAt).toEqual(on(6));
  });

  it('has no date without a pace, and none if nothing arrives', () => {
    expect(fillOf({ recent: after([on(1), 160]) })?.fullAt).toBeNull();
    expect(fillOf({ recent: after([on(1), 160], [on(2), 160]) })?.fullAt).toBeNull();
  });

  it('that is full was so when it was counted', () => {
    expect(fillOf({ recent: after([on(1), 190], [on(2), 215]) })?.fullAt).toEqual(on(2));
  });

  it('is unknown before the first count', () => {
    expect(fillOf({ recent: after([on(1), null, true]) })).toBeNull();
  });
});

describe('a line is unusually quiet', () => {
  it('after more than three of its usual gaps without a new fax, since the last one', () => {
    const daily = ofDays(2, 3, 4, 5, 6);
    expect(usualGapDays(daily.days)).toBe(1);
    expect(quietSince(line(daily, on(9)))).toBeNull();
    expect(quietSince(line(daily, on(10)))).toEqual(on(6));
  });

  it('not over a long weekend, when it is used on weekdays', () => {
    const weekdays = ofDays(2, 3, 4, 5, 6, 9, 10, 11, 12, 13);
    expect(quietSince(line(weekdays, on(17)))).toBeNull();
    expect(quietSince(line(weekdays, on(18)))).toEqual(on(13));
  });

  it('not while no run takes place: it is judged at the last complete run', () => {
    expect(quietSince(line(ofDays(2, 3, 4, 5, 6), on(6)))).toBeNull();
  });

  it('not before it has received faxes on five days', () => {
    expect(quietSince(line(ofDays(2, 3, 4, 5), on(29)))).toBeNull();
    expect(quietSince(line(nothingYet, on(29)))).toBeNull();
  });

  it('not because several runs of one day bring faxes', () => {
    const hourly = after(...[1, 2, 3, 4, 5, 6].map((hour): Run => [on(2, hour), null, true]));
    expect(usualGapDays(hourly.days)).toBeNull();
  });
});

describe('the first loss while no run fetches', () => {
  it('comes 30 days after the last complete run, if little arrives or the pace is unknown', () => {
    expect(lossAt(line(nothingYet, on(1)))).toEqual(new Date(Date.UTC(2026, 11, 1, 2)));
    expect(lossAt(line(after([on(1), 10], [on(2), 11]), on(2)))).toEqual(new Date(Date.UTC(2026, 11, 2, 2)));
  });

  it('comes when 200 newer messages have arrived, if that is sooner', () => {
    expect(lossAt(line(after([on(1), 20], [on(2), 70]), on(2)))).toEqual(on(6));
  });

  it('comes when the mailbox is full, if the run left faxes behind', () => {
    const recent = after([on(1), 130], [on(2), 180]);
    expect(lossAt(line(recent, on(2)))).toEqual(on(6));
    for (const left of [{ pending: 1 }, { failed: 1 }])
      expect(lossAt(line(recent, on(2), left))).toEqual(new Date(Date.UTC(2026, 10, 2, 11, 36)));
  });
});
