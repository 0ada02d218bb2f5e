import { addManyTenants, healthyOnly } from '../../support/many-tenants.js';
import { TestPortal } from '../../support/portal.js';

/** One call per window of 62 seconds is left for checks, which is 9,754 in seven days. */
const MOST_CLINICS = 9754;

describe('a budget that is too small for the number of clinics', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start({ env: { RINGCENTRAL_AUTH_PER_MINUTE: '2' } });
  });
  afterAll(() => test.close());

  const openIncidents = () => test.db('incidents').whereNull('tenant_id').whereNull('closed_at').pluck('kind');
  const add = (count: number, from: number) =>
    addManyTenants(test.db, { count, from, now: test.clock(), lives: healthyOnly });

  it('opens one incident when it cannot prove every clinic within seven days, and closes it when it can', async () => {
    const staff = await test.staff('auditor');
    await add(MOST_CLINICS, 0);
    await test.portal.clean();
    expect(await openIncidents()).toEqual([]);
    expect((await staff.get('/staff/budget')).text).not.toContain('too few calls for so many clinics');

    await add(1, MOST_CLINICS);
    await test.portal.clean();
    await test.portal.clean();
    expect(await openIncidents()).toEqual(['budget']);
    expect((await staff.get('/staff/budget')).text).toContain('too few calls for so many clinics');

    await test.db('connection_counts').where({ state: 'healthy' }).decrement('count', 1);
    await test.portal.clean();
    expect(await openIncidents()).toEqual([]);
  }, 60_000);
});
