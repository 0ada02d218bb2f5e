import fc from 'fast-check';
import {
  connectionEvents,
  incidentStep,
  type StateAndCause,
} from '../../../src/connections/health/connection-events.js';
import {
  countProved,
  effectiveIntervalMs,
  nightlyRunMs,
  roomForMore,
} from '../../../src/connections/checks/effective-interval.js';

const of = (state: StateAndCause['state'], cause: StateAndCause['cause'] = null): StateAndCause => ({ state, cause });
const healthy = of('healthy');
const warning = of('warning', 'expires_soon');
const failing = of('failing', 'credential_rejected');

describe('what outside programs are told of a connection', () => {
  it.each([
    ['the first success', of('pending'), healthy, ['connection.connected']],
    ['a success with a warning', of('not_connected'), warning, ['connection.connected', 'connection.warning']],
    ['a new connection after a disconnection', of('disconnected'), healthy, ['connection.connected']],
    ['a warning', healthy, warning, ['connection.warning']],
    ['another warning', warning, of('warning', 'no_fax_line'), ['connection.warning']],
    ['the end of a warning', warning, healthy, ['connection.recovered']],
    ['a failure', healthy, failing, ['connection.failing']],
    ['another cause of failure', failing, of('failing', 'app_not_permitted'), ['connection.failing']],
    ['a recovery', failing, healthy, ['connection.recovered']],
    ['a recovery with a warning', failing, warning, ['connection.recovered', 'connection.warning']],
    ['evidence grown old', healthy, of('unverified'), ['connection.unverified']],
    ['new evidence', of('unverified'), healthy, ['connection.recovered']],
    ['a disconnection', healthy, of('disconnected'), ['connection.disconnected']],
    ['a paste that came to nothing', of('pending'), of('not_connected', 'credential_rejected'), []],
    ['a paste after a disconnection that came to nothing', of('pending'), of('disconnected'), []],
    ['no change', failing, failing, []],
  ])('%s', (_title, before, after, types) => {
    expect(connectionEvents(before, after, false).map(({ type }) => type)).toEqual(types);
  });

  it('a replacement is told of also where the state stays as it was', () => {
    expect(connectionEvents(healthy, healthy, true).map(({ type }) => type)).toEqual(['connection.replaced']);
  });

  it('every event carries the cause of the state it leads to', () => {
    expect(connectionEvents(healthy, failing, false)).toEqual([
      { type: 'connection.failing', cause: 'credential_rejected' },
    ]);
  });
});

describe('an incident of a connection', () => {
  it.each([
    ['opens when it fails', healthy, failing, 'open'],
    ['stays when only the cause changes', failing, of('failing', 'owner_inactive'), 'none'],
    ['closes when it works again', failing, healthy, 'close'],
    ['closes when it is disconnected', failing, of('disconnected'), 'close'],
    ['is none for evidence that is old', healthy, of('unverified'), 'none'],
    ['is not cured by evidence that is old', failing, of('unverified'), 'none'],
  ])('%s', (_title, before, after, step) => {
    expect(incidentStep(before, after)).toBe(step);
  });
});

describe('the interval at which evidence is renewed', () => {
  const budget = { perWindow: 4, windowMs: 62_000 };

  it('is the wanted one as long as the budget proves every tenant in that time', () => {
    expect(effectiveIntervalMs(86_400_000, 5572, budget)).toBe(86_400_000);
  });
  it('stretches with the number of tenants beyond that', () => {
    expect(effectiveIntervalMs(86_400_000, 10_000, budget)).toBe(2500 * 62_000);
  });
  it('does not stretch where each tenant has a budget of its own', () => {
    expect(effectiveIntervalMs(86_400_000, 1_000_000, null)).toBe(86_400_000);
  });
  it('is never shorter than wanted, and always long enough for all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60_000, max: 1e9 }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 0, max: 100 }),
        (wanted, tenants, perWindow) => {
          const interval = effectiveIntervalMs(wanted, tenants, { perWindow, windowMs: 62_000 });
          return interval >= wanted && (interval / 62_000) * Math.max(1, perWindow) >= tenants;
        },
      ),
    );
  });
  it('has room for just as many more as can be proved as often as wanted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 62_000, max: 1e9 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 1, max: 100 }),
        (wanted, tenants, perWindow) => {
          const of = { perWindow, windowMs: 62_000 };
          const room = roomForMore(wanted, tenants, of);
          if (room > 0) expect(effectiveIntervalMs(wanted, tenants + room, of)).toBe(wanted);
          expect(effectiveIntervalMs(wanted, tenants + room + 1, of)).toBeGreaterThan(wanted);
        },
      ),
    );
  });
  it('is what a nightly run of 1,000 clinics is reckoned with: about 4 hours 20', () => {
    expect(nightlyRunMs(1000, budget) / 60_000).toBeCloseTo(258, 0);
  });
  it('counts the tenants that have a credential to prove', () => {
    const counts = [
      { state: 'healthy', count: 3 },
      { state: 'warning', count: 2 },
      { state: 'failing', count: 4 },
      { state: 'unverified', count: 1 },
      { state: 'not_connected', count: 100 },
      { state: 'disconnected', count: 100 },
    ] as const;
    expect(countProved([...counts])).toBe(10);
  });
});
