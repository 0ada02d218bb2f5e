import { peopleDirectory } from '../../src/accounts/people/people-directory.js';
import { runEvidence } from '../../src/connections/run-evidence.js';
import { iso, migrate, openDatabase, transactionOn } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log.js';
import { startLoop } from '../../src/platform/loop.js';
import { nightlyRun, type Summary } from '../../src/preflight/nightly-run.js';
import { preflightService } from '../../src/preflight/preflight-service.js';
import { createAuthBudget } from '../../src/ringcentral/auth-budget/auth-budget.js';
import { tenantService } from '../../src/tenants/tenant-service.js';
import { aRingCentral, aSweeper } from '../drill/watch/sweep-parts.js';
import { anEmptyDatabaseUrl, isPostgres } from '../support/database/databases.js';
import { addManyTenants, healthyOnly, type Life } from '../support/many-tenants.js';
import { seededRandom, StrictLimiter } from '../support/strict-limiter.js';
import { createVirtualWorld } from '../support/virtual-world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIMIT = 5;
const size = isPostgres ? { fresh: 30, stale: 8, failing: 2 } : { fresh: 380, stale: 100, failing: 20 };

const lifeOf = (agoMs: number, more: Life['events'] = []): Life => ({
  share: 1,
  credential: 'active',
  events: [
    [{ kind: 'submitted', keptUntil: '' }, 90 * DAY],
    [{ kind: 'pending_judged', verdict: { kind: 'accepted', warnings: [] }, kept: false }, 90 * DAY],
    [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: [] }, confirmMs: 0 }, agoMs],
    ...more,
  ],
});
const failing = lifeOf(30 * HOUR, [
  [{ kind: 'serving_checked', verdict: { kind: 'refused', cause: 'owner_inactive' }, confirmMs: 0 }, 3 * HOUR],
]);

it(`of ${size.fresh + size.stale + size.failing} clinics the worker proves the ${size.stale} unknown ones before the mail, and no other, within RingCentral's limit`, async () => {
  const db = openDatabase(isPostgres ? await anEmptyDatabaseUrl() : 'sqlite::memory:');
  await migrate(db);
  const random = seededRandom(20261129);
  const virtual = createVirtualWorld(db);
  const world = { ...virtual.world, randomBytes: (length: number) => Buffer.alloc(length, 128) };
  const start = world.now(); // midnight in UTC
  const runAt = new Date(start.getTime() + 6 * HOUR);
  await addManyTenants(db, { count: size.fresh, now: start, lives: healthyOnly });
  const stale = await addManyTenants(db, { count: size.stale, now: start, lives: [lifeOf(43 * HOUR)], from: 1000 });
  await addManyTenants(db, { count: size.failing, now: start, lives: [failing], from: 2000 });
  await db('people').insert({ id: 'olga', email: 'olga@isv.example', name: 'Olga', created_at: iso(start) });
  await db('staff').insert({ person_id: 'olga', role: 'operator', created_at: iso(start) });
  // The daily round would come too late for the run.
  await db('check_requests').update({ due_at: iso(new Date(runAt.getTime() + HOUR)) });

  const log = createLogger('silent');
  const limiter = new StrictLimiter(LIMIT);
  const asked: string[] = [];
  const budget = createAuthBudget({
    db,
    world,
    databaseTime: virtual.databaseTime,
    log,
    scope: 'app',
    perMinute: LIMIT,
  });
  const ringcentral = aRingCentral({
    budget,
    between: (low, high) => low + random() * (high - low),
    wait: world.wait,
    arrive: () => limiter.arrive(virtual.elapsed()),
    onAsked: () => undefined,
    onSent: (tenantId) => void asked.push(tenantId),
  });
  const { worker, parts } = aSweeper({ db, world, log, ringcentral, perWindow: LIMIT - 1 });
  const checks = startLoop(
    'checks',
    () => worker.nextLookMs(60_000),
    () => worker.startDue(() => checks.poke()),
    {
      world,
      log,
    },
  );
  const transaction = transactionOn(db);
  const checksBudget = { perWindow: LIMIT - 1, windowMs: 62_000 };
  const told: { at: Date; summary: Summary }[] = [];
  const service = preflightService({
    transaction,
    world,
    evidence: runEvidence({ db, world, checkEveryMs: parts.checkEveryMs, poke: () => checks.poke() }),
    tenantsWithIds: tenantService({ db, transaction, world }).withIds,
    budget: checksBudget,
  });
  const nightly = nightlyRun({
    db,
    transaction,
    world,
    people: peopleDirectory,
    enqueue: () => Promise.resolve(),
    service,
    budget: checksBudget,
    compose: (summary, to) => {
      told.push({ at: world.now(), summary });
      return { to: to.email, subject: '', text: '', html: '' };
    },
  });
  await nightly.setRunTime({ at: '06:00', timeZone: 'UTC' }, { kind: 'command_line' }, {});
  const rounds = startLoop('preflight', 60_000, () => nightly.round(), { world, log });
  await virtual.run(
    (async () => {
      while (world.now() < runAt) await world.wait(60_000);
    })(),
  );
  await virtual.run(Promise.all([rounds.stop(), checks.stop(), worker.idle()]));
  await budget.settled();
  const after = await service.summary(runAt);
  await db.destroy();

  expect([...asked].sort()).toEqual([...stale].sort());
  expect(limiter.overBudget + limiter.inPenalty).toBe(0);
  expect(told).toHaveLength(1);
  const [mail] = told;
  const beforeRun = runAt.getTime() - (mail?.at.getTime() ?? 0);
  expect(beforeRun).toBeLessThanOrEqual(2 * HOUR);
  expect(beforeRun).toBeGreaterThan(2 * HOUR - 2 * 60_000);
  const counts = { noGo: size.failing, unknown: 0, go: size.fresh + size.stale };
  expect(mail?.summary).toMatchObject(counts);
  expect(after).toMatchObject(counts);
}, 120_000);
