import fc from 'fast-check';
import { leasedForMs, failedForMs, nextCheck, type JustChecked } from '../../../src/connections/checks/schedule.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const intervals = { checkEveryMs: DAY, confirmMs: 180_000 };
const now = new Date('2026-11-21T08:00:00Z');
const active: JustChecked = {
  status: 'active',
  verdict: { kind: 'accepted' },
  inconclusiveStreak: 0,
  retryAfterMs: null,
  suspectSince: null,
  expiresAt: null,
};
const waitOf = (checked: Partial<JustChecked>, spread = 0) =>
  nextCheck({ ...active, ...checked }, intervals, now, spread).dueAt.getTime() - now.getTime();

describe('when a credential is checked next', () => {
  it('is a day later, or up to a tenth earlier so that tenants spread out', () => {
    expect(waitOf({}, 0)).toBe(DAY);
    expect(waitOf({}, 1)).toBe(DAY * 0.9);
  });

  it('is a minute after the expiry if that comes first', () => {
    expect(waitOf({ expiresAt: new Date(now.getTime() + MINUTE) })).toBe(MINUTE + 61_000);
    expect(waitOf({ expiresAt: new Date(now.getTime() - 2 * MINUTE) })).toBe(DAY);
  });

  it('is the confirming call after a doubtful refusal', () => {
    const suspect = {
      ...active,
      verdict: { kind: 'refused', cause: 'credential_rejected' },
      suspectSince: new Date(now.getTime() - 1000),
    } as const;
    expect(nextCheck(suspect, intervals, now, 1)).toEqual({
      dueAt: new Date(now.getTime() + 179_000),
      trigger: 'confirmation',
      priority: 'urgent',
      inconclusiveStreak: 0,
    });
  });

  it('is a recovery while a refresh has no answer, at once after a check that recovered nothing', () => {
    const next = (checked: Partial<JustChecked>) => nextCheck({ ...active, ...checked }, intervals, now, 0);
    const unanswered = { verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' } } as const;
    expect(next({ ...unanswered, isInDoubt: true })).toMatchObject({
      dueAt: new Date(now.getTime() + 10_000),
      priority: 'recovery',
    });
    expect(next({ isInDoubt: true })).toMatchObject({ dueAt: now, priority: 'recovery' });
    expect(next(unanswered).priority).toBe('background');
  });

  it.each([
    [0, 10_000],
    [2, 10_000],
    [3, MINUTE],
    [99, 60 * MINUTE],
  ])('after %d inconclusive answers, waits %d ms for RingCentral to recover', (inconclusiveStreak, wait) => {
    expect(waitOf({ verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' }, inconclusiveStreak })).toBe(
      wait,
    );
  });

  it('doubles from 2 s to 60 s while RingCentral cannot be reached', () => {
    const waits = [0, 1, 2, 3, 4, 5].map((inconclusiveStreak) =>
      waitOf({ verdict: { kind: 'inconclusive', cause: 'unreachable' }, inconclusiveStreak }),
    );
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000]);
  });

  it('is never before the time that RingCentral asked for', () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.nat({ max: 3_600_000 }), (inconclusiveStreak, retryAfterMs) => {
        const verdict = { kind: 'inconclusive', cause: 'rate_limited' } as const;
        expect(waitOf({ verdict, inconclusiveStreak, retryAfterMs })).toBeGreaterThanOrEqual(retryAfterMs);
      }),
    );
  });

  it('retries a kept paste automatically at growing intervals', () => {
    const waits = [0, 1, 2, 3, 4, 9].map((inconclusiveStreak) =>
      waitOf({ status: 'pending', verdict: { kind: 'refused', cause: 'app_not_permitted' }, inconclusiveStreak }),
    );
    expect(waits).toEqual([10, 30, 60, 240, 720, 720].map((minutes) => minutes * MINUTE));
  });
});

describe('a refusal that the clinic cannot fix', () => {
  const refusals = ['account_restricted', 'scope_missing', 'account_mismatch', 'unclassified'] as const;

  it.each(refusals)('is asked again in a rising series, then at the usual interval: %s', (cause) => {
    const waits = [0, 1, 2, 3, 4, 5].map((inconclusiveStreak) =>
      waitOf({ verdict: { kind: 'refused', cause }, inconclusiveStreak }),
    );
    expect(waits).toEqual([10, 30, 60, 180, 1440, 1440].map((minutes) => minutes * MINUTE));
  });

  it('counts on through the series, also after it', () => {
    const streak = (inconclusiveStreak: number) =>
      nextCheck(
        { ...active, verdict: { kind: 'refused', cause: 'unclassified' }, inconclusiveStreak },
        intervals,
        now,
        0,
      ).inconclusiveStreak;
    expect([0, 3, 4].map(streak)).toEqual([1, 4, 4]);
  });

  it('is never asked later than at the usual interval', () => {
    const often = { ...intervals, checkEveryMs: 20 * MINUTE };
    const refused = { ...active, verdict: { kind: 'refused', cause: 'unclassified' }, inconclusiveStreak: 2 } as const;
    expect(nextCheck(refused, often, now, 0).dueAt.getTime() - now.getTime()).toBe(20 * MINUTE);
  });

  it('is asked at the usual interval if the clinic can fix it', () => {
    expect(waitOf({ verdict: { kind: 'refused', cause: 'app_not_permitted' } })).toBe(DAY);
  });
});

describe('a check that fails on our side', () => {
  const HOUR = 60 * MINUTE;
  const counts = fc.integer({ min: 1, max: 10_000 });

  it('waits longer each time, up to an hour, and never zero', () => {
    fc.assert(
      fc.property(counts, fc.boolean(), (failures, keyMissing) => {
        const wait = failedForMs(failures, keyMissing);
        return wait >= 30_000 && wait <= HOUR && failedForMs(failures + 1, keyMissing) >= wait;
      }),
    );
    expect([1, 2, 3, 4, 5, 6].map((failures) => failedForMs(failures, false) / MINUTE)).toEqual([
      0.5, 1, 5, 15, 60, 60,
    ]);
    expect(failedForMs(1, true)).toBe(10 * MINUTE);
  });

  it('is claimed with the normal lease three times, then longer each time, and never shorter', () => {
    expect([1, 2, 3, 4, 5, 9].map((failures) => leasedForMs(failures, 20_000))).toEqual([
      20_000,
      20_000,
      20_000,
      MINUTE,
      5 * MINUTE,
      HOUR,
    ]);
    fc.assert(fc.property(counts, fc.integer({ min: 1, max: HOUR * 2 }), (n, lease) => leasedForMs(n, lease) >= lease));
  });
});
