import { idempotencyOf } from '../../../src/api/idempotency.js';
import { tenantCalls } from '../../../src/api/tenant-calls.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { tenantService } from '../../../src/tenants/tenant-service.js';
import { aConnectionService } from '../../support/connection-parts.js';
import { addCredentialRow, addTenantRow, aDatabase, aNow } from '../../support/credential-rows.js';

let ids = 0;
const world = {
  now: () => aNow,
  newId: () => `id-${(ids += 1)}`,
  randomBytes: (size: number) => Buffer.alloc(size),
  wait: () => Promise.resolve(),
};
const alice = { personId: 'alice' };

let db: Knex;
beforeEach(async () => {
  db = await aDatabase();
  await addTenantRow(db, 'north');
  await addCredentialRow(db, 'north', 'one', 'active');
  await db('fax_lines').insert({
    tenant_id: 'north',
    extension_id: '101',
    name: 'Front',
    type: 'User',
    selected: false,
    listed: true,
  });
});
afterEach(() => db.destroy());

/** What people and programs do, and how many checks waited in the database each time the worker was woken. */
function aPortal() {
  const looks: Promise<number>[] = [];
  const waiting = async () => (await db('check_requests').whereNull('finished_at')).length;
  const connections = aConnectionService(db, world, { poke: () => void looks.push(waiting()) });
  const tenants = tenantService({ db, transaction: transactionOn(db), world });
  const calls = tenantCalls({ db, world, tenants, connections }, idempotencyOf({ db, world }));
  const caller = { keyId: 'jobs', name: 'Jobs', purpose: 'jobs', scopes: ['tenants:write'], tenantIds: null };
  const asked = { caller, params: { tenant: 'north' }, query: {}, requestId: 'one', origin: {} };
  return {
    connections,
    patch: (body: object) => calls.find(({ method }) => method === 'patch')!.handler({ ...asked, body }),
    woken: () => Promise.all(looks),
  };
}

describe('the worker is woken once a check that was asked for is in the database', () => {
  it('by "check now" of a person', async () => {
    const { connections, woken } = aPortal();
    expect(await connections.requestCheck('north', alice, {})).toMatchObject({ kind: 'queued' });
    expect(await woken()).toEqual([1]);
  });

  it('by the choice of fax lines, of a person and of a program', async () => {
    const { connections, patch, woken } = aPortal();
    await connections.chooseFaxLines('north', ['101'], alice, {});
    expect(await woken()).toEqual([1]);
    await patch({ fax_extensions: ['101'] });
    expect(await woken()).toEqual([1, 1]);
  });

  it('by no change that asks for no check', async () => {
    const { patch, woken } = aPortal();
    await patch({ name: 'North Clinic' });
    expect(await woken()).toEqual([]);
  });
});
