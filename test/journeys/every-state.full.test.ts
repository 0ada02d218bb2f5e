import { dataOf } from '../support/visits/visitor.js';
import { TestPortal } from '../support/portal.js';
import { routesOf } from '../security/support/routes.js';
import { clinicsInEveryState } from './clinics.js';

it('the pages of the clinic and of staff show the same state, and staff can open each page about it', async () => {
  const test = await TestPortal.start({ env: { REJECTION_CONFIRM_SECONDS: '3600' } });
  try {
    const clinics = await clinicsInEveryState(test); // fails if the clinic's own page shows another state
    const staff = await test.staff('administrator');
    for (const { tenantId, state, cause } of clinics) {
      const page = await staff.get(`/staff/tenants/${tenantId}`);
      expect(dataOf(page.text)).toMatchObject({ state, cause });
    }
    const about = routesOf(test.portal.mounts).filter(
      ({ method, path, access }) =>
        method === 'get' && access === 'staff' && path.replace(':tenantId', '').match(/:/) === null,
    );
    expect(about.length).toBeGreaterThan(3);
    for (const { path } of about) {
      const statuses = new Set<number>();
      for (const { tenantId } of clinics) statuses.add((await staff.get(path.replace(':tenantId', tenantId))).status);
      statuses.delete(303); // there is nothing to decide
      expect([path, [...statuses]]).toEqual([path, [200]]);
    }
  } finally {
    await test.close();
  }
}, 60_000);
