import fc from 'fast-check';
import type { Knex } from '../../../src/platform/database/database.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import {
  budgetTime,
  databaseClock,
  type Moment,
  type StoredTime,
} from '../../../src/ringcentral/auth-budget/auth-budget-clock.js';
import type { RateFacts } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { aMigratedDatabase, isPostgres } from '../../support/database/databases.js';
import { seededRandom, StrictLimiter } from '../../support/strict-limiter.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const log = { warn: () => undefined, error: () => undefined };
const YEAR_MS = 365 * 86_400_000;
const WINDOW_MS = 62_000;

describe('the clock of the auth budget', () => {
  let db: Knex;
  let virtual: ReturnType<typeof createVirtualWorld>;

  beforeEach(async () => {
    db = await aMigratedDatabase();
    virtual = createVirtualWorld(db);
  });
  afterEach(() => db.destroy());

  const aBudget = () =>
    createAuthBudget({ db, world: virtual.world, clock: virtual.clock, log, scope: 'app', perMinute: 5 });
  /** How long after the beginning the call was sent. */
  async function sentAt(budget: ReturnType<typeof aBudget>, penaltyMs: number | null = null): Promise<number> {
    const facts: RateFacts = { penaltyMs, limit: null, remaining: null, windowSeconds: null };
    const ask = { clientId: 'app', lane: 'interactive', tenantId: 'a', maxWaitMs: 3_600_000 } as const;
    const sent = await virtual.run(budget.run(ask, () => Promise.resolve({ value: virtual.elapsed(), facts })));
    await virtual.run(budget.settled());
    return sent.kind === 'sent' ? sent.value : NaN;
  }
  async function useUp(budget: ReturnType<typeof aBudget>): Promise<void> {
    for (let call = 0; call < 5; call += 1) await sentAt(budget);
  }

  it('is the server\u2019s on PostgreSQL, and the machine\u2019s where there is no server', async () => {
    const machine = new Date('1999-12-31T23:59:59.000Z');
    const told = await databaseClock({ now: () => machine }).shared(db);
    expect(Math.abs(told - (isPostgres ? Date.now() : machine.getTime()))).toBeLessThan(60_000);
  });

  it('goes on inside a transaction, where PostgreSQL\u2019s own now() stands still', async () => {
    const { shared } = databaseClock({ now: () => new Date() });
    const [before, after] = await db.transaction(async (trx) => {
      const first = await shared(trx);
      while (Date.now() < first + 5 && !isPostgres) await trx.raw('select 1');
      if (isPostgres) await trx.raw('select pg_sleep(0.005)');
      return [first, await shared(trx)];
    });
    expect(after).toBeGreaterThanOrEqual(before + 5);
  });

  it.each([
    ['back by a year', -YEAR_MS],
    ['back by a second', -1000],
    ['forward by a second', 1000],
    ['forward by a year', YEAR_MS],
  ])('set %s, it makes the sixth call neither earlier nor later', async (_what, byMs) => {
    const budget = aBudget();
    await useUp(budget);
    virtual.setClock(byMs);
    expect(await sentAt(budget)).toBe(WINDOW_MS);
  });

  it.each([
    ['back', -YEAR_MS],
    ['forward', YEAR_MS],
  ])('set %s while a call waits, it wakes that call when it would have been its turn', async (_what, byMs) => {
    const budget = aBudget();
    await useUp(budget);
    const waiting = sentAt(budget);
    const setLater = virtual.world.wait(20_000).then(() => virtual.setClock(byMs));
    expect(await waiting).toBe(WINDOW_MS);
    await setLater;
  });

  it.each([
    ['back', -YEAR_MS],
    ['forward', YEAR_MS],
  ])('set %s, it makes a penalty neither shorter nor longer, for another process too', async (_what, byMs) => {
    const [one, other] = [aBudget(), aBudget()];
    await sentAt(one, null);
    await sentAt(other, 90_000);
    virtual.setClock(byMs);
    expect(await sentAt(one)).toBe(91_000);
    expect(await sentAt(other)).toBe(91_000);
  });

  it('set back while no process ran, it keeps nobody waiting for longer than a window and a second', async () => {
    await useUp(aBudget());
    await sentAt(aBudget(), 90_000);
    virtual.setClock(-YEAR_MS);
    const sent = await sentAt(aBudget());
    expect(sent).toBeGreaterThanOrEqual(WINDOW_MS + 91_000);
    expect(sent).toBeLessThanOrEqual(WINDOW_MS + 91_000 + 1000);
  });

  it('tells pages the turn by the machine\u2019s clock, whatever was done to it', async () => {
    const budget = aBudget();
    await useUp(budget);
    virtual.setClock(-YEAR_MS);
    const turn = await budget.expectedTurn({ clientId: 'app', lane: 'interactive', tenantId: 'a' });
    expect(turn.getTime() - virtual.world.now().getTime()).toBe(WINDOW_MS);
  });

  /** A server's answer takes longer than a file's, and the decisions are the same. */
  const histories = isPostgres ? 4 : 20;
  it(`holds in ${histories} random histories of two processes whose clock is set again and again`, async () => {
    const sum = { sent: 0, overBudget: 0, inPenalty: 0, late: 0 };
    for (let seed = 1; seed <= histories; seed += 1) {
      const random = seededRandom(seed);
      const limiter = new StrictLimiter(5);
      const processes = [aBudget(), aBudget()];
      const began = virtual.elapsed();
      const ask = { clientId: `app-${seed}`, lane: 'interactive', maxWaitMs: 3_600_000 } as const;
      const call = async () => {
        sum.sent += 1;
        const penaltyMs = limiter.arrive(virtual.elapsed());
        await virtual.world.wait(random() * 1500);
        return {
          value: null,
          facts: { penaltyMs: penaltyMs || null, limit: null, remaining: null, windowSeconds: null },
        };
      };
      // Both have seen the budget before its clock is set: who comes new cannot know.
      for (const budget of processes) await virtual.run(budget.run({ ...ask, tenantId: 'first' }, call));
      const callers = Array.from({ length: 10 }, async (_, n) => {
        await virtual.world.wait(random() * 60_000);
        if (random() < 0.5) virtual.setClock((random() - 0.5) * 10 ** (3 + Math.floor(random() * 8)));
        await processes[n % 2]!.run({ ...ask, tenantId: `t${n}` }, call);
      });
      await virtual.run(Promise.all(callers));
      await virtual.run(Promise.all(processes.map((process) => process.settled())));
      sum.overBudget += limiter.overBudget;
      sum.inPenalty += limiter.inPenalty;
      if (virtual.elapsed() - began > 60_000 + 3 * WINDOW_MS) sum.late += 1;
    }
    expect(sum).toEqual({ sent: 12 * histories, overBudget: 0, inPenalty: 0, late: 0 });
  }, 60_000);
});

