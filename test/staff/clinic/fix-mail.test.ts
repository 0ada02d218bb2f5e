import { aFaultedClinic, type FaultedClinic } from '../../faults/faulted-clinic.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

describe('“Email the fix”', () => {
  let test: TestPortal;
  let staff: Visitor;
  let clinic: FaultedClinic;
  let url: string;
  const email = async () => {
    await staff.get(url);
    return staff.post(`${url}/fix-mails`);
  };
  const mailed = () =>
    test
      .db('audit_events')
      .where({ tenant_id: clinic.tenantId, action: 'fix.mailed' })
      .select<{ detail: string; actor_kind: string }[]>('detail', 'actor_kind');
  const told = () => test.db('notices').where({ tenant_id: clinic.tenantId, kind: 'fix' }).pluck<string[]>('person_id');

  beforeAll(async () => {
    test = await TestPortal.start();
    staff = await test.staff('operator');
    clinic = await aFaultedClinic(test);
    url = `/staff/tenants/${clinic.tenantId}`;
  });
  afterAll(() => test.close());

  it('sends nothing while the clinic has nothing to fix, and says so', async () => {
    const answer = await email();
    expect([answer.status, answer.headers.location]).toEqual([303, `${url}?notice=nothing_to_fix`]);
    expect((await staff.follow(answer)).text).toContain('There is nothing that the clinic can fix now');
    expect([await mailed(), await told()]).toEqual([[], []]);
  });

  it('SEC-18: an auditor cannot send it', async () => {
    const auditor = await test.staff('auditor');
    await auditor.get(url);
    expect((await auditor.post(`${url}/fix-mails`)).status).toBe(403);
  });

  it('sends the sentence, the steps and the link to owners and members, once an hour, with one audit row', async () => {
    const bob = await test.member(clinic.tenantId, 'Bob Hale');
    const vera = await test.member(clinic.tenantId, 'Vera Lund', 'viewer');
    const { jwt } = test.emulator.createJwt({ extensionId: clinic.ownerId, clientIds: [] });
    await bob.get(`/tenants/${clinic.tenantId}/credentials/new`);
    await bob.post(`/tenants/${clinic.tenantId}/credentials`, { assertion: jwt });
    await clinic.pageWhen({ cause: 'app_not_permitted' });

    const answer = await email();
    expect([answer.status, answer.headers.location]).toEqual([303, `${url}?notice=mailed`]);
    expect((await staff.follow(answer)).text).toContain('The email is on its way.');
    const mail = await test.mail.waitFor(({ to, subject }) => to === bob.email && subject.includes('how to fix'));
    expect(mail.subject).toBe(`Example Health: how to fix the RingCentral connection of Clinic 1`);
    for (const said of [
      'RingCentral has not been told that Example Health may use this JWT.',
      '3. Paste this client ID and choose Add app.',
      test.example.app.clientId,
      `/tenants/${clinic.tenantId}/connection#fix`,
    ])
      expect(mail.text).toContain(said);
    expect(mail.text).not.toContain(jwt.split('.')[2]);
    expect(await mailed()).toEqual([
      { detail: JSON.stringify({ cause: 'app_not_permitted', people: 2 }), actor_kind: 'person' },
    ]);
    expect(await told()).toHaveLength(2);

    const again = await email();
    expect(again.status).toBe(429);
    expect(again.text).toMatch(
      /The fix was emailed a short while ago\. You can email it again in (1 hour|\d+ minutes)/,
    );
    expect(await mailed()).toHaveLength(1);
    expect(
      test.mail.messages().filter(({ to, subject }) => to === vera.email && subject.includes('how to fix')),
    ).toEqual([]);
    expect((await staff.get(`${url}/activity`)).text).toContain('Fix emailed to the clinic');
    expect((await staff.get(`${url}/people`)).text).toContain('How to fix it, sent by staff');
  });

  it('can be sent again after the hour', async () => {
    test.clock.advance(61 * 60_000);
    staff = await test.staff('operator');
    expect((await email()).headers.location).toBe(`${url}?notice=mailed`);
    expect(await told()).toHaveLength(4);
  });
});
