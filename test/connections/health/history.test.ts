// Also on PostgreSQL: dates and upserts.
import fc from 'fast-check';
import type { StateAndCause } from '../../../src/connections/health/connection-events.js';
import { dayOf, dayStore } from '../../../src/connections/health/day-store.js';
import {
  firstDay,
  historyDays,
  HISTORY_DAYS,
  historyRuns,
  type HistoryDay,
} from '../../../src/connections/health/history.js';
import { shownStates } from '../../../src/connections/health/health.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { aDatabase, addTenantRow } from '../../support/credential-rows.js';

const HOUR_MS = 3_600_000;
const now = new Date('2026-11-21T09:30:00.000Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
const is = (state: StateAndCause['state'], cause: StateAndCause['cause'] = null): StateAndCause => ({ state, cause });

/** From best to worst. */
const order = ['not_connected', 'disconnected', 'pending', 'healthy', 'warning', 'unverified', 'failing'];

type Change = { hoursAgo: number; after: StateAndCause };
const changes = fc
  .uniqueArray(
    fc.record({
      hoursAgo: fc.integer({ min: 0, max: 120 * 24 }),
      after: fc.record({
        state: fc.constantFrom(...shownStates),
        cause: fc.constantFrom(null, 'owner_inactive' as const, 'credential_rejected' as const),
      }),
    }),
    { selector: (one) => one.hoursAgo, maxLength: 40 },
  )
  .map((them) => them.sort((one, other) => other.hoursAgo - one.hoursAgo));

/** Computes the shown state at every half hour. */
function byLooking(them: readonly Change[]): HistoryDay[] {
  const days = new Map<string, StateAndCause>();
  const first = them[0];
  for (let hour = first?.hoursAgo ?? -1; hour >= 0; hour -= 0.5) {
    const at = hoursAgo(hour);
    const shown = them.findLast((one) => one.hoursAgo >= hour)?.after;
    const worst = days.get(dayOf(at));
    if (shown && (!worst || order.indexOf(shown.state) > order.indexOf(worst.state))) days.set(dayOf(at), shown);
  }
  return Array.from({ length: HISTORY_DAYS }, (_, index) => {
    const day = dayOf(hoursAgo((HISTORY_DAYS - 1 - index) * 24));
    return { day, shown: days.get(day) ?? null };
  });
}

describe('the days of a connection', () => {
  let db: Knex;
  let tenants = 0;
  beforeAll(async () => {
    db = await aDatabase();
  });
  afterAll(() => db.destroy());

  async function written(them: readonly Change[]): Promise<HistoryDay[]> {
    const tenantId = `north-${(tenants += 1)}`;
    await addTenantRow(db, tenantId);
    const store = dayStore(db).forTenant(tenantId);
    let before: StateAndCause | null = null;
    for (const { hoursAgo: hours, after } of them) {
      await store.note(dayOf(hoursAgo(hours)), before, after);
      before = after;
    }
    return historyDays(await store.since(firstDay(now)), now);
  }

  it('each show the worst state of any hour, even if nothing was recorded for weeks', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (them) => {
        expect(await written(them)).toEqual(byLooking(them));
      }),
      { numRuns: 40 },
    );
  });

  it('begin with the previous state, so that a failure fixed in the morning is visible', async () => {
    const days = await written([
      { hoursAgo: 48, after: is('failing', 'owner_inactive') },
      { hoursAgo: 3, after: is('healthy') },
    ]);
    expect(days.slice(-3).map(({ shown }) => shown)).toEqual([
      is('failing', 'owner_inactive'),
      is('failing', 'owner_inactive'),
      is('failing', 'owner_inactive'),
    ]);
    expect(days.at(0)?.shown).toBeNull();
    expect(days).toHaveLength(90);
  });

  it('do not include days of another tenant', async () => {
    await written([{ hoursAgo: 10, after: is('failing', 'owner_inactive') }]);
    expect((await written([])).every(({ shown }) => shown === null)).toBe(true);
  });
});

describe('equal consecutive days', () => {
  const arbitraryDays = changes.map(byLooking);

  it('are grouped into one run each, newest first', () => {
    fc.assert(
      fc.property(arbitraryDays, (days) => {
        const runs = historyRuns(days);
        const told = [...runs]
          .reverse()
          .flatMap(({ days: count, shown }) => Array.from({ length: count }, () => shown));
        expect(told).toEqual(days.flatMap(({ shown }) => shown ?? []));
        for (const [index, run] of runs.entries()) expect(run.shown).not.toEqual(runs[index + 1]?.shown);
        for (const { from, to, days: count } of runs)
          expect((Date.parse(to) - Date.parse(from)) / (24 * HOUR_MS)).toBe(count - 1);
      }),
    );
  });
});
