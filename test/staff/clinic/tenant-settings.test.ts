import { TestPortal } from '../../support/portal.js';
import { signInApp } from '../../support/sign-in-app.js';
import type { Visitor } from '../../support/visits/visitor.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('the language and time zone of a clinic', () => {
  let test: TestPortal;
  let administrator: Visitor;
  let north: string;
  const path = (id: string) => `/staff/tenants/${id}/settings/change`;
  const asked = { language: 'es', time_zone: 'America/Denver' };
  const found = () => test.portal.services.tenants.find(north);

  beforeAll(async () => {
    test = await TestPortal.start();
    administrator = await test.staff('administrator');
    north = await test.addTenant('North Clinic');
  });
  afterAll(() => test.close());

  it('are set when staff add the clinic', async () => {
    await administrator.get('/staff/tenants/new');
    const fields = { name: 'Clínica Sur', external_ref: 'sur', language: 'es', time_zone: ' America/Denver ' };
    const { headers } = await administrator.post('/staff/tenants', fields);
    const id = /\/([\w-]+)\/people\?notice=created$/.exec(headers.location ?? '')?.[1] ?? '';
    expect(await test.portal.services.tenants.find(id)).toMatchObject({ language: 'es', timeZone: 'America/Denver' });
    const refused = await administrator.post('/staff/tenants', { ...fields, external_ref: 'x', language: 'xx' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('This language is not available. Choose another one.');
  });

  it('are changed by staff, with effect for signed-in people, and audited', async () => {
    const alice = await test.member(north);
    const guide = `/tenants/${north}/guide`;
    expect((await alice.get(guide)).text).toContain('<html lang="en">');
    expect((await administrator.get(path(north))).text).toContain('value="en" checked');
    const set = await administrator.post(path(north), asked);
    expect([set.status, set.headers.location]).toEqual([303, `/staff/tenants/${north}/settings?notice=saved`]);
    expect((await alice.get(guide)).text).toContain('<html lang="es">');
    const page = (await administrator.follow(set)).text;
    expect(page).toContain('<html lang="en">');
    for (const shown of ['Español', 'America/Denver']) expect(page).toContain(shown);
    expect((await administrator.get(`/staff/tenants/${north}/activity`)).text).toContain('Language and time zone set');
  });

  it('SEC-04: include whether members need an authenticator app, from the next request on', async () => {
    const alice = await test.member(north);
    const guide = `/tenants/${north}/guide`;
    await administrator.get(path(north));
    const set = await administrator.post(path(north), { ...asked, second_factor: 'needed' });
    expect((await administrator.follow(set)).text).toContain('Members need an authenticator app');
    expect((await administrator.get(path(north))).text).toMatch(/value="needed" checked/);
    expect((await alice.get(guide)).headers.location).toBe(`/account/second-factor?next=${encodeURIComponent(guide)}`);
    await administrator.get(path(north));
    await administrator.post(path(north), asked);
    expect((await alice.get(guide)).status).toBe(200);
    const traces = await test.db('audit_events').where({ action: 'tenant.second_factor_rule_set' }).select('detail');
    expect(traces.map(({ detail }) => JSON.parse(String(detail)) as unknown)).toEqual([
      { needed: true },
      { needed: false },
    ]);
    expect((await administrator.post(path(north), { ...asked, second_factor: 'no' })).status).toBe(400);
  });

  it('include which ways to connect are offered, where the ISV has an app for sign-ins', async () => {
    const own = await TestPortal.start({ env: signInApp });
    try {
      const id = await own.addTenant('North Clinic');
      const alice = await own.member(id);
      const admin = await own.staff('administrator');
      const offers = async () => {
        const { text, headers } = await alice.get(`/tenants/${id}/guide`);
        return headers.location ?? text.includes(`/tenants/${id}/guide/sign-in`);
      };
      expect((await admin.get(path(id))).text).toMatch(/value="both" checked/);
      expect(await offers()).toBe(true);
      const found: unknown[] = [];
      for (const methods of ['jwt', 'authorization_code', 'authorization_code', 'both']) {
        const set = await admin.post(path(id), { ...asked, methods });
        found.push(await offers());
        const page = await admin.follow(set);
        if (methods === 'jwt') expect(page.text).toContain('Only a JWT');
        await admin.get(path(id));
      }
      expect(found).toEqual([false, `/tenants/${id}/guide/sign-in`, `/tenants/${id}/guide/sign-in`, true]);
      const traces = await own
        .db('audit_events')
        .where({ action: 'tenant.methods_set' })
        .orderBy('seq')
        .pluck('detail');
      expect(traces).toEqual(['jwt', 'authorization_code', 'both'].map((offered) => JSON.stringify({ offered })));
      expect((await admin.post(path(id), { ...asked, methods: 'none' })).status).toBe(400);
      await admin.get(path(id));
      await admin.post(path(id), { ...asked, methods: 'jwt' });
      expect((await admin.get(path(id))).text).toMatch(/value="jwt" checked/);
    } finally {
      await own.close();
    }
  });

  it('say nothing of ways to connect, where a JWT is the only one', async () => {
    for (const page of [path(north), `/staff/tenants/${north}/settings`])
      expect((await administrator.get(page)).text).not.toContain('Ways to connect');
  });

  it('stay unchanged for unknown values, which the page reports', async () => {
    await administrator.get(path(north));
    const before = await found();
    const refused = await administrator.post(path(north), { language: '', time_zone: 'Denver<b>' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="Denver&lt;b&gt;"');
    expect(refused.text).toContain('Choose a time zone from the list.');
    expect(await found()).toEqual(before);
  });

  it('SEC-18: are invisible to and unchangeable by auditors, members and strangers', async () => {
    const before = await found();
    const auditor = await test.staff('auditor');
    const alice = await test.member(north);
    for (const [visitor, status] of [
      [auditor, 403],
      [alice, 404],
      [test.visitor(), 303],
    ] as const) {
      expect((await visitor.get(path(north))).status).toBe(status);
      expect((await visitor.post(path(north), { language: 'en', time_zone: 'UTC' })).status).toBe(status);
    }
    expect((await administrator.get(path(ABSENT))).status).toBe(404);
    expect((await administrator.post(path(ABSENT), asked)).status).toBe(404);
    expect(await found()).toEqual(before);
  });
});
