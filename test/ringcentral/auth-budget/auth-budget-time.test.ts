import type { Knex } from '../../../src/platform/database/database.js';
import { databaseTime } from '../../../src/platform/database/database.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import { budgetTime } from '../../../src/ringcentral/auth-budget/auth-budget-policy.js';
import type { RateFacts } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { aMigratedDatabase, isPostgres } from '../../support/database/databases.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const log = { warn: () => undefined, error: () => undefined };
const YEAR_MS = 365 * 86_400_000;
const WINDOW_MS = 62_000;

describe('the database\u2019s time', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aMigratedDatabase();
  });
  afterEach(() => db.destroy());

  it('is the server\u2019s on PostgreSQL, and the machine\u2019s on SQLite', async () => {
    const machine = new Date('1999-12-31T23:59:59.000Z');
    const told = await databaseTime(db, { now: () => machine });
    expect(Math.abs(told - (isPostgres ? Date.now() : machine.getTime()))).toBeLessThan(60_000);
  });

  it('moves on inside a transaction, where PostgreSQL\u2019s now() does not', async () => {
    const machine = { now: () => new Date() };
    const [before, after] = await db.transaction(async (trx) => {
      const first = await databaseTime(trx, machine);
      while (Date.now() < first + 5 && !isPostgres) await trx.raw('select 1');
      if (isPostgres) await trx.raw('select pg_sleep(0.005)');
      return [first, await databaseTime(trx, machine)];
    });
    expect(after).toBeGreaterThanOrEqual(before + 5);
  });
});

describe('the budget\u2019s time', () => {
  it.each([
    ['is the database\u2019s', 1_000_000, 999_000, 1_000_000],
    ['does not run backwards', 1_000_000, 1_000_001, 1_000_001],
    ['does not run backwards by as much as a window', 1_000_000, 1_062_000, 1_062_000],
    ['follows the database where a stored time is more than a window ahead', 1_000_000, 1_062_001, 1_000_000],
    ['is the database\u2019s where nothing is stored', 1_000_000, 0, 1_000_000],
  ])('%s', (_rule, databaseMs, latestMs, expected) => {
    expect(budgetTime(databaseMs, latestMs, WINDOW_MS)).toBe(expected);
  });
});

describe('an auth budget whose database had its clock set', () => {
  let db: Knex;
  let virtual: ReturnType<typeof createVirtualWorld>;

  beforeEach(async () => {
    db = await aMigratedDatabase();
    virtual = createVirtualWorld(db);
  });
  afterEach(() => db.destroy());

  const aBudget = () => {
    const { world, databaseTime: time } = virtual;
    return createAuthBudget({ db, world, databaseTime: time, log, scope: 'app', perMinute: 5 });
  };
  /** How long after the start the call was sent. */
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

  it.each([
    ['a second', 1000, 63_000],
    ['half a window', 31_000, 93_000],
    ['a window', 62_000, 124_000],
  ])('back by %s keeps its time until the database has caught up, in every process', async (_what, byMs, expected) => {
    await useUp(aBudget());
    virtual.setClock(-byMs);
    expect(await sentAt(aBudget())).toBe(expected);
  });

  it('back by half a window frees no slot for another process', async () => {
    await useUp(aBudget());
    virtual.setClock(-31_000);
    await virtual.run(virtual.world.wait(20_000));
    expect(await sentAt(aBudget())).toBe(93_000);
  });

  it('back by a year counts the calls of the last window as sent now', async () => {
    await useUp(aBudget());
    virtual.setClock(-YEAR_MS);
    expect(await sentAt(aBudget())).toBe(WINDOW_MS);
    expect(await sentAt(aBudget())).toBe(WINDOW_MS);
  });

  it('back by a year sends a waiting call at most a window later', async () => {
    const budget = aBudget();
    await useUp(budget);
    const waiting = sentAt(budget);
    const setLater = virtual.world.wait(20_000).then(() => virtual.setClock(-YEAR_MS));
    const sent = await waiting;
    await setLater;
    expect(sent).toBeGreaterThanOrEqual(WINDOW_MS);
    expect(sent).toBeLessThanOrEqual(20_000 + 1000 + WINDOW_MS);
  });

  it('back by a year ends a penalty, and obeys the next one', async () => {
    await sentAt(aBudget(), 90_000);
    virtual.setClock(-YEAR_MS);
    expect(await sentAt(aBudget(), 30_000)).toBe(0);
    expect(await sentAt(aBudget())).toBe(31_000);
  });

  it('back by a year does not let the waiter of a dead process delay the others', async () => {
    const budget = aBudget();
    await useUp(budget);
    const at = new Date(virtual.world.now().getTime()).toISOString();
    const dead = { id: 'dead', budget_key: 'app', lane: 'interactive', tenant_id: 'b', state: 'waiting' };
    await db('auth_calls').insert({ ...dead, requested_at: at, seen_at: at });
    virtual.setClock(-YEAR_MS);
    expect(await sentAt(budget)).toBe(WINDOW_MS);
  });

  it('forward by a year forgets what RingCentral still counts, and obeys the 429 that follows', async () => {
    const budget = aBudget();
    await useUp(budget);
    virtual.setClock(YEAR_MS);
    expect(await sentAt(budget, 60_000)).toBe(0);
    expect(await sentAt(aBudget())).toBe(61_000);
  });

  it('tells a caller by the machine\u2019s clock when to ask again, and records that the time was set back', async () => {
    const budget = aBudget();
    await useUp(budget);
    virtual.setClock(-YEAR_MS);
    const ask = { clientId: 'app', lane: 'interactive', tenantId: 'a', maxWaitMs: 0 } as const;
    const answer = await virtual.run(budget.run(ask, () => Promise.reject(new Error('nothing may be sent'))));
    if (answer.kind !== 'wait') throw new Error('it was sent');
    expect(answer.until.getTime() - virtual.world.now().getTime()).toBe(WINDOW_MS);
    expect(await sentAt(budget)).toBe(WINDOW_MS);
  });
});
