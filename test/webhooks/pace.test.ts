import fc from 'fast-check';
import { dueWarning, endsOutage, nextTry, paceAfter } from '../../src/webhooks/deliveries/pace.js';
import type { Pace } from '../../src/webhooks/webhook-types.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const t0 = new Date('2026-11-21T12:00:00.000Z');
const after = (ms: number) => new Date(t0.getTime() + ms);
const failure = (more: { overloaded?: boolean; waitMs?: number | null; random?: number } = {}) =>
  ({ kind: 'failure', overloaded: false, waitMs: null, random: 0.5, ...more }) as const;
const success = { kind: 'success' } as const;
const calm: Pace = {
  window: 64,
  streak: 0,
  failingSince: null,
  lastFailureAt: null,
  lastSuccessAt: null,
  notBefore: null,
};

/** The times of all tries of a delivery that always fails, without any other wait. */
function triesOf(random: () => number): number[] {
  const times = [0];
  for (let at: Date | null = t0; at;) {
    at = nextTry({ tries: times.length, triedFrom: t0, now: at }, failure({ random: random() }));
    if (at) times.push(at.getTime() - t0.getTime());
  }
  return times;
}

it('a delivery is tried ten times in 75 hours, as Standard Webhooks recommends', () => {
  expect(triesOf(() => 0.5).map((ms) => ms / SECOND)).toEqual([
    0, 5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 270_000,
  ]);
});

it('whatever the jitter is, no delivery is given up before 75 hours, and each gap is within 20 %', () => {
  const gaps = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000];
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }), (random) => {
      const times = triesOf(() => random.shift() ?? 0.5);
      expect(times.at(-1)).toBe(75 * HOUR);
      expect(times.length).toBeLessThanOrEqual(12);
      for (const [at, gap] of gaps.entries()) {
        const ms = (times[at + 1] ?? 0) - (times[at] ?? 0);
        expect(ms).toBeGreaterThanOrEqual(gap * 800 - 1);
        expect(ms).toBeLessThanOrEqual(gap * 1200 + 1);
      }
    }),
  );
});

it('Retry-After is honored, up to a day, and also by the endpoint', () => {
  const next = (waitMs: number) => nextTry({ tries: 1, triedFrom: t0, now: t0 }, failure({ waitMs }))?.getTime();
  expect(next(10 * MINUTE)).toBe(after(10 * MINUTE).getTime());
  expect(next(SECOND)).toBe(after(5 * SECOND).getTime());
  expect(next(30 * DAY)).toBe(after(DAY).getTime());
  expect(paceAfter(calm, failure({ waitMs: 30 * DAY }), t0).notBefore).toEqual(after(DAY));
  expect(paceAfter(calm, failure({ overloaded: true }), t0).notBefore).toEqual(after(MINUTE));
});

it('after a failure one delivery tries at growing intervals, then the window grows with each success', () => {
  let pace = calm;
  const waits: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    pace = paceAfter(pace, failure(), after(n * HOUR));
    waits.push(((pace.notBefore?.getTime() ?? 0) - after(n * HOUR).getTime()) / SECOND);
  }
  expect(waits).toEqual([5, 30, 120, 300, 600, 600, 600]);
  expect(pace).toEqual(expect.objectContaining({ window: 1, streak: 7, failingSince: t0 }));
  expect([endsOutage(pace, after(4 * MINUTE)), endsOutage(pace, after(5 * MINUTE))]).toEqual([false, true]);
  const windows: number[] = [];
  for (let n = 0; n < 65; n += 1) {
    pace = paceAfter(pace, success, after(DAY));
    windows.push(pace.window);
  }
  expect([...windows.slice(0, 3), ...windows.slice(-3)]).toEqual([2, 3, 4, 64, 64, 64]);
  expect(pace).toEqual({ ...calm, lastFailureAt: after(6 * HOUR), lastSuccessAt: after(DAY) });
});

it('staff are warned after an hour and after four days of only failures, and nothing is turned off without a warning', () => {
  const failing = { failingSince: t0, lastFailureAt: after(5 * DAY), hourToldAt: null, daysToldAt: null };
  const due = (ms: number, more: Partial<typeof failing> | object = {}) =>
    dueWarning({ ...failing, ...more }, after(ms));
  expect([due(59 * MINUTE), due(HOUR), due(2 * HOUR, { hourToldAt: after(HOUR) })]).toEqual([null, 'hour', null]);
  expect([due(4 * DAY - 1, { hourToldAt: t0 }), due(4 * DAY, { hourToldAt: t0 })]).toEqual([null, 'days']);
  const warned = { hourToldAt: t0, daysToldAt: after(4 * DAY) };
  expect([due(5 * DAY - 1, warned), due(5 * DAY, warned)]).toEqual([null, 'off']);
  // The worker was stopped for ten days: it warns first, and turns off a day later at the earliest.
  expect(due(10 * DAY)).toBe('days');
  expect(due(10 * DAY + HOUR, { daysToldAt: after(10 * DAY), lastFailureAt: after(10 * DAY + 1) })).toBeNull();
  // No try has failed since the warning.
  expect(due(9 * DAY, { ...warned, lastFailureAt: after(3 * DAY) })).toBeNull();
  expect(dueWarning({ ...failing, failingSince: null }, after(9 * DAY))).toBeNull();
});
