import { overdueCredentials } from '../../src/credentials/overdue-credentials.js';
import { transactionOn, type Knex, type Transaction } from '../../src/platform/database/database.js';
import { aConnectionService, aCredentialKeeper } from '../support/connection-parts.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../support/credential-rows.js';
import { TestPortal } from '../support/portal.js';

const A_MINUTE = 60_000;
const SEVEN_DAYS = 7 * 24 * 60 * A_MINUTE;

describe('SEC-27: an unproved or retired credential is kept for exactly seven days', () => {
  let test: TestPortal;
  let tenantId: string;
  let paste: (jwt: string) => Promise<void>;
  beforeEach(async () => {
    test = await TestPortal.start();
    tenantId = await test.addTenant('Riverside Family Clinic');
    const alice = await test.member(tenantId);
    paste = async (assertion) => {
      await alice.get(`/tenants/${tenantId}/credentials/new`);
      expect((await alice.post(`/tenants/${tenantId}/credentials`, { assertion })).status).toBe(303);
    };
  });
  afterEach(() => test.close());

  const later = (milliseconds: number) => {
    test.clock.advance(milliseconds);
    return test.portal.clean();
  };
  const credentials = async () =>
    (await test.db('credentials').orderBy('submitted_at').select('status', 'destroyed_because')).map(
      ({ status, destroyed_because: why }: { status: string; destroyed_because: string | null }) => why ?? status,
    );
  const ciphertexts = async () => (await test.db('sealed_secrets')).length;
  const state = async () =>
    (await test.db('connections').where({ tenant_id: tenantId }).first('state')).state as string;

  it('unproved: then its ciphertext is destroyed, nothing waits for it, and it is no longer checked', async () => {
    await paste(test.assertion('riverside', { clientIds: 'organization' }).jwt);
    await later(SEVEN_DAYS - A_MINUTE);
    expect([await credentials(), await ciphertexts(), await state()]).toEqual([['pending'], 1, 'pending']);
    await later(A_MINUTE);
    expect([await credentials(), await ciphertexts(), await state()]).toEqual([
      ['expired_unproved'],
      0,
      'not_connected',
    ]);
    expect(await test.db('check_requests').whereNull('finished_at')).toEqual([]);
  });

  it('replaced: then its ciphertext is destroyed as not proved dead, and the other one is in use all the time', async () => {
    await paste(test.assertion('riverside').jwt);
    await paste(test.assertion('riverside').jwt);
    expect([await credentials(), await ciphertexts()]).toEqual([['retired', 'active'], 2]);
    expect(await test.db('check_requests').whereNull('finished_at')).toHaveLength(1);
    await later(SEVEN_DAYS - A_MINUTE);
    expect([await credentials(), await ciphertexts()]).toEqual([['retired', 'active'], 2]);
    await later(A_MINUTE);
    expect([await credentials(), await ciphertexts()]).toEqual([['not_proved_dead', 'active'], 1]);
    const acts = test.db('audit_events').whereIn('action', ['credential.retired', 'credential.destroyed']);
    expect(await acts.orderBy('seq').pluck('detail')).toEqual([
      '{"because":"replaced"}',
      '{"because":"not_proved_dead"}',
    ]);
  });

  it('replaced by an earlier version, which kept it: its ciphertext is destroyed by the next housekeeping', async () => {
    await paste(test.assertion('riverside').jwt);
    const kept = { status: 'retired', kept_until: new Date(test.clock().getTime() - A_MINUTE).toISOString() };
    await test.db('credentials').update(kept);
    await test.portal.clean();
    expect([await credentials(), await ciphertexts()]).toEqual([['replaced'], 0]);
  });
});

it('SEC-27: a credential that cannot be destroyed does not keep others, and is tried again', async () => {
  const db: Knex = await aDatabase();
  let ids = 0;
  const world = {
    now: () => aNow,
    newId: () => `id-${(ids += 1)}`,
    randomBytes: (size: number) => Buffer.alloc(size, 128),
    wait: () => Promise.resolve(),
  };
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await addTenantRow(db, name);
    await addCredentialRow(db, name, name);
  }
  await db('credentials').update({ kept_until: '2026-11-01T00:00:00.000Z' });
  const broken = new Set(['a', 'd']);
  const transaction: Transaction = (work) =>
    transactionOn(db)((trx) => {
      trx.on('query', ({ sql, bindings = [] }: { sql: string; bindings?: unknown[] }) => {
        if (/^update .credentials/.test(sql) && bindings.some((it) => broken.has(String(it))))
          throw new Error('injected: the database fails');
      });
      return work(trx);
    });
  const destroyOverdue = overdueCredentials({
    transaction,
    world,
    credentials: aCredentialKeeper(db, world),
    onDestroyed: aConnectionService(db, world).onOverdueDestroyed,
  });
  const failed: string[] = [];
  const destroy = () => destroyOverdue(2, (_err, { id }) => failed.push(id));
  const alive = () => db('credentials').whereNot({ status: 'destroyed' }).orderBy('id').pluck<string[]>('id');
  await destroy();
  expect([await alive(), failed]).toEqual([
    ['a', 'd'],
    ['a', 'd'],
  ]);
  broken.clear();
  await destroy();
  expect(await alive()).toEqual([]);
  await db.destroy();
});
