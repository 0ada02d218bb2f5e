import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

const DAY_MS = 86_400_000;
const aChange = 'The RingCentral user was changed';

describe('a change of the user of a clinic’s JWT', () => {
  let test: TestPortal;
  let staff: Visitor;
  let clinics = 0;
  beforeAll(async () => {
    test = await TestPortal.start();
    test.emulator.setInactiveOwners('served');
    staff = await test.staff('auditor');
  });
  afterAll(() => test.close());

  /** A clinic with a separate account and a super admin as the user of its JWT. */
  async function aClinic() {
    const tenantId = await test.addTenant(`Clinic ${(clinics += 1)}`);
    const alice = await test.member(tenantId);
    const { emulator, example } = test;
    const account = emulator.addAccount({ companyName: `Practice ${clinics}` });
    const user = emulator.addExtension({ accountId: account.id, role: 'super_admin', name: 'Fax Integration' });
    emulator.addExtension({ accountId: account.id, type: 'FaxUser', name: 'Front Desk Fax' });
    const paste = async (extensionId: string) => {
      const { jwt } = emulator.createJwt({ extensionId, clientIds: [example.app.clientId] });
      await alice.get(`/tenants/${tenantId}/credentials/new`);
      await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
    };
    await paste(user.id);
    const url = `/tenants/${tenantId}/connection`;
    return {
      tenantId,
      alice,
      account,
      user,
      paste,
      check: async () => {
        test.clock.advance(11 * 60_000); // stays within the limit of checks per clinic
        await alice.get(url);
        expect((await alice.post(`${url}/checks`)).status).toBe(303);
      },
      page: async () => (await alice.get(url)).text,
      staffPage: async () => (await staff.get(`/staff/tenants/${tenantId}`)).text,
      audit: () =>
        test
          .db('audit_events')
          .where({ tenant_id: tenantId })
          .where('action', 'like', 'owner.%')
          .orderBy('seq')
          .select('action', 'target', 'detail'),
      mail: () => test.mail.waitFor(({ to, subject }) => to === alice.email && subject.includes('a change at RingC')),
      told: () => test.db('notices').where({ tenant_id: tenantId, kind: 'owner_changed' }).pluck('person_id'),
    };
  }

  it('is shown to clinic and staff without a change of state, mailed once, and removed when it is over', async () => {
    const clinic = await aClinic();
    expect(await clinic.page()).not.toContain(aChange);
    test.emulator.setExtensionStatus(clinic.user.id, 'Frozen');
    test.emulator.setRole(clinic.user.id, 'fax_integration');
    const before = await test.db('events').where({ tenant_id: clinic.tenantId }).pluck('nr');
    await clinic.check();
    for (const page of [await clinic.page(), await clinic.staffPage()]) {
      expect(page).toContain('data-state="healthy" data-cause=""');
      expect(page).toContain(aChange);
      expect(page).toContain('Status: was Enabled, now Frozen.');
      expect(page).toContain('Administrator: the user was an administrator, and no longer is.');
      expect(page).toContain('Roles: was Super Admin, now Fax Integration (custom).');
      expect(page).toContain('RingCentral does not say who made the change, or why.');
    }
    await clinic.check();
    expect(await clinic.told()).toHaveLength(1);
    expect((await clinic.mail()).text).toContain('Status: was Enabled, now Frozen.');
    // Programs rely on the existing states and causes, and a change of the user is neither.
    expect(await test.db('events').where({ tenant_id: clinic.tenantId }).pluck('nr')).toEqual(before);

    test.emulator.setExtensionStatus(clinic.user.id, 'Enabled');
    test.emulator.setRole(clinic.user.id, 'super_admin');
    await clinic.check();
    for (const page of [await clinic.page(), await clinic.staffPage()])
      expect(page.replace(/<table[^]*<\/table>/g, '')).not.toContain(aChange);
    expect(await clinic.told()).toHaveLength(1);
    expect(await clinic.audit()).toEqual([
      { action: 'owner.changed', target: clinic.user.id, detail: JSON.stringify({ what: 'status admin roles' }) },
      { action: 'owner.change_over', target: clinic.user.id, detail: JSON.stringify({}) },
    ]);
  });

  it('is shown beside a failure without claiming to be its cause', async () => {
    const clinic = await aClinic();
    test.emulator.setRole(clinic.user.id, 'standard');
    await clinic.check();
    const page = await clinic.page();
    expect(page).toContain('data-state="failing" data-cause="extension_not_visible"');
    expect(page).toContain('Roles: was Super Admin, now Standard.');
    expect(page).not.toContain('With fewer permissions, the user may no longer see every fax line.');
  });

  it('does not occur if the clinic chose another user', async () => {
    const clinic = await aClinic();
    const { id } = test.emulator.addExtension({ accountId: clinic.account.id, role: 'fax_integration' });
    await clinic.paste(id);
    await clinic.check();
    expect(await clinic.page()).toContain('data-state="healthy"');
    expect(await clinic.page()).not.toContain(aChange);
    expect(await clinic.audit()).toEqual([]);
  });

  it('is also noticed by a scheduled check', async () => {
    const clinic = await aClinic();
    test.emulator.setExtensionType(clinic.user.id, 'DigitalUser');
    test.clock.advance(2 * DAY_MS);
    test.portal.look();
    expect((await clinic.mail()).text).toContain('User type: was User, now DigitalUser.');
  });

  it('SEC-16, SEC-52: names of roles are text, on pages and in emails', async () => {
    const clinic = await aClinic();
    const name = '<img src=x onerror=alert(1)>\nBcc: x@y.example';
    const role = { id: '77', displayName: name };
    test.emulator.faults.add({
      kind: 'changed_members',
      path: '/restapi/v1.0/account/~/extension/~',
      set: { roles: [role] },
      count: 1,
    });
    await clinic.check();
    test.emulator.faults.clear();
    test.emulator.setRole(clinic.user.id, 'fax_integration');
    await clinic.check();
    expect(await clinic.page()).not.toContain('<img src=x');
    expect(await clinic.page()).toContain('&lt;img src=x');
    const mail = await clinic.mail();
    expect(mail.html).not.toContain('<img src=x');
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });

  it('SEC-18: is stored only for its own clinic', async () => {
    const [one, other] = [await aClinic(), await aClinic()];
    test.emulator.setExtensionStatus(one.user.id, 'Disabled');
    await one.check();
    await other.check();
    expect(await one.page()).toContain(aChange);
    expect(await other.page()).not.toContain(aChange);
  });
});
