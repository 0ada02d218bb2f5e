// Also on PostgreSQL: calls are granted under a lock.
import type { Knex } from '../../../src/platform/database/database.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import type { AuthScope, BudgetAsk, Lane, RateFacts } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { budgetOverview } from '../../../src/ringcentral/auth-budget/budget-overview.js';
import { aMigratedDatabase, isPostgres } from '../../support/database/databases.js';
import { createVirtualWorld } from '../../support/virtual-world.js';
import { runHistories } from './budget-histories.js';

const log = { warn: () => undefined, error: () => undefined };
const nothingSaid: RateFacts = { penaltyMs: null, limit: null, remaining: null, windowSeconds: null };

describe('the auth budget in a database', () => {
  let db: Knex;
  let clock: ReturnType<typeof createVirtualWorld>;

  beforeEach(async () => {
    db = await aMigratedDatabase();
    clock = createVirtualWorld(db);
  });
  afterEach(() => db.destroy());

  const aBudget = (perMinute = 5, scope: AuthScope = 'app') =>
    createAuthBudget({ db, world: clock.world, databaseTime: clock.databaseTime, log, scope, perMinute });
  const ask = (lane: Lane, tenantId: string, more: Partial<BudgetAsk> = {}): BudgetAsk => ({
    clientId: 'app',
    lane,
    tenantId,
    maxWaitMs: 600_000,
    ...more,
  });
  const answers = (facts: Partial<RateFacts> = {}) =>
    Promise.resolve({ value: clock.elapsed(), facts: { ...nothingSaid, ...facts } });
  /** When the call was sent, or when the caller may ask again. */
  async function sentAt(budget: ReturnType<typeof aBudget>, asked: BudgetAsk, facts: Partial<RateFacts> = {}) {
    const sent = await clock.run(budget.run(asked, () => answers(facts)));
    await clock.run(budget.settled());
    return sent.kind === 'sent' ? sent.value : `wait ${sent.until.getTime() - clock.world.now().getTime()}`;
  }

  it('sends five calls of people at once and the sixth a window later', async () => {
    const budget = aBudget();
    const sent = [];
    for (const tenant of ['a', 'b', 'c', 'd', 'e', 'f']) sent.push(await sentAt(budget, ask('interactive', tenant)));
    expect(sent).toEqual([0, 0, 0, 0, 0, 62_000]);
  });

  it('spaces jobs, and lets a person in between', async () => {
    const budget = aBudget();
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((tenant) => sentAt(budget, ask('broker', tenant)));
    expect(await Promise.all(jobs)).toEqual([0, 15_500, 31_000, 46_500, 62_000]);
    expect(await sentAt(budget, ask('interactive', 'north'))).toBe(62_000);
  });

  it('sends the code of a clinic that was just served before the pastes of others', async () => {
    const budget = aBudget(1);
    await sentAt(budget, ask('interactive', 'north'));
    const asked = [ask('interactive', 'a'), ask('interactive', 'b'), ask('code', 'north')];
    const sent = await Promise.all(asked.map((one) => sentAt(budget, one)));
    expect(sent).toEqual([124_000, 186_000, 62_000]);
  });

  it('tells a caller that will not wait when to ask again', async () => {
    const budget = aBudget();
    await sentAt(budget, ask('background', 'a'));
    expect(await sentAt(budget, ask('background', 'b', { maxWaitMs: 0 }))).toBe('wait 15500');
    expect(await db('auth_calls').where({ state: 'waiting' })).toEqual([]);
  });

  it('tells a caller when its call may be sent, and grants it then', async () => {
    const budget = aBudget();
    for (const tenant of ['a', 'b', 'c', 'd', 'e']) await sentAt(budget, ask('interactive', tenant));
    expect(await sentAt(budget, ask('interactive', 'north', { maxWaitMs: 0 }))).toBe('wait 62000');
    expect(await sentAt(budget, ask('interactive', 'north'))).toBe(62_000);
  });

  it('sends nothing until Retry-After has passed, in every lane and process', async () => {
    const [one, other] = [aBudget(), aBudget()];
    await sentAt(one, ask('interactive', 'a'), { penaltyMs: 90_000 });
    expect(await sentAt(other, ask('interactive', 'b', { maxWaitMs: 0 }))).toBe('wait 91000');
    expect(await sentAt(other, ask('interactive', 'b'))).toBe(91_000);
  });

  it('applies a lower limit and a longer window that RingCentral names, until it names the old ones', async () => {
    const budget = aBudget();
    await sentAt(budget, ask('interactive', 'a'), { limit: 2, remaining: 1, windowSeconds: 120 });
    await sentAt(budget, ask('interactive', 'b'), { limit: 2, remaining: 0, windowSeconds: 120 });
    expect(await sentAt(budget, ask('interactive', 'c'), { limit: 5, remaining: 2, windowSeconds: 60 })).toBe(122_000);
    expect(await sentAt(budget, ask('interactive', 'd'))).toBe(122_000);
  });

  it('waits a whole window if another program has used up the limit', async () => {
    const budget = aBudget();
    await sentAt(budget, ask('interactive', 'a'), { limit: 5, remaining: 0, windowSeconds: 60 });
    expect(await sentAt(budget, ask('interactive', 'b'))).toBe(62_000);
  });

  it('does not mistake its own calls for those of another program', async () => {
    const budget = aBudget(2);
    await sentAt(budget, ask('interactive', 'a'), { limit: 2, remaining: 1, windowSeconds: 60 });
    await clock.run(clock.world.wait(30_000));
    await sentAt(budget, ask('interactive', 'b'), { limit: 2, remaining: 0, windowSeconds: 60 });
    expect(await sentAt(budget, ask('interactive', 'c'))).toBe(62_000);
  });

  it('skips the waiter of a process that died', async () => {
    const budget = aBudget();
    for (const tenant of ['a', 'b', 'c', 'd', 'e']) await sentAt(budget, ask('interactive', tenant));
    const at = clock.world.now().toISOString();
    const dead = { budget_key: 'app', lane: 'interactive', tenant_id: 'x', state: 'waiting' };
    await db('auth_calls').insert({ ...dead, id: 'dead', requested_at: '2026-11-20T00:00:00.000Z', seen_at: at });
    expect(await sentAt(budget, ask('interactive', 'north'))).toBe(62_000);
  });

  it('counts a slow call from when it may have arrived', async () => {
    const budget = aBudget(1);
    const slow = () => clock.world.wait(8000).then(() => answers());
    await clock.run(budget.run(ask('interactive', 'a'), slow));
    await clock.run(budget.settled());
    expect(await sentAt(budget, ask('interactive', 'b'))).toBe(8000 - 1900 + 62_000);
  });

  it('has one budget per tenant if RingCentral counts by account or user', async () => {
    const budget = aBudget(1, 'user');
    expect(await sentAt(budget, ask('interactive', 'a'))).toBe(0);
    expect(await sentAt(budget, ask('interactive', 'b'))).toBe(0);
    expect(await sentAt(budget, ask('interactive', 'a'))).toBe(62_000);
  });

  it('does not keep the rows of calls that no longer count', async () => {
    const budget = aBudget(5);
    for (let call = 0; call < 25; call += 1) await sentAt(budget, ask('background', 't'));
    expect((await db('auth_calls')).length).toBeLessThan(20);
  });

  it('shows what was sent in the last window, what is waiting and until when, and changes nothing', async () => {
    const none = { interactive: 0, broker: 0, background: 0 };
    const overview = async (perMinute = 5) => {
      await clock.run(Promise.resolve()); // until all callers wait
      return clock.run(budgetOverview({ db, ...clock, perMinute })('app'));
    };
    const unused = { limit: 5, windowMs: 62_000, used: none, waiting: none, penaltyUntil: null };
    expect(await overview()).toEqual(unused);
    const budget = aBudget();
    await sentAt(budget, ask('interactive', 'a'), { penaltyMs: 90_000 });
    const job = budget.run(ask('broker', 'b'), () => answers());
    const penaltyUntil = new Date('2026-11-21T00:01:31.000Z');
    const held = { ...unused, used: { ...none, interactive: 1 }, waiting: { ...none, broker: 1 }, penaltyUntil };
    expect([await overview(), await overview()]).toEqual([held, held]);
    await clock.run(job);
    await clock.run(budget.settled());
    expect(await overview()).toEqual({ ...unused, used: { ...none, broker: 1 } });
    expect(await overview(1000)).toMatchObject({ limit: 1000, windowMs: 62_000 });
  });

  /** `npm run test:full` runs more of them. */
  it('holds in random histories of three processes over one database', async () => {
    const histories = isPostgres ? 1 : 5;
    expect(await runHistories(db, histories)).toEqual({ sent: 7 * histories, overBudget: 0, inPenalty: 0 });
  }, 60_000);
});
