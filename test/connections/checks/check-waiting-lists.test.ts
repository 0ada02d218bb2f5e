// Also on PostgreSQL: the order of rows.
import { checkQueue, type NewCheckRequest } from '../../../src/connections/checks/check-queue.js';
import type { Ran } from '../../../src/connections/checks/check-runner.js';
import { checkWorker, type WaitingLists } from '../../../src/connections/checks/check-worker.js';
import { createLogger } from '../../../src/platform/log.js';
import { listsByClientId } from '../../../src/connections/checks/checks-in-worker.js';
import type { Knex } from '../../../src/platform/database/database.js';
import type { Environment } from '../../../src/ringcentral/environments.js';
import { tenantReader } from '../../../src/tenants/tenant-reader.js';
import { refreshTokenStore } from '../../../src/tokens/refresh/refresh-token-store.js';
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
    waitingLists: WaitingLists = { lists: [undefined], paceMs: PACE_MS },
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

  it('hold back no code of a sign-in, and codes hold back no paste: each has slots of its own', async () => {
    const letGo: (() => void)[] = [];
    const run = async ({ id, tenantId }: { id: string; tenantId: string }) => {
      asked.push(tenantId);
      await new Promise<void>((resolve) => letGo.push(resolve));
      await checkQueue(db, world).forTenant(tenantId).finish(id);
      return 'asked' as const;
    };
    const of = { db, world, log, runner: { run }, workerId: 'one', leaseMs: 20_000, concurrency: 2 };
    const worker = checkWorker(of);
    const round = async (n: number) => {
      for (const paste of ['p1', 'p2', 'p3'])
        await due(`${paste}${n}`, { priority: 'interactive', trigger: 'submission' });
      await worker.startDue(() => undefined);
      for (const code of ['c1', 'c2', 'c3']) await due(`${code}${n}`, { priority: 'code', trigger: 'submission' });
      await worker.startDue(() => undefined);
      const started = asked.splice(0);
      while (letGo.length > 0) {
        for (const end of letGo.splice(0)) end();
        await worker.idle();
        await worker.startDue(() => undefined);
      }
      return [started, asked.splice(0)];
    };
    for (const n of [1, 2])
      expect(await round(n)).toEqual([
        [`p1${n}`, `p2${n}`, `c1${n}`, `c2${n}`],
        [`c3${n}`, `p3${n}`],
      ]);
  });

  /** The waiting lists of an ISV with these client IDs. */
  function listsFor(jwt: Partial<Record<Environment, string>>, signIn: Partial<Record<Environment, string>> = {}) {
    const isv = {
      environments: Object.keys(jwt) as ('production' | 'biz')[],
      clientIdFor: (environment: Environment) => jwt[environment] ?? '',
      signInAppFor: (environment: Environment) => {
        const clientId = signIn[environment];
        return clientId === undefined ? null : { clientId, authorizeUrl: 'https://ringcentral.example/authorize' };
      },
    };
    return { lists: listsByClientId({ db, tenants: tenantReader, isv }), paceMs: PACE_MS };
  }

  /** Clinics by name: those with `s` signed in, and those with `b` have their account at `biz`. */
  async function dueFor(...names: string[]): Promise<void> {
    for (const name of names) await due(name);
    await db('tenants').where('id', 'like', '%b%').update({ environment: 'biz' });
    for (const name of names.filter((one) => one.includes('s')))
      await refreshTokenStore(db)
        .forTenant(name)
        .add({
          ...{ credentialId: name, clientId: 'of-its-app', environment: 'production', ownerId: '1' },
          ...{ obtainedAt: now, endsAt: later(86_400_000), idleSeconds: null, sessionEndsAt: null },
        });
  }

  it.each([
    ['the app for sign-ins has no room: those of clinics with a JWT go on', 's', 'j'],
    ['the app for JWTs has no room: those of clinics that signed in go on', 'j', 's'],
  ])('pause by client ID: %s', async (_what, full, other) => {
    await dueFor('j1', 'j2', 's1', 's2');
    const answer = (tenantId: string): Ran => (tenantId.startsWith(full) ? { noRoomBefore: later(50_000) } : 'asked');
    const { turn } = aWorker(answer, listsFor({ production: 'one' }, { production: 'two' }));
    expect((await turn()).sort()).toEqual(['j1', 's1']);
    now = later(PACE_MS);
    expect(await turn()).toEqual([`${other}2`]);
  });

  it('pause together if one app is that for sign-ins and that for JWTs: it has one budget', async () => {
    await dueFor('j1', 's1', 's2');
    const { turn } = aWorker(
      () => ({ noRoomBefore: later(50_000) }),
      listsFor({ production: 'one' }, { production: 'one' }),
    );
    expect(await turn()).toEqual(['j1']);
    now = later(PACE_MS);
    expect(await turn()).toEqual([]);
  });

  it('pause separately in each environment, and are all in one list', async () => {
    await dueFor('b1', 'bs1', 'j1', 's1');
    const jwt = { production: 'one', biz: 'two' };
    for (const [signIn, first] of [
      [{}, ['b1', 'j1']],
      [{ production: 'three' }, ['b1', 'j1', 's1']],
      [{ production: 'three', biz: 'three' }, ['b1', 'bs1', 'j1']],
      [{ production: 'three', biz: 'four' }, ['b1', 'bs1', 'j1', 's1']],
    ] as const) {
      const { turn } = aWorker(() => ({ noRoomBefore: later(50_000) }), listsFor(jwt, signIn));
      expect((await turn()).sort()).toEqual(first);
    }
  });

  it('are tried and postponed individually if RingCentral counts each clinic separately', async () => {
    for (const name of ['a', 'b']) await due(name);
    const waitingLists: WaitingLists = { lists: [undefined], paceMs: null };
    const { turn } = aWorker(
      (tenantId) => (tenantId === 'a' ? { noRoomBefore: later(50_000) } : 'asked'),
      waitingLists,
    );
    expect(await turn()).toEqual(['a', 'b']);
    expect(await checkQueue(db, world).forTenant('a').openFor('a')).toMatchObject({ dueAt: later(50_000) });
  });
});
