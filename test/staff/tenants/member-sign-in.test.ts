import { aPassword, totpNow } from '../../support/people.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('a member’s sign-in on the staff pages', () => {
  let test: TestPortal;
  let administrator: Visitor;
  let north: string;
  let south: string;
  const path = (tenantId: string, personId: string) => `/staff/tenants/${tenantId}/people/${personId}/sign-in`;
  const idOf = async ({ email }: Visitor): Promise<string> =>
    String((await test.db('people').where({ email }).first('id')).id);
  const mailTo = ({ email }: Visitor, subject: string) =>
    test.mail.waitFor((mail) => mail.to === email && mail.subject.includes(subject));
  const tracesOf = (action: string) => test.db('audit_events').where({ action }).orderBy('seq');
  const secretOn = (html: string) => (/<code[^>]*>([A-Z2-7 ]+)</.exec(html)?.[1] ?? '').replaceAll(' ', '');

  /** A member who has set up an app, and its secret. */
  async function secured(name: string, tenantId = north): Promise<{ visitor: Visitor; secret: string }> {
    const visitor = await test.member(tenantId, name);
    await visitor.get('/account/second-factor/enrolment');
    const page = await visitor.follow(await visitor.post('/account/second-factor/enrolment'));
    const secret = secretOn(page.text);
    await visitor.post('/account/second-factor', { code: totpNow(secret, test.clock()) });
    return { visitor, secret };
  }

  beforeAll(async () => {
    test = await TestPortal.start();
    administrator = await test.staff('administrator');
    [north, south] = [await test.addTenant('North Clinic'), await test.addTenant('South Clinic')];
    await test.member(north, 'Ben Ford');
  });
  afterAll(() => test.close());

  it('SEC-04: staff remove a lost app: every session ends, the person is told, and the password alone signs in', async () => {
    const { visitor: alice } = await secured('Alice Moss');
    const url = path(north, await idOf(alice));
    expect((await administrator.get(`/staff/tenants/${north}/people`)).text).toContain(`href="${url}"`);
    const before = await administrator.get(url);
    expect(before.text).toContain('How Alice Moss signs in');
    expect(before.text).toContain('10 of 10 left');
    const reset = await administrator.post(`${url}/reset`);
    expect([reset.status, reset.headers.location]).toEqual([303, `${url}?notice=reset`]);
    expect((await administrator.follow(reset)).text).toContain('The authenticator app was removed.');
    expect((await alice.get('/account')).headers.location).toContain('/sign-in');
    expect(await test.db('recovery_codes').where({ person_id: await idOf(alice) })).toEqual([]);
    expect((await mailTo(alice, 'authenticator app reset by our staff')).text).toContain('Our staff removed');
    const [trace] = await tracesOf('person.second_factor_reset');
    expect(trace).toMatchObject({ actor_id: await idOf(administrator), tenant_id: north, target: await idOf(alice) });
    const again = test.visitor();
    await again.get('/sign-in');
    const signedIn = await again.post('/sign-in', { email: alice.email, password: aPassword });
    expect(signedIn.headers.location).toBe(`/tenants/${north}/guide`);
  });

  it('a second removal, or one without an app, changes, mails and audits nothing', async () => {
    const cara = await test.member(north, 'Cara Lind');
    const url = path(north, await idOf(cara));
    const page = await administrator.get(url);
    expect(page.text).toContain('Not set up');
    expect(page.text).not.toContain(`${url}/reset`);
    const traces = (await tracesOf('person.second_factor_reset')).length;
    expect((await administrator.post(`${url}/reset`)).status).toBe(303);
    expect(await tracesOf('person.second_factor_reset')).toHaveLength(traces);
    expect((await cara.get('/account')).status).toBe(200);
  });

  it('SEC-09: staff end every session of a member, and the clinic’s audit records it', async () => {
    const dora = await test.member(north, 'Dora Hill');
    const url = path(north, await idOf(dora));
    const page = await administrator.get(url);
    expect(page.text).toContain('127.0.0.1');
    for (const { id_hash: id } of await test.db('sessions').select('id_hash')) expect(page.text).not.toContain(id);
    const ended = await administrator.post(`${url}/endings`);
    expect((await administrator.follow(ended)).text).toContain('The person is signed out everywhere.');
    expect((await dora.get('/account')).headers.location).toContain('/sign-in');
    const trace = (await tracesOf('person.sessions_ended')).at(-1);
    expect(trace).toMatchObject({ actor_id: await idOf(administrator), tenant_id: north, target: await idOf(dora) });
  });

  it('SEC-18: members of another clinic, unknown people and staff get the same answer, and nothing happens', async () => {
    const { visitor: eve } = await secured('Eve Ward', south);
    const colleague = await test.staff('administrator');
    await test.portal.services.tenants.addMember(test.db, north, await idOf(colleague), 'owner');
    await administrator.get(`/staff/tenants/${north}`);
    for (const [tenantId, personId] of [
      [north, await idOf(eve)],
      [south, ABSENT],
      [ABSENT, await idOf(eve)],
      [north, await idOf(colleague)],
    ] as const)
      for (const answer of [
        await administrator.get(path(tenantId, personId)),
        await administrator.post(`${path(tenantId, personId)}/reset`),
        await administrator.post(`${path(tenantId, personId)}/endings`),
      ])
        expect(answer.status).toBe(404);
    expect((await eve.get('/account')).status).toBe(200);
    expect((await colleague.get('/staff/tenants')).status).toBe(200);
  });

  it('SEC-11, SEC-18: requires a role that may make changes and a fresh code; a GET changes nothing', async () => {
    const { visitor: fay } = await secured('Fay Holt');
    const url = path(north, await idOf(fay));
    const auditor = await test.staff('auditor');
    for (const [visitor, status] of [
      [auditor, 403],
      [fay, 404],
      [test.visitor(), 303],
    ] as const) {
      expect((await visitor.get(url)).status).toBe(status);
      expect((await visitor.post(`${url}/reset`)).status).toBe(status);
    }
    for (const action of ['reset', 'endings']) expect((await administrator.get(`${url}/${action}`)).status).toBe(404);
    await administrator.get(url);
    test.clock.advance(6 * 60_000);
    const asked = await administrator.post(`${url}/reset`);
    expect([asked.status, asked.headers.location]).toEqual([
      303,
      `/sign-in/second-factor?next=${encodeURIComponent(url)}`,
    ]);
    expect((await fay.get('/account')).status).toBe(200);
  });
});
