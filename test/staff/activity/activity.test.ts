import { TestPortal } from '../../support/portal.js';

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start();
});
afterAll(() => test.close());

describe('the page about activity outside clinics', () => {
  it('SEC-62: shows every role of staff what was refused, by whom and from where', async () => {
    const token = 'y'.repeat(43);
    expect((await test.visitor().get(`/hand-offs/${token}`)).status).toBe(404);
    for (const role of ['auditor', 'operator', 'administrator'] as const) {
      const staff = await test.staff(role);
      const { text, status } = await staff.get('/staff/activity');
      expect(status).toBe(200);
      expect(text).toContain('Link that no longer works was opened');
      expect(text).toContain('route: GET /hand-offs');
      expect(text).toContain('Not signed in');
      expect(text).toContain('127.0.0.1');
      expect(text).not.toContain(token);
    }
  });

  it('names the person, and shows nothing that belongs to a clinic', async () => {
    const own = await test.addTenant('North');
    const other = await test.addTenant('South');
    const alice = await test.member(own);
    expect((await alice.get(`/tenants/${other}/connection`)).status).toBe(404);
    const staff = await test.staff('auditor');
    const { text } = await staff.get('/staff/activity');
    expect(text).toContain('Activity outside clinics viewed');
    expect(text).not.toContain('Access denied');
    // The denial is on the page of the clinic that it was aimed at.
    expect((await staff.get(`/staff/tenants/${other}/activity`)).text).toContain('Access denied');
    expect((await staff.get(`/staff/tenants/${own}/activity`)).text).not.toContain('Access denied');
  });

  it('shows fifty events and links to the older ones', async () => {
    const staff = await test.staff('auditor');
    for (let views = 0; views < 51; views += 1) await staff.get('/staff/incidents');
    const first = await staff.get('/staff/activity');
    expect(first.text.split('<time')).toHaveLength(51);
    const older = /href="(\/staff\/activity\?before=\d+)#activity"/.exec(first.text)?.[1] ?? '';
    const second = await staff.get(older);
    expect(second.text).toContain('Back to the newest activity');
    expect(second.text.match(/Incidents viewed/g)?.length).toBeGreaterThan(0);
  });
});
