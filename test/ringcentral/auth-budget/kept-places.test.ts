// Also on PostgreSQL: places are kept and counted by SQL.
import type { Knex } from '../../../src/platform/database/database.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import type { BudgetAsk } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { aMigratedDatabase } from '../../support/database/databases.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const log = { warn: () => undefined, error: () => undefined };
const nothingSaid = { penaltyMs: null, limit: null, remaining: null, windowSeconds: null };
const WINDOW_MS = 62_000;
/** Between two calls of jobs: 62 s for 4 calls. */
const PER_CALL_MS = 15_500;

let db: Knex;
let clock: ReturnType<typeof createVirtualWorld>;
beforeEach(async () => {
  db = await aMigratedDatabase();
  clock = createVirtualWorld(db);
});
afterEach(() => db.destroy());

const aBudget = () =>
  createAuthBudget({ db, world: clock.world, databaseTime: clock.databaseTime, log, scope: 'app', perMinute: 5 });
const placeOf = (tenantId: string, more: Partial<BudgetAsk> = {}): BudgetAsk => ({
  clientId: 'app',
  lane: 'broker',
  tenantId,
  maxWaitMs: 15_000,
  keepsPlace: true,
  ...more,
});
const nameOf = (number: number) => `t${String(number).padStart(3, '0')}`;

type Served = { tenantId: string; sentAt: number; told: number[] };

/** A cold clinic whose job asks, and asks again up to 5 seconds after the time that it is told, until it is served. */
async function aClinic(budget: ReturnType<typeof aBudget>, tenantId: string, random: () => number, penalty = 0) {
  const told: number[] = [];
  for (;;) {
    const facts = { ...nothingSaid, penaltyMs: penalty || null };
    const sent = await budget.run(placeOf(tenantId), () => Promise.resolve({ value: clock.elapsed(), facts }));
    if (sent.kind === 'sent') return { tenantId, sentAt: sent.value, told };
    const waitMs = sent.until.getTime() - clock.world.now().getTime();
    told.push(clock.elapsed() + waitMs);
    await clock.world.wait(waitMs + random() * 5000);
  }
}

const tooEarlyMs = ({ sentAt, told }: Served) => Math.max(0, ...told.map((at) => sentAt - at));
const byTime = (served: Served[]) => [...served].sort((a, b) => a.sentAt - b.sentAt).map(({ tenantId }) => tenantId);

it('cold clinics are served in the order of their first asks, each told its time once or twice, less than a window early', async () => {
  const random = seededRandom(11);
  const processes = [aBudget(), aBudget()];
  const clinics = Array.from({ length: 30 }, (_, number) => aClinic(processes[number % 2]!, nameOf(number), random));
  const served = await clock.run(Promise.all(clinics));
  expect(byTime(served)).toEqual(served.map(({ tenantId }) => tenantId));
  expect(Math.max(...served.map(({ told }) => told.length))).toBeLessThanOrEqual(2);
  expect(Math.max(...served.map(tooEarlyMs))).toBeLessThan(WINDOW_MS);
  expect(served[29]!.sentAt).toBeLessThan(29 * PER_CALL_MS + WINDOW_MS);
});

it('after a penalty of a minute the order is the same, and each clinic is told its time once more', async () => {
  const random = seededRandom(12);
  const budget = aBudget();
  const clinics = Array.from({ length: 16 }, (_, number) =>
    aClinic(budget, nameOf(number), random, number === 6 ? 60_000 : 0),
  );
  const served = await clock.run(Promise.all(clinics));
  expect(byTime(served)).toEqual(served.map(({ tenantId }) => tenantId));
  expect(Math.max(...served.map(({ told }) => told.length))).toBeLessThanOrEqual(3);
});

it('the place of a job that does not come back is not counted 8 seconds after its time', async () => {
  const budget = aBudget();
  const send = () => Promise.resolve({ value: clock.elapsed(), facts: nothingSaid });
  const waitOf = async (tenantId: string) => {
    const sent = await clock.run(budget.run(placeOf(tenantId, { maxWaitMs: 0 }), send));
    return sent.kind === 'sent' ? 0 : sent.until.getTime() - clock.world.now().getTime();
  };
  expect(await waitOf('first')).toBe(0);
  expect(await waitOf('gone')).toBe(PER_CALL_MS);
  expect(await waitOf('also gone')).toBe(2 * PER_CALL_MS);
  expect(await waitOf('later')).toBe(3 * PER_CALL_MS);
  await clock.run(clock.world.wait(PER_CALL_MS + 7_000));
  expect(await waitOf('new')).toBe(3 * PER_CALL_MS); // three places are ahead
  await clock.run(clock.world.wait(1_500));
  expect(await waitOf('also new')).toBe(0); // and now a slot is free that no one comes back for
});

it('a check waits while a slot is kept for a job, and looks again within a window', async () => {
  const budget = aBudget();
  const send = () => Promise.resolve({ value: clock.elapsed(), facts: nothingSaid });
  for (let number = 0; number < 20; number += 1)
    await clock.run(budget.run(placeOf(nameOf(number), { maxWaitMs: 0 }), send));
  await clock.run(clock.world.wait(PER_CALL_MS));
  const check = placeOf('check', { lane: 'background', keepsPlace: false, maxWaitMs: 0 });
  const sent = await clock.run(budget.run(check, send));
  expect(sent).toEqual({ kind: 'wait', until: new Date(clock.world.now().getTime() + WINDOW_MS) });
});
