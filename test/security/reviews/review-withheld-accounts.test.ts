// Also on PostgreSQL: transactions at the same time.
import { checkQueue } from '../../../src/connections/checks/check-queue.js';
import { checkRunner } from '../../../src/connections/checks/check-runner.js';
import { connectionStore, emptyConnection } from '../../../src/connections/health/connection-store.js';
import { nextHealth, type HealthEvent } from '../../../src/connections/health/health.js';
import type { Proof } from '../../../src/connections/proof/proof.js';
import { overdueCredentials } from '../../../src/credentials/overdue-credentials.js';
import { iso, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { aConnectionService, aCredentialKeeper, connectionParts } from '../../support/connection-parts.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../../support/credential-rows.js';
import { TestPortal } from '../../support/portal.js';

const names = { ownerName: null, ownerExtensionNumber: null, accountName: null };
const served = { ownerId: '901', accountId: '501', ...names };
const other = {
  ownerId: '902',
  accountId: '502',
  ownerName: 'Olga Ortiz',
  ownerExtensionNumber: null,
  accountName: 'Northgate Clinic',
};
const seen = { ownerName: 'Olga Ortiz', accountName: 'Northgate Clinic' };
const done = { kind: 'done', detail: {}, retryAfterMs: null, owner: null, lines: null } as const;
const yes: Proof = { ...done, verdict: { kind: 'accepted', warnings: [] }, identity: served };
const heldBack: Proof = { ...done, verdict: { kind: 'refused', cause: 'account_mismatch' }, identity: other };

describe('an account that waits for approval', () => {
  let db: Knex;
  let ids = 0;
  let at = aNow;
  let proof: Proof;
  let meanwhile: () => Promise<unknown>;
  const world = {
    now: () => at,
    newId: () => `id-${(ids += 1)}`,
    randomBytes: (size: number) => Buffer.alloc(size, 128),
    wait: () => Promise.resolve(),
  };
  const queue = () => checkQueue(db, world);
  const later = (ms: number) => {
    at = new Date(at.getTime() + ms);
  };
  const held = async () => (await connectionStore(db).forTenant('north').find())?.withheld;

  /** Runs the check of this credential, for a clinic with a credential in use and another pasted one. */
  async function check(credentialId: 'old' | 'new') {
    await db('check_requests')
      .where({ credential_id: credentialId })
      .update({ due_at: iso(at) });
    const request = await queue().lease('worker', 20_000);
    if (request?.credentialId !== credentialId) throw new Error('another one was due');
    await checkRunner({
      db,
      transaction: transactionOn(db),
      world,
      credentials: aCredentialKeeper(db, world),
      environmentOf: () => Promise.resolve('production'),
      prove: async () => {
        await meanwhile();
        return proof;
      },
      ...connectionParts(world),
    }).run(request);
  }
  const approve = () => aConnectionService(db, world).approveWithheldAccount('north', '502', 'alice', {});

  beforeEach(async () => {
    at = aNow;
    db = await aDatabase();
    meanwhile = () => Promise.resolve();
    await addTenantRow(db, 'north');
    const later = new Date(aNow.getTime() + 3_600_000);
    const add = (credentialId: string) =>
      queue().forTenant('north').add({
        credentialId,
        trigger: 'schedule',
        priority: 'background',
        requestedBy: null,
        dueAt: later,
        inconclusiveStreak: 0,
      });
    await addCredentialRow(db, 'north', 'old', 'active');
    await add('old');
    await addCredentialRow(db, 'north', 'new');
    await add('new');
    const { health } = emptyConnection('north', aNow);
    const accepted: HealthEvent = { kind: 'pending_judged', verdict: { kind: 'accepted', warnings: [] }, kept: false };
    const serving = nextHealth(health, accepted, iso(at));
    const connection = {
      ...emptyConnection('north', aNow),
      identity: served,
      health: nextHealth(serving, { kind: 'submitted', keptUntil: iso(at) }, iso(at)),
    };
    await connectionParts(world).writer.save(db, connection);
    proof = heldBack;
    await check('new');
  });
  afterEach(() => db.destroy());

  it('keeps waiting when the credential in use is proved again', async () => {
    expect(await held()).toEqual({ accountId: '502', ownerId: '902', ...seen });
    proof = yes;
    await check('old');
    expect(await held()).toEqual({ accountId: '502', ownerId: '902', ...seen });
  });

  it('is checked again immediately if staff approve it during a check', async () => {
    meanwhile = approve;
    await check('new');
    expect(await held()).toBeNull();
    const open = await queue().forTenant('north').openFor('new');
    expect(open).toMatchObject({ dueAt: aNow, leaseUntil: null });
    proof = { ...yes, identity: other };
    meanwhile = () => Promise.resolve();
    await check('new');
    expect(await connectionStore(db).forTenant('north').find()).toMatchObject({ identity: other, withheld: null });
  });

  it('can be refused: the JWT that acts in it is destroyed, and what serves stays', async () => {
    const refuse = (accountId: string) =>
      aConnectionService(db, world).refuseWithheldAccount('north', accountId, 'alice', {});
    await expect(refuse('777')).rejects.toMatchObject({ code: 'conflict' });
    await refuse('502');
    expect(await db('credentials').orderBy('id').select('id', 'status', 'destroyed_because')).toEqual([
      { id: 'new', status: 'destroyed', destroyed_because: 'refused' },
      { id: 'old', status: 'active', destroyed_because: null },
    ]);
    expect(await db('sealed_secrets').where({ row_id: 'new' })).toEqual([]);
    const connection = (await connectionStore(db).forTenant('north').find())!;
    expect(connection).toMatchObject({ withheld: null, known: { state: 'healthy' } });
    expect(connection.health).toMatchObject({ pending: null, lastRefusal: { cause: 'account_mismatch' } });
    expect(await queue().forTenant('north').openFor('new')).toBeUndefined();
    expect(await db('audit_events').where({ action: 'account.refused' }).select('target', 'actor_id')).toEqual([
      { target: '502', actor_id: 'alice' },
    ]);
    await expect(refuse('502')).rejects.toMatchObject({ code: 'conflict' });
  });

  describe('that the credential in use acts in', () => {
    beforeEach(async () => {
      await aConnectionService(db, world).refuseWithheldAccount('north', '502', 'alice', {}); // of the other credential
      proof = { ...heldBack, identity: { ...other, accountId: '501' } };
    });
    const confirm = async () => {
      await check('old');
      later(180_000);
      await check('old');
    };
    const state = async () => (await connectionStore(db).forTenant('north').find())?.known;

    it('waits for staff only when a second check confirms it', async () => {
      await check('old');
      expect([await held(), (await state())?.state]).toEqual([null, 'healthy']);
      later(180_000);
      await check('old');
      expect(await held()).toEqual({ accountId: '501', ownerId: '902', ...seen });
      expect(await state()).toMatchObject({ state: 'failing', cause: 'account_mismatch' });
    });

    it('works again if staff approve it and the next check accepts it', async () => {
      await confirm();
      await aConnectionService(db, world).approveWithheldAccount('north', '501', 'alice', {});
      proof = { ...yes, identity: { ...other, accountId: '501' } };
      await check('old');
      const connection = (await connectionStore(db).forTenant('north').find())!;
      expect(connection.known).toMatchObject({ state: 'healthy' });
      expect(connection).toMatchObject({ identity: { ownerId: '902', accountId: '501' }, approvedOwnerId: null });
    });

    it('is destroyed with its JWT if staff refuse it, and the connection stays broken', async () => {
      await confirm();
      await aConnectionService(db, world).refuseWithheldAccount('north', '501', 'alice', {});
      expect(await db('credentials').where({ id: 'old' }).first('status')).toEqual({ status: 'destroyed' });
      expect(await held()).toBeNull();
      expect(await state()).toMatchObject({ state: 'failing', cause: 'account_mismatch' });
    });
  });

  it('waits no longer than the credential it came with', async () => {
    await db('credentials')
      .where({ id: 'new' })
      .update({ kept_until: iso(aNow) });
    const destroyOverdue = overdueCredentials({
      transaction: transactionOn(db),
      world,
      credentials: aCredentialKeeper(db, world),
      onDestroyed: aConnectionService(db, world).onOverdueDestroyed,
    });
    await destroyOverdue(10, (error) => {
      throw error;
    });
    expect(await held()).toBeNull();
  });
});

it('SEC-18: staff who decide about an account see that another clinic has it, even if it is a change of account', async () => {
  const test = await TestPortal.start();
  try {
    const north = await test.addTenant('North');
    const south = await test.addTenant('South');
    const ann = await test.member(north);
    const bob = await test.member(south);
    await ann.get(`/tenants/${north}/credentials/new`);
    await ann.post(`/tenants/${north}/credentials`, { assertion: test.assertion('riverside').jwt });
    await bob.get(`/tenants/${south}/credentials/new`);
    await bob.post(`/tenants/${south}/credentials`, { assertion: test.assertion('northgate').jwt });
    await bob.post(`/tenants/${south}/credentials`, { assertion: test.assertion('riverside').jwt });
    const clinic = await bob.get(`/tenants/${south}/connection`);
    expect(clinic.text).not.toMatch(/another clinic/i);
    const staff = await test.staff('administrator');
    for (const path of [`/staff/tenants/${south}`, `/staff/tenants/${south}/account-approval`]) {
      const { text } = await staff.get(path);
      expect(text).toContain('Another clinic is connected to the same account: North.');
      expect(text).toContain('a different user or account');
      expect(text).toContain('In use');
    }
    // The question names both, and the page after it says what was done.
    const url = `/staff/tenants/${south}`;
    const question = (await staff.get(`${url}/account-approval`)).text;
    expect(question).toContain('May South connect as Riverside Family Clinic?');
    expect(question).toContain(`href="/staff/tenants/${north}"`);
    const accountId = /name="account_id" value="(\d+)"/.exec(question)?.[1] ?? '';
    const refused = await staff.post(`${url}/account-refusal`, { account_id: accountId });
    expect(refused.headers.location).toBe(`${url}?notice=refused`);
    const done = 'You refused Riverside Family Clinic for South.';
    expect((await staff.follow(refused)).text).toContain(done);
    expect((await staff.get(`${url}?notice=refused`)).text).toContain(done);
    expect((await staff.get(`${url}?notice=approved`)).text).not.toContain('notification-banner');
    expect((await staff.get(`/staff/tenants/${north}?notice=refused`)).text).not.toContain('notification-banner');
  } finally {
    await test.close();
  }
});
