import { aPassword } from '../../support/people.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('SEC-06: staff start a reset for a member of a clinic', () => {
  let test: TestPortal;
  let operator: Visitor;
  let alice: Visitor;
  let charlie: Visitor;
  let north: string;
  let south: string;
  const path = (tenantId: string, personId: string) => `/staff/tenants/${tenantId}/people/${personId}/password-reset`;
  const idOf = async ({ email }: Visitor): Promise<string> =>
    String((await test.db('people').where({ email }).first('id')).id);
  const linkMailsTo = ({ email }: Visitor) =>
    test.mail.messages().filter(({ to, text }) => to === email && text.includes('/password-resets/'));

  beforeAll(async () => {
    test = await TestPortal.start();
    operator = await test.staff('operator');
    [north, south] = [await test.addTenant('North Clinic'), await test.addTenant('South Clinic')];
    alice = await test.member(north, 'Alice Moss');
    charlie = await test.member(south, 'Charlie Ward');
  });
  afterAll(() => test.close());

  it('mails the link to the member, and shows staff only that it was sent', async () => {
    const url = path(north, await idOf(alice));
    expect((await operator.get(`/staff/tenants/${north}/people`)).text).toContain(`href="${url}"`);
    const before = await operator.get(url);
    expect(before.text).toContain(`Alice Moss signs in as ${alice.email}.`);
    expect(before.text).not.toContain('There is a link.');
    const started = await operator.post(url);
    expect([started.status, started.headers.location]).toEqual([303, url]);
    const mail = await test.mail.waitFor(({ to, text }) => to === alice.email && text.includes('/password-resets/'));
    expect(mail.text).toContain('Example Health sent you this link');
    const reset = new URL(/https?:\S+/.exec(mail.text)?.[0] ?? '').pathname;
    const after = await operator.get(url);
    expect(after.text).toContain('There is a link.');
    const tenantPage = await operator.get(`/staff/tenants/${north}/activity`);
    expect(tenantPage.text).toContain('Link for a new password created');
    for (const seen of [started, after, tenantPage]) {
      expect(seen.text + JSON.stringify(seen.headers)).not.toContain(reset.split('/').at(-1));
      expect(seen.text).not.toContain('/password-resets/');
    }
    const [trace] = await test.db('audit_events').where({ action: 'person.password_reset_mailed' });
    expect(trace).toMatchObject({ actor_id: await idOf(operator), tenant_id: north, target: await idOf(alice) });

    const visitor = test.visitor();
    await visitor.get(reset);
    const chosen = await visitor.post(reset, { password: `${aPassword} and more` });
    expect(chosen.headers.location).toBe('/sign-in?notice=password_reset');
    expect((await operator.get(url)).text).not.toContain('There is a link.');
  });

  it('SEC-18: answers for another clinic’s member as for an unknown one, and mails nothing', async () => {
    await operator.get(`/staff/tenants/${north}`);
    for (const [tenantId, personId] of [
      [north, await idOf(charlie)],
      [north, ABSENT],
      [north, await idOf(operator)],
      [ABSENT, await idOf(charlie)],
    ] as const) {
      expect((await operator.get(path(tenantId, personId))).status).toBe(404);
      expect((await operator.post(path(tenantId, personId))).status).toBe(404);
    }
    expect(linkMailsTo(charlie)).toEqual([]);
  });

  it('SEC-18: is not possible for auditors, members or strangers', async () => {
    const auditor = await test.staff('auditor');
    const url = path(south, await idOf(charlie));
    for (const [visitor, status] of [
      [auditor, 403],
      [charlie, 404],
      [test.visitor(), 303],
    ] as const) {
      expect((await visitor.get(url)).status).toBe(status);
      expect((await visitor.post(url)).status).toBe(status);
    }
    expect((await auditor.get(`/staff/tenants/${south}/people`)).text).not.toContain('password-reset');
    expect(linkMailsTo(charlie)).toEqual([]);
  });

  it('cannot set a password: a form with one is rejected', async () => {
    const url = path(south, await idOf(charlie));
    await operator.get(url);
    expect((await operator.post(url, { password: aPassword })).status).toBe(400);
    expect(linkMailsTo(charlie)).toEqual([]);
  });
});
