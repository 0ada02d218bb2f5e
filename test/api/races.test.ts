// Also on PostgreSQL: unique constraints that two transactions meet at once.
import { aKey, asked, byCommand } from '../api-keys/support.js';
import { newKeyId } from '../../src/api-keys/key-format.js';
import { realWorld } from '../../src/platform/world.js';
import { anApi, type Said, type Sent, type TestApi } from './support.js';

const ROUNDS = 8;

let api: TestApi;
let north: string;
let south: string;
beforeAll(async () => {
  api = await anApi();
  north = await api.test.addTenant('North Clinic');
  south = await api.test.addTenant('South Clinic');
});
afterAll(() => api.test.close());

type Call = [route: string, tenant: string, sent: Sent];
const atOnce = (calls: Call[]): Promise<Said[]> => Promise.all(calls.map((call) => api.call(...call)));
const told = (answers: Said[]) =>
  answers.map(({ status, body }) => (status < 300 ? `${status}` : `${status} ${body.cause as string}`));
const created = (ref: string): Call => ['post /tenants', '', { body: { name: ref, external_ref: ref } }];
const changed = (tenant: string, ref: string): Call => [
  'patch /tenants/{tenant}',
  tenant,
  { body: { external_ref: ref } },
];
const withRef = async (ref: string) => (await api.test.db('tenants').where({ external_ref: ref })).length;

describe('one reference for two clinics at once: one call succeeds, the others are told that it is in use', () => {
  it('changed in two clinics', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const ref = `moved-${round}`;
      const answers = await atOnce([changed(north, ref), changed(south, ref)]);
      expect(told(answers).sort()).toEqual(['200', '409 external_ref_in_use']);
      expect(await withRef(ref)).toBe(1);
    }
  });

  it('added twice, and changed in another clinic', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const ref = `new-${round}`;
      const answers = await atOnce([created(ref), changed(north, ref), created(ref)]);
      const [good = '', ...others] = told(answers).sort();
      expect(['200', '201']).toContain(good);
      expect(others).toEqual(['409 external_ref_in_use', '409 external_ref_in_use']);
      expect(await withRef(ref)).toBe(1);
    }
  });

  it('two clinics cannot swap their references at once', async () => {
    await atOnce([changed(north, 'left'), changed(south, 'right')]);
    const answers = await atOnce([changed(north, 'right'), changed(south, 'left')]);
    expect(told(answers)).toEqual(['409 external_ref_in_use', '409 external_ref_in_use']);
  });
});

it('one person invited by many calls at once gets one invitation', async () => {
  const body = { email: 'many@north.example', deliver: 'email' };
  const call: Call = ['post /tenants/{tenant}/invitations', north, { body }];
  const answers = await atOnce([call, call, call, call]);
  expect(told(answers).sort()).toEqual(['201', '409 already_invited', '409 already_invited', '409 already_invited']);
  expect(await api.test.db('invitations').where({ email: body.email })).toHaveLength(1);
});

it('one person made a member of staff twice at once is one person', async () => {
  const person = { email: 'twice@example-health.example', name: 'Tina Twice', role: 'operator' };
  const { staff } = api.test.portal.services;
  const made = await Promise.all([staff.createStaff(person), staff.createStaff(person)]);
  expect(made.map(({ ok }) => ok)).toEqual([true, true]); // the second link replaces the first
  expect(await api.test.db('people').where({ email: person.email })).toHaveLength(1);
});

describe('API keys at once', () => {
  it('a form that is sent twice makes one key', async () => {
    const id = newKeyId(realWorld);
    const make = () => api.test.portal.services.apiKeys.make(asked, byCommand, id);
    const made = await Promise.all([make(), make()]);
    expect(made.map((one) => one.ok).sort()).toEqual([false, true]);
    expect(made.find((one) => !one.ok)).toEqual({ ok: false, repeated: true });
  });

  it('two keys may have one name', async () => {
    const keys = await Promise.all([aKey(api.test), aKey(api.test)]);
    expect(new Set(keys).size).toBe(2);
  });
});
