import fc from 'fast-check';
import { beginsAt, estimatedMinutes, firstUsefulAt, slotAt } from '../../src/preflight/plan.js';

const now = new Date('2026-11-29T20:00:00.000Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** RingCentral's default limit: five calls a window, one of them for people. */
const budget = { perWindow: 4, windowMs: 62_000 };

describe('when the check of a clinic is made before a run', () => {
  it.each([
    ['the first one at once', 0, 12 * HOUR, 0],
    ['one after the other, as fast as the budget allows', 1, 12 * HOUR, 15_500],
    ['the first one of the second window', 4, 12 * HOUR, 62_000],
    ['the 1,000th', 999, 12 * HOUR, 999 * 15_500],
    ['no sooner than its evidence is still fresh at the run', 0, 3 * DAY, 1.5 * DAY],
    ['the last one that is proved in time', 231, HOUR, 231 * 15_500],
  ])('%s', (_what, position, byMs, dueMs) => {
    expect(slotAt(position, { now, by: after(byMs), intervalMs: DAY }, budget)).toEqual(after(dueMs));
  });

  it.each([
    ['one more than an hour has windows for', 232, HOUR],
    ['a run that begins within the window', 0, 61_999],
    ['a run in the past', 0, -HOUR],
  ])('never, because the budget cannot prove it in time: %s', (_what, position, byMs) => {
    expect(slotAt(position, { now, by: after(byMs), intervalMs: DAY }, budget)).toBeNull();
  });

  it('all at once where each clinic has a separate budget', () => {
    const run = { now, by: after(HOUR), intervalMs: DAY };
    expect([slotAt(0, run, null), slotAt(9999, run, null)]).toEqual([now, now]);
    expect(slotAt(0, { ...run, by: after(59_999) }, null)).toBeNull();
  });

  const arbitraryRun = fc.record({
    byMs: fc.integer({ min: 0, max: 31 * DAY }),
    intervalMs: fc.integer({ min: 60_000, max: 8 * DAY }),
    perWindow: fc.integer({ min: 1, max: 60 }),
    position: fc.nat({ max: 20_000 }),
  });

  it('its evidence is fresh at the run, even if half an interval old when the check uses it', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ byMs, intervalMs, perWindow, position }) => {
        const run = { now, by: after(byMs), intervalMs };
        const slot = slotAt(position, run, { perWindow, windowMs: 62_000 });
        if (!slot) return true;
        const evidenceAt = slot.getTime() - intervalMs / 2;
        return evidenceAt + 2 * intervalMs >= run.by.getTime() && slot >= now && slot < run.by;
      }),
    );
  });

  it('no window gets more checks than the budget has for it', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ byMs, intervalMs, perWindow, position }) => {
        const run = { now, by: after(byMs), intervalMs };
        const small = { perWindow, windowMs: 62_000 };
        const [first, later] = [slotAt(position, run, small), slotAt(position + perWindow, run, small)];
        return !first || !later || later.getTime() - first.getTime() >= 62_000 - 1;
      }),
    );
  });

  it('evidence can be renewed at any time in the last interval and a half before the run', () => {
    expect(firstUsefulAt({ now, by: after(36 * HOUR), intervalMs: DAY })).toEqual(now);
    expect(firstUsefulAt({ now, by: after(37 * HOUR), intervalMs: DAY })).toEqual(after(HOUR));
  });
});

describe('the arithmetic of the auth budget', () => {
  it.each([
    [0, 0],
    [1, 2], // a window is longer than a minute
    [4, 2],
    [5, 3],
    [100, 26],
    [1000, 259], // about 4 hours and 20 minutes
  ])('a run for %i clinics without a token takes %i minutes', (clinics, minutes) => {
    expect(estimatedMinutes(clinics, budget)).toBe(minutes);
  });

  it('no clinic waits for another where each has a separate budget', () => {
    expect(estimatedMinutes(1000, null)).toBe(0);
  });

  it.each([
    ['500 clinics', 500, 2 * HOUR + 30 * 60_000 + 125 * 62_000],
    ['no clinic', 0, 2 * HOUR + 30 * 60_000],
  ])('begins so early that %s can be proved before the mail, half an hour to spare', (_what, clinics, beforeMs) => {
    const by = after(DAY);
    expect(by.getTime() - beginsAt(by, clinics, budget).getTime()).toBe(beforeMs);
  });
});
