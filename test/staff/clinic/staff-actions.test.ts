import { aFaultedClinic, type FaultedClinic } from '../../faults/faulted-clinic.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

let test: TestPortal;
let staff: Visitor;
let clinic: FaultedClinic;
let url: string;
beforeAll(async () => {
  test = await TestPortal.start();
});
beforeEach(async () => {
  staff = await test.staff('administrator');
  clinic = await aFaultedClinic(test);
  url = `/staff/tenants/${clinic.tenantId}`;
  await staff.get(url);
});
afterAll(() => test.close());

const button = () => `action="${url}/checks"`;
const after = async (path: string, fields: Record<string, string> = {}) =>
  staff.follow(await staff.post(path, fields)).then(({ text }) => text);

describe('“Check now” on the page of a clinic', () => {
  it('checks the JWT, says that the check has ended, and names the member of staff in the audit', async () => {
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    expect((await staff.get(url)).text).toContain(button());
    expect(await after(`${url}/checks`)).toContain('The check is done. The result is below.');
    const asked = await test
      .db('audit_events')
      .where({ tenant_id: clinic.tenantId, action: 'check.requested_by_staff' })
      .pluck('actor_id');
    const [viewer] = await test
      .db('audit_events')
      .where({ tenant_id: clinic.tenantId, action: 'tenant.viewed_by_staff' })
      .pluck('actor_id');
    expect(asked).toEqual([viewer]);
    expect(await test.db('checks').where({ tenant_id: clinic.tenantId, trigger: 'person' })).toHaveLength(1);
  });

  it('above the limit shows the page with the time of the next check', async () => {
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    let answer = await staff.post(`${url}/checks`);
    for (let tries = 0; tries < 6 && answer.status !== 429; tries += 1) answer = await staff.post(`${url}/checks`);
    expect(answer.status).toBe(429);
    expect(answer.text).toMatch(/You can check again in \d+ minutes \(\d+:\d\d [AP]M UTC\)\./);
    expect(answer.text).toContain(button());
    // The limit of staff is not the clinic's.
    expect((await clinic.checkNow()).status).toBe(303);
  });

  it('is not offered without a JWT, and says so to a program', async () => {
    expect((await staff.get(url)).text).not.toContain(button());
    expect(await after(`${url}/checks`)).toContain('There is nothing to check because the clinic is not connected.');
  });

  it('SEC-18: is not for auditors', async () => {
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    const auditor = await test.staff('auditor');
    expect((await auditor.get(url)).text).not.toContain(button());
    expect((await auditor.post(`${url}/checks`)).status).toBe(403);
  });
});

describe('every action of staff says what came of it', () => {
  it('adding a clinic, changing its settings and removing a person', async () => {
    const fields = { name: 'South', external_ref: `ref-${clinic.tenantId}`, language: 'en', time_zone: 'UTC' };
    expect(await after('/staff/tenants', fields)).toContain('The clinic was added. Invite its first person below.');
    expect(await after(`${url}/settings/change`, { language: 'es', time_zone: 'UTC' })).toContain(
      'The settings were saved.',
    );
    await test.member(clinic.tenantId, 'Bob Reyes');
    const [person] = await test.db('memberships').where({ tenant_id: clinic.tenantId }).pluck<string[]>('person_id');
    expect(await after(`${url}/people/${person}/removal`)).toContain('The person was removed.');
  });

  it('and an address that was changed by hand says nothing', async () => {
    for (const notice of ['<b>x</b>', 'limited', 'toString', 'checked'])
      expect((await staff.get(`${url}?notice=${encodeURIComponent(notice)}`)).text).not.toContain(
        'notification-banner',
      );
  });
});
