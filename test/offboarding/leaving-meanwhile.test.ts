// Also on PostgreSQL: which of two requests comes first decides.
import { apiKeyService } from '../../src/api-keys/api-key-service.js';
import { handOffService } from '../../src/hand-offs/hand-off-service.js';
import { transactionOn, type Transaction } from '../../src/platform/database/database.js';
import { realWorld } from '../../src/platform/world.js';
import { tenantReader } from '../../src/tenants/tenant-reader.js';
import { TestPortal } from '../support/portal.js';

const actor = { kind: 'command_line' } as const;

let test: TestPortal;
let north: string;
beforeAll(async () => {
  test = await TestPortal.start();
  north = await test.addTenant('North Clinic');
  await test.addTenant('South Clinic');
});
afterAll(() => test.close());

/** Between the look of a request and its transaction the clinic leaves. */
const leavingFirst: Transaction = async (work) => {
  await test.portal.services.offboarding.offboard(north, actor);
  return transactionOn(test.db)(work);
};

describe('a clinic that leaves while a request is under way', () => {
  it.each(['make', 'makeLink'] as const)('gets no API key: %s', async (how) => {
    await test.portal.services.offboarding.undo(north, actor);
    const nothing = () => Promise.resolve();
    const mails = { keyMade: nothing, keyRevoked: nothing, linkRepeated: nothing };
    const given = { db: test.db, transaction: leavingFirst, world: realWorld, publicUrl: test.url };
    const keys = apiKeyService({ ...given, tenants: tenantReader, mails });
    const tenantRefs = ['ref-south-clinic', 'ref-north-clinic'];
    const asked = { name: 'Jobs', purpose: 'jobs', scopes: ['tenants:read'], tenantRefs, expires: '' };
    const made = how === 'make' ? keys.make(asked, { actor }) : keys.makeLink(asked, 10, { actor });
    await expect(made).rejects.toMatchObject({ code: 'not_found' });
    expect(await test.db('api_keys')).toEqual([]);
  });

  it('gets no link for a colleague', async () => {
    await test.portal.services.offboarding.undo(north, actor);
    const given = { db: test.db, transaction: leavingFirst, world: realWorld, publicUrl: test.url };
    const mayMake = () => Promise.resolve(true);
    const noOutcome = () => Promise.reject(new Error('no one asks for the outcome of a new link'));
    const outcomeOf = { of: noOutcome, within: noOutcome };
    const links = handOffService({ ...given, mayMake, outcomeOf });
    await expect(links.make(north, 'a-person', {})).rejects.toMatchObject({ code: 'not_found' });
    expect(await test.db('hand_offs')).toEqual([]);
  });

  it('tells programs when it leaves and when it is back', async () => {
    await test.portal.services.offboarding.undo(north, actor);
    const types = await test.db('events').where({ tenant_id: north }).orderBy('nr').pluck<string[]>('type');
    expect(types.slice(-2)).toEqual(['tenant.offboarded', 'tenant.restored']);
  });
});

it('a reference that looks like one of an erased clinic is refused, for a new clinic and for a change', async () => {
  const { tenants } = test.portal.services;
  const refused = { ok: false, problems: [{ field: 'externalRef', code: 'duplicate' }] };
  for (const externalRef of ['erased-1', `erased-${north}`])
    expect(await tenants.create({ name: 'East Clinic', externalRef }, actor)).toMatchObject(refused);
  expect(await tenants.change(north, { externalRef: 'erased-x' }, actor)).toMatchObject(refused);
  expect(await tenants.create({ name: 'East Clinic', externalRef: 'not-erased-1' }, actor)).toMatchObject({ ok: true });
});
