import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

describe('staff and the roles of a clinic’s people', () => {
  let test: TestPortal;
  let administrator: Visitor;
  let operator: Visitor;
  let bob: Visitor;
  let north: string;
  let ids: string[];
  beforeAll(async () => {
    test = await TestPortal.start();
    administrator = await test.staff('administrator');
    operator = await test.staff('operator');
    north = await test.addTenant('North Clinic');
  });
  afterAll(() => test.close());

  const page = () => `/staff/tenants/${north}`;
  const people = () => `${page()}/people`;
  const roleOf = async (id = '') =>
    (await test.portal.services.tenants.members(north)).find(({ personId }) => personId === id)?.role;
  const checkedRole = (html: string) => /value="(\w+)" checked/.exec(html)?.[1];

  it('offer the first person of a clinic the role of an owner, and the next ones that of a member', async () => {
    expect(checkedRole((await operator.get(people())).text)).toBe('owner');
    await operator.post(`${page()}/invitations`, { email: 'first@north.example' });
    const first = await test.db('invitations').where({ tenant_id: north }).first<{ role: string }>('role');
    expect(first.role).toBe('owner');
    expect(checkedRole((await operator.get(people())).text)).toBe('member');
    await test.member(north, 'Alice Moss');
    bob = await test.member(north, 'Bob Hale', 'viewer');
    ids = (await test.portal.services.tenants.members(north)).map(({ personId }) => personId);
    expect(checkedRole((await operator.get(people())).text)).toBe('member');
  });

  it('see each role, and only administrators give one, which the clinic is told and staff find in the activity', async () => {
    const [, bobId = ''] = ids;
    const seen = (await operator.get(people())).text;
    expect(seen).toContain('Viewer');
    expect(seen).not.toContain(`${page()}/people/${bobId}/role`);
    expect((await operator.get(`${page()}/people/${bobId}/role`)).status).toBe(403);
    expect((await administrator.get(people())).text).toContain(`${page()}/people/${bobId}/role`);
    await administrator.get(`${page()}/people/${bobId}/role`);
    const given = await administrator.post(`${page()}/people/${bobId}/role`, { role: 'member' });
    expect((await administrator.follow(given)).text).toContain('The role was changed.');
    expect(await roleOf(bobId)).toBe('member');
    expect((await bob.get(`/tenants/${north}/guide`)).status).toBe(200);
    const mail = await test.mail.waitFor(
      ({ to, subject }) => to === bob.email && subject.includes('a role was changed'),
    );
    expect(mail.text).toContain(`Example Health changed the role of ${bob.email} at North Clinic`);
    expect((await administrator.get(`${page()}/activity`)).text).toContain('Role of a person changed');
  });

  it('are told of a clinic whose only owner may not sign in, and give the role to another person', async () => {
    const [aliceId = '', bobId = ''] = ids;
    const told = 'No owner of the clinic can sign in.';
    const refused = await administrator.post(`${page()}/people/${aliceId}/role`, { role: 'viewer' });
    expect([refused.status, await roleOf(aliceId)]).toEqual([409, 'owner']);
    expect((await administrator.post(`${page()}/people/${aliceId}/removal`)).status).toBe(409);
    expect((await operator.get(people())).text).not.toContain(told);
    await test.db('people').where({ id: aliceId }).update({ disabled_at: test.clock().toISOString() });
    expect((await operator.get(people())).text).toContain(told);
    const refusedTo = await bob.get(`/tenants/${north}/people/${bobId}/role`);
    expect(refusedTo.text).toContain('This clinic has no owner right now. Ask support.');
    await administrator.post(`${page()}/people/${bobId}/role`, { role: 'owner' });
    expect(await roleOf(bobId)).toBe('owner');
    expect((await operator.get(people())).text).not.toContain(told);
    expect((await bob.get(`/tenants/${north}/people/${bobId}/role`)).status).toBe(200);
  });
});
