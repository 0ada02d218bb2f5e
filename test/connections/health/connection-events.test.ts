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

describe('the events of a connection for external programs', () => {
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
    ['outdated evidence', healthy, of('unverified'), ['connection.unverified']],
    ['new evidence', of('unverified'), healthy, ['connection.recovered']],
    ['a disconnection', healthy, of('disconnected'), ['connection.disconnected']],
    ['a failed paste', of('pending'), of('not_connected', 'credential_rejected'), []],
    ['a failed paste after a disconnection', of('pending'), of('disconnected'), []],
    ['no change', failing, failing, []],
  ])('%s', (_title, before, after, types) => {
    expect(connectionEvents(before, after, false).map(({ type }) => type)).toEqual(types);
  });

  it('include a replacement even if the state stays the same', () => {
    expect(connectionEvents(healthy, healthy, true).map(({ type }) => type)).toEqual(['connection.replaced']);
  });

  it('carry the cause of the new state', () => {
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
    ['does not open for outdated evidence', healthy, of('unverified'), 'none'],
    ['does not close for outdated evidence', failing, of('unverified'), 'none'],
  ])('%s', (_title, before, after, step) => {
    expect(incidentStep(before, after)).toBe(step);
  });
});

describe('the interval at which evidence is renewed', () => {
  const budget = { perWindow: 4, windowMs: 62_000 };

  it('is the configured one as long as the budget can prove every tenant in that time', () => {
    expect(effectiveIntervalMs(86_400_000, 5572, budget)).toBe(86_400_000);
  });
  it('grows with the number of tenants beyond that', () => {
    expect(effectiveIntervalMs(86_400_000, 10_000, budget)).toBe(2500 * 62_000);
  });
  it('does not grow if each tenant has a separate budget', () => {
    expect(effectiveIntervalMs(86_400_000, 1_000_000, null)).toBe(86_400_000);
  });
  it('is never shorter than configured and always long enough for all tenants', () => {
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
  it('has room for exactly as many more tenants as can be proved at the configured interval', () => {
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
  it('estimates a nightly run of 1,000 clinics at about 4 hours 20 minutes', () => {
    expect(nightlyRunMs(1000, budget) / 60_000).toBeCloseTo(258, 0);
  });
  it('counts the tenants with a credential to prove', () => {
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
