// Also on PostgreSQL: the order of rows.
import { checkQueue, type NewCheckRequest } from '../../../src/connections/checks/check-queue.js';
import type { Ran } from '../../../src/connections/checks/check-runner.js';
import { checkWorker, type WaitingLists } from '../../../src/connections/checks/check-worker.js';
import { createLogger } from '../../../src/platform/log.js';
import { tenantService } from '../../../src/tenants/tenant-service.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../../support/credential-rows.js';

const PACE_MS = 15_500;
const log = createLogger('silent');

describe('checks that wait while the budget has no room', () => {
  let db: Knex;
  let now: Date;
  let ids: number;
  let asked: string[];
  const world = {
    now: () => now,
    newId: () => `id-${(ids += 1)}`,
    randomBytes: (size: number) => Buffer.alloc(size),
    wait: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
  };
  const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);

  beforeEach(async () => {
    db = await aDatabase();
    now = aNow;
    ids = 0;
    asked = [];
  });
  afterEach(() => db.destroy());

  async function due(tenantId: string, more: Partial<NewCheckRequest> = {}): Promise<void> {
    await addTenantRow(db, tenantId);
    await addCredentialRow(db, tenantId, tenantId);
    const request = {
      trigger: 'schedule',
      priority: 'background',
      requestedBy: null,
      dueAt: now,
      inconclusiveStreak: 0,
    } as const;
    await checkQueue(db, world)
      .forTenant(tenantId)
      .add({ credentialId: tenantId, ...request, ...more });
  }

  /** A worker whose checks return what `answer` says; each turn ends when no check is running. */
  function aWorker(
    answer: (tenantId: string) => Ran,
    waitingLists: WaitingLists = { tenants: [() => undefined], paceMs: PACE_MS },
  ) {
    const run = async ({ id, tenantId }: { id: string; tenantId: string }) => {
      asked.push(tenantId);
      const ran = answer(tenantId);
      if (typeof ran === 'string') await checkQueue(db, world).forTenant(tenantId).finish(id);
      return ran;
    };
    const worker = checkWorker({
      db,
      world,
      log,
      runner: { run },
      workerId: 'one',
      leaseMs: 20_000,
      concurrency: 8,
      waitingLists,
    });
    const turn = async () => {
      asked.length = 0;
      await worker.startDue(() => undefined);
      await worker.idle();
      return [...asked];
    };
    return { turn, nextTurnMs: worker.nextLookMs };
  }

  it('start one at a time, at the pace of the budget', async () => {
    for (const name of ['a', 'b', 'c']) await due(name);
    const { turn, nextTurnMs } = aWorker(() => 'asked');
    expect(await turn()).toEqual(['a']);
    expect(nextTurnMs(60_000)).toBe(PACE_MS);
    expect(nextTurnMs(250)).toBe(250);
    expect(await turn()).toEqual([]);
    now = later(PACE_MS);
    expect(await turn()).toEqual(['b']);
  });

  it('keep their place while there is no room, and pause until there is', async () => {
    await due('a', { dueAt: later(-60_000) });
    await due('b', { dueAt: later(-50_000) });
    let until: Date | null = later(40_000);
    const { turn } = aWorker(() => (until ? { noRoomBefore: until } : 'asked'));
    expect(await turn()).toEqual(['a']);
    const open = await checkQueue(db, world).forTenant('a').openFor('a');
    expect(open).toMatchObject({ dueAt: new Date(aNow.getTime() - 60_000), leaseUntil: null, failedClaims: 0 });
    now = later(39_999);
    expect(await turn()).toEqual([]);
    now = later(1);
    until = null;
    expect(await turn()).toEqual(['a']);
  });

  it('do not delay a person, whose check runs during the pause', async () => {
    for (const name of ['a', 'b']) await due(name);
    const { turn } = aWorker(() => ({ noRoomBefore: later(40_000) }));
    expect(await turn()).toEqual(['a']);
    await due('p', { priority: 'interactive', trigger: 'person' });
    expect(await turn()).toEqual(['p']);
    expect(await checkQueue(db, world).forTenant('p').openFor('p')).toMatchObject({ dueAt: later(40_000) });
  });

  it('run after confirmations, even if the daily round has been due for longer', async () => {
    await due('round', { dueAt: later(-3_600_000) });
    await due('suspect', { priority: 'urgent', trigger: 'confirmation' });
    const { turn } = aWorker(() => 'asked');
    expect(await turn()).toEqual(['suspect']);
    now = later(PACE_MS);
    expect(await turn()).toEqual(['round']);
  });

  it('continue immediately if RingCentral was not asked', async () => {
    for (const name of ['expired', 'gone', 'next', 'other']) await due(name);
    const { turn } = aWorker((tenantId) => (tenantId === 'next' ? 'asked' : 'not_asked'));
    const made = [...(await turn()), ...(await turn()), ...(await turn()), ...(await turn())];
    expect(made).toEqual(['expired', 'gone', 'next']);
  });

  it('pause for at most a minute, so that a clock set back does not stop them', async () => {
    for (const name of ['a', 'b', 'c']) await due(name, { dueAt: later(-90_000_000) });
    const { turn } = aWorker((tenantId) => (tenantId === 'a' ? { noRoomBefore: later(86_400_000) } : 'asked'));
    await turn();
    now = later(-3_600_000);
    expect(await turn()).toHaveLength(1);
    now = later(3_660_000);
    expect(await turn()).toHaveLength(1);
  });

  it('pause separately for each app with its own budget', async () => {
    const tenants = tenantService({ db, transaction: transactionOn(db), world });
    for (const name of ['a', 'b', 'x', 'y']) await due(name);
    await db('tenants').whereIn('id', ['x', 'y']).update({ environment: 'biz' });
    const waitingLists: WaitingLists = {
      tenants: [() => tenants.idsIn('production'), () => tenants.idsIn('biz')],
      paceMs: PACE_MS,
    };
    const { turn } = aWorker((tenantId) => (tenantId < 'm' ? { noRoomBefore: later(50_000) } : 'asked'), waitingLists);
    expect(await turn()).toEqual(['a', 'x']);
    now = later(PACE_MS);
    expect(await turn()).toEqual(['y']);
  });

  it('are tried and postponed individually if RingCentral counts each clinic separately', async () => {
    for (const name of ['a', 'b']) await due(name);
    const waitingLists: WaitingLists = { tenants: [() => undefined], paceMs: null };
    const { turn } = aWorker(
      (tenantId) => (tenantId === 'a' ? { noRoomBefore: later(50_000) } : 'asked'),
      waitingLists,
    );
    expect(await turn()).toEqual(['a', 'b']);
    expect(await checkQueue(db, world).forTenant('a').openFor('a')).toMatchObject({ dueAt: later(50_000) });
  });
});
