// Also on PostgreSQL: requests are leased with SKIP LOCKED.
import { checkQueue, type NewCheckRequest } from '../../../src/connections/checks/check-queue.js';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../../support/credential-rows.js';
import { aDatabaseUrl, aUniqueViolation } from '../../support/database/databases.js';

const LEASE_MS = 20_000;
const later = (milliseconds: number) => new Date(aNow.getTime() + milliseconds);

describe('the queue of checks', () => {
  let db: Knex;
  let now: Date;
  let ids: number;
  const world = { now: () => now, newId: () => `id-${(ids += 1)}` };
  const queue = () => checkQueue(db, world);
  const claim = (worker = 'w1') => queue().lease(worker, LEASE_MS);

  /** A tenant with a credential and its open check request. */
  async function due(name: string, request: Partial<NewCheckRequest> = {}): Promise<string> {
    await addTenantRow(db, name);
    await addCredentialRow(db, name, `credential-${name}`);
    const full = {
      trigger: 'schedule',
      priority: 'background',
      requestedBy: null,
      dueAt: now,
      inconclusiveStreak: 0,
    } as const;
    return queue()
      .forTenant(name)
      .add({ ...full, credentialId: `credential-${name}`, ...request });
  }

  beforeEach(async () => {
    db = await aDatabase();
    now = aNow;
    ids = 0;
  });
  afterEach(() => db.destroy());

  it('gives a due request to one worker, and no request before it is due', async () => {
    const id = await due('north');
    await due('south', { dueAt: later(1) });
    expect(await claim('w1')).toMatchObject({ id, tenantId: 'north', claimVersion: 1 });
    expect(await claim('w2')).toBeUndefined();
  });

  it('gives a code at once to a worker whose clock is 15 minutes behind', async () => {
    await addTenantRow(db, 'north');
    await addCredentialRow(db, 'north', 'credential-north');
    await queue().forTenant('north').addNow('credential-north', 'submission', { personId: 'alice' }, 'code');
    now = later(-15 * 60_000);
    expect(await claim()).toMatchObject({ tenantId: 'north', priority: 'code' });
  });

  it('claims requests of people first, then the one that has been due for longest', async () => {
    await due('b', { dueAt: later(-2000) });
    await due('a', { dueAt: later(-3000) });
    await due('p', { priority: 'interactive' });
    const order = [await claim(), await claim(), await claim()].map((request) => request?.tenantId);
    expect(order).toEqual(['p', 'a', 'b']);
  });

  it('lets another worker claim a request with an expired lease; the first worker then holds nothing', async () => {
    await due('north');
    const first = await claim('w1');
    now = later(LEASE_MS - 1);
    expect(await claim('w2')).toBeUndefined();
    now = later(LEASE_MS);
    const second = await claim('w2');
    expect(second).toMatchObject({ id: first?.id, claimVersion: 2 });
    expect(await queue().stillLeased(first!)).toBe(false);
    expect(await queue().renewLease(first!, LEASE_MS)).toBe(false);
    expect(await queue().stillLeased(second!)).toBe(true);
  });

  it('keeps a request with the worker that renews its lease', async () => {
    await due('north');
    const request = await claim('w1');
    now = later(LEASE_MS - 1);
    expect(await queue().renewLease(request!, LEASE_MS)).toBe(true);
    now = later(LEASE_MS + 1000);
    expect(await claim('w2')).toBeUndefined();
  });

  it('makes a request due at once, and interactive, for a person', async () => {
    const id = await due('north', { dueAt: later(3_600_000), inconclusiveStreak: 3 });
    expect(await claim()).toBeUndefined();
    await queue().forTenant('north').hurry(id, { personId: 'alice' });
    expect(await claim()).toMatchObject({
      id,
      priority: 'interactive',
      trigger: 'person',
      requestedBy: 'alice',
      inconclusiveStreak: 0,
    });
  });

  const program = { keyId: 'AbCdEfGh12', personId: null };

  it('lets a check that a program asks for wait behind those of people, and never change or postpone one', async () => {
    const hour = 3_600_000;
    const planned = await due('north', { dueAt: later(hour), inconclusiveStreak: 3 });
    const waiting = await due('south', { priority: 'urgent', dueAt: later(-hour) });
    const ofPerson = await due('west', { priority: 'interactive', trigger: 'person', requestedBy: 'alice' });
    for (const [name, id] of Object.entries({ north: planned, south: waiting, west: ofPerson }))
      await queue().forTenant(name).hurry(id, program);
    await addTenantRow(db, 'east');
    await addCredentialRow(db, 'east', 'credential-east');
    await queue().forTenant('east').addNow('credential-east', 'person', program);
    const seen = [await claim(), await claim(), await claim(), await claim()];
    expect(seen.map((one) => [one?.tenantId, one?.priority, one?.requestedBy])).toEqual([
      ['west', 'interactive', 'alice'],
      ['south', 'urgent', null],
      ['north', 'urgent', null],
      ['east', 'urgent', null],
    ]);
    expect(seen[2]).toMatchObject({ trigger: 'person', dueAt: aNow, inconclusiveStreak: 0 });
  });

  it('does not give a second worker a running request that a person hurries', async () => {
    const id = await due('north');
    const held = await claim('w1');
    await queue().forTenant('north').hurry(id, { personId: 'alice' });
    expect(await claim('w2')).toBeUndefined();
    expect(await queue().stillLeased(held!)).toBe(true);
  });

  it('leaves the request of a code before all others, and its person, when others ask for a check', async () => {
    const id = await due('north', { priority: 'code', requestedBy: 'alice', trigger: 'submission' });
    await queue().forTenant('north').hurry(id, { personId: 'bob' });
    expect(await claim()).toMatchObject({ id, priority: 'code', requestedBy: 'alice', trigger: 'submission' });
  });

  it('a recovery goes before 300 due checks, also one that was due with them or waited for an incident', async () => {
    for (let n = 0; n < 300; n += 1)
      await due(`t${n}`, { priority: n % 2 === 0 ? 'urgent' : 'background', dueAt: later(-n * 60_000) });
    const held = await due('held', { dueAt: later(3_600_000), waitsFor: 'scope production sign_in' });
    await queue().forTenant('held').recover('credential-held');
    now = later(1);
    await queue().forTenant('t1').recover('credential-t1');
    const person = await due('person', { priority: 'interactive' });
    await queue()
      .forTenant('t1')
      .hurry((await queue().forTenant('t1').openFor('credential-t1'))!.id, program);
    expect(await queue().forTenant('t1').planFor('credential-t1', later(2), later(3))).toBe(false);
    const seen = [await claim(), await claim(), await claim(), await claim()];
    expect(seen.map((one) => [one?.tenantId, one?.priority])).toEqual([
      ['person', 'interactive'],
      ['held', 'recovery'],
      ['t1', 'recovery'],
      ['t298', 'urgent'],
    ]);
    expect([seen[0]?.id, seen[1]?.id]).toEqual([person, held]);
  });

  it('the end of an incident of our app leaves a recovery before all others that waited for it', async () => {
    const waits = { trigger: 'pending', dueAt: later(300_000), waitsFor: 'app production' } as const;
    await due('kept', { ...waits, priority: 'background' });
    await due('first', { ...waits, priority: 'urgent', waitsFor: 'app production first' });
    await due('in-doubt', { ...waits, priority: 'recovery' });
    await due('first-in-doubt', { ...waits, priority: 'recovery', waitsFor: 'app production first' });
    await queue().endWait('app', 'production');
    now = later(1);
    const claimed = [await claim(), await claim(), await claim(), await claim()];
    expect(claimed.map((one) => `${one?.tenantId} ${one?.priority}`)).toEqual([
      'first-in-doubt recovery',
      'in-doubt recovery',
      'first urgent',
      'kept urgent',
    ]);
  });

  it('a recovery that is due keeps its place, because its grace period ends first', async () => {
    await due('old', { priority: 'recovery', dueAt: now });
    await due('young', { priority: 'recovery', dueAt: later(30_000) });
    now = later(60_000);
    await queue().forTenant('old').recover('credential-old');
    expect([(await claim())?.tenantId, (await claim())?.tenantId]).toEqual(['old', 'young']);
  });

  it('does not hurry requests of another tenant', async () => {
    const id = await due('north', { dueAt: later(3_600_000) });
    await due('south', { dueAt: later(3_600_000) });
    await queue().forTenant('south').hurry(id, { personId: 'alice' });
    expect(await claim()).toBeUndefined();
  });

  it('postpones a request, free for any worker', async () => {
    const id = await due('north');
    await queue().release((await claim('w1'))!, later(5000));
    expect(await claim('w1')).toBeUndefined();
    now = later(5000);
    expect(await claim('w2')).toMatchObject({ id, claimVersion: 2 });
  });

  it('does not let a worker without its lease postpone a request', async () => {
    await due('north');
    const lost = await claim('w1');
    now = later(LEASE_MS);
    const held = await claim('w2');
    await queue().release(lost!, later(3_600_000));
    expect(await queue().stillLeased(held!)).toBe(true);
    expect(await queue().forTenant('north').find(held!.id)).toMatchObject({ dueAt: aNow, leaseUntil: later(40_000) });
  });

  it('runs a check that crashes every process at growing intervals, and resets the interval after it succeeds', async () => {
    await due('north');
    const waits: number[] = [];
    for (let claims = 1; claims <= 12; claims += 1) {
      const { leaseUntil } = (await claim())!;
      waits.push((leaseUntil!.getTime() - now.getTime()) / 1000);
      now = leaseUntil!;
    }
    expect(waits).toEqual([20, 20, 20, 60, 300, 900, 3600, 3600, 3600, 3600, 3600, 3600]);
    const last = (await claim())!;
    expect(last).toMatchObject({ failedClaims: 13, failedBecause: null });
    await queue().renewLease(last, LEASE_MS);
    expect((await queue().forTenant('north').find(last.id))?.leaseUntil).toEqual(new Date(now.getTime() + 3_600_000));
    await queue().release(last, now);
    expect(await claim()).toMatchObject({ failedClaims: 1, leaseUntil: new Date(now.getTime() + LEASE_MS) });
  });

  it('gives out no finished request, and allows one open request per credential', async () => {
    const id = await due('north');
    await expect(
      queue().forTenant('north').add({
        credentialId: 'credential-north',
        trigger: 'person',
        priority: 'interactive',
        requestedBy: 'alice',
        dueAt: now,
        inconclusiveStreak: 0,
      }),
    ).rejects.toMatchObject(aUniqueViolation);
    await queue().forTenant('north').finish(id);
    expect(await claim()).toBeUndefined();
    expect(await queue().forTenant('north').openFor('credential-north')).toBeUndefined();
  });

  it('gives each request to exactly one of two processes that claim in parallel', async () => {
    const url = await aDatabaseUrl();
    await db.destroy();
    db = await aDatabase(url);
    const other = openDatabase(url);
    const names = Array.from({ length: 20 }, (_, number) => `t${number}`);
    for (const name of names) await due(name);
    const claimed: string[] = [];
    const work = async (handle: Knex, worker: string) => {
      for (;;) {
        const request = await checkQueue(handle, world).lease(worker, LEASE_MS);
        if (!request) return;
        claimed.push(request.tenantId);
      }
    };
    await Promise.all([work(db, 'w1'), work(other, 'w2')]);
    expect(claimed.sort()).toEqual(names.sort());
    await other.destroy();
  });
});
