// Also on PostgreSQL: one journey.
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

/** The data attributes of the connection page, for programs. */
const dataOf = (html: string): Record<string, string> => {
  const found = html.matchAll(/ data-(state|cause|fix-owner|checked-at)="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]));
};

describe('a clinic connects', () => {
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;

  beforeEach(async () => {
    test = await TestPortal.start();
    tenantId = await test.addTenant('Riverside Family Clinic');
    alice = await test.member(tenantId);
  });
  afterEach(() => test.close());

  const paste = async (assertion: string) => {
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    return alice.post(`/tenants/${tenantId}/credentials`, { assertion });
  };
  const connection = () => alice.get(`/tenants/${tenantId}/connection`);

  it('is healthy after one paste of a JWT that permits our app', async () => {
    const { jwt } = test.assertion('riverside');
    const answer = await paste(jwt);
    expect(answer.status).toBe(303);
    const page = await alice.follow(answer);
    expect(dataOf(page.text)).toMatchObject({ state: 'healthy', cause: '', 'fix-owner': '' });
    expect(page.text).toContain('Riverside Family Clinic');
    expect(page.text).toContain('Front Desk Fax');
    expect(page.text).not.toContain(jwt.slice(-60));
  });

  it('lands on the guide at its next sign-in until it has pasted, and then on what waits or is to fix', async () => {
    const landing = async () => (await alice.get('/sign-in')).headers.location;
    expect(await landing()).toBe(`/tenants/${tenantId}/guide`);
    const { jwt } = test.assertion('riverside', { clientIds: 'organization' });
    await paste(jwt);
    expect(await landing()).toBe(`/tenants/${tenantId}/connection`);
    await connection(); // the answer is there: something is to fix
    expect(await landing()).toBe(`/tenants/${tenantId}/connection`);
  });

  it('lands on the connection page after a refused paste that is destroyed, which says what to do', async () => {
    const { jwt, jti } = test.assertion('riverside');
    test.emulator.revokeJwt(jti);
    await paste(jwt);
    expect(dataOf((await connection()).text)).toMatchObject({ state: 'not_connected' });
    expect((await alice.get('/sign-in')).headers.location).toBe(`/tenants/${tenantId}/connection`);
  });

  it('keeps a JWT that does not permit our app, and checks it again without a second paste', async () => {
    const { jwt, jti } = test.assertion('riverside', { clientIds: 'organization' });
    await paste(jwt);
    expect(dataOf((await connection()).text)).toMatchObject({
      state: 'pending',
      cause: 'app_not_permitted',
      'fix-owner': 'tenant',
    });
    test.emulator.permitApp(jti, test.example.app.clientId);
    const again = await alice.post(`/tenants/${tenantId}/connection/checks`);
    expect(again.status).toBe(303);
    expect(dataOf((await alice.follow(again)).text)).toMatchObject({ state: 'healthy' });
  });
});