describe('the budget\u2019s time, from whatever readings', () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 600_000 }),
    setBy: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -YEAR_MS, max: YEAR_MS })),
    readMs: fc.integer({ min: 0, max: 200 }),
    process: fc.integer({ min: 0, max: 2 }),
  });

  it('never goes back, and keeps to true time but for what a reading takes', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const base = Date.parse('2026-11-21T00:00:00.000Z');
        let [trueMs, clockMs, sinceReadings] = [0, base, 0];
        let stored: StoredTime = { at: 0, offsetMs: 0 };
        const seen: (Moment | null)[] = [null, null, null];
        // Every process has seen the time once before anybody sets the clock.
        const all = [0, 1, 2].map((process) => ({ waitMs: 0, setBy: 0, readMs: 0, process })).concat(steps);
        for (const { waitMs, setBy, readMs, process } of all) {
          trueMs += waitMs;
          clockMs += waitMs + setBy;
          const from = trueMs;
          trueMs += readMs;
          clockMs += readMs;
          sinceReadings += readMs;
          const time = budgetTime({ shared: clockMs, from, to: trueMs }, stored, seen[process] ?? null);
          expect(time.at).toBeGreaterThanOrEqual(stored.at);
          // Two clocks may differ by a thousandth, and a step smaller than that is not told from it.
          const tolerated = sinceReadings + all.length * 51 + trueMs / 500;
          expect(Math.abs(time.at - base - trueMs)).toBeLessThanOrEqual(tolerated);
          stored = time;
          seen[process] = { at: time.at, from, to: trueMs };
        }
      }),
    );
  });
});
