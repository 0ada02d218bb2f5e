import { TestPortal } from '../../support/portal.js';
import { totpNow } from '../../support/people.js';

const HOUR_MS = 3_600_000;

describe('attacks on accounts', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  afterAll(() => test.close());

  it('SEC-10: a fresh second factor does not extend the twelve hours of a session', async () => {
    const staff = await test.staff('operator');
    const secret = test.totpSecrets.at(-1) ?? '';
    const isIn = async () => (await staff.get('/staff/tenants')).status === 200;
    for (let hours = 0; hours < 11.5; hours += 0.4) {
      test.clock.advance(0.4 * HOUR_MS);
      expect(await isIn()).toBe(true);
    }
    await staff.get('/sign-in/second-factor');
    const steppedUp = await staff.post('/sign-in/second-factor', { code: totpNow(secret, test.clock()) });
    expect(steppedUp.status).toBe(303);
    expect(await isIn()).toBe(true);
    test.clock.advance(0.4 * HOUR_MS);
    expect(await isIn()).toBe(false);
  });

  it('SEC-06: an expired link does not restore an invitation that staff have revoked', async () => {
    const tenantId = await test.addTenant('Revoked Clinic');
    const { invitations } = test.portal.services;
    const email = 'gone@clinic.example';
    const first = await invitations.invite({ tenantId, email, invitedBy: null });
    if (!first.ok) throw new Error(first.problem);
    test.clock.advance(8 * 24 * HOUR_MS);
    const { pathname } = new URL(first.url);
    const visitor = test.visitor();
    await visitor.get(pathname);
    await visitor.post(`${pathname}/renewals`);
    const renewed = await invitations.ofTenant(tenantId);
    expect(renewed).toHaveLength(2);
    expect(await invitations.revoke(tenantId, renewed[0]?.id ?? '', { actor: { kind: 'portal' } })).toBe(true);
    await visitor.post(`${pathname}/renewals`);
    expect(await invitations.ofTenant(tenantId)).toHaveLength(2);
    expect((await visitor.get(pathname)).headers.location).toBe('/sign-in?notice=link');
  });
});
