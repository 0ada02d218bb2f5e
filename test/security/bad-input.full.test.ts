import { parse } from 'node:querystring';
import request from 'supertest';
import { z } from 'zod';
import { parseForm, textField } from '../../src/platform/http/forms.js';
import { rowsOf } from '../support/database/databases.js';
import { companySignIn } from '../support/company.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import { toyCapability } from '../support/toy-capability/toy-capability.js';
import { routesOf, type PageRoute as Route } from './support/routes.js';
import type { Visitor } from '../support/visits/visitor.js';

/** Texts that would run if they were not escaped; each contains the marker. */
const corpus = [
  `<script>alert('xss7')</script>`,
  `"><img src=x onerror=alert('xss7')>`,
  `'><svg/onload=alert('xss7')>`,
  `</title><script>alert('xss7')</script>`,
  `</textarea><script>alert('xss7')</script>`,
  `" autofocus onfocus=alert('xss7') x="`,
  `javascript:alert('xss7')`,
  `<%= 'xss7' %>`,
  `{{constructor.constructor('xss7')()}}`,
  `<!-- xss7 --><iframe srcdoc="<b>xss7">`,
];

/** Nothing around the marker may be read as a tag, an attribute or a comment. Our own drawings are exempt. */
function expectInert(where: string, html: string): number {
  const outsideValues = html.replaceAll(/="[^"]*"/g, '=""');
  const alive =
    /href="\s*javascript:/i.exec(html) ??
    /<[^>]*\son\w+\s*=|<svg(?!( [a-zA-Z-]+="")+>)|<iframe|<[^>]*srcdoc|<img[^>]*src=x|<script(?![^>]*\ssrc=)|<!-- xss7|<%/i.exec(
      outsideValues,
    );
  expect({ where, alive: alive?.[0] }).toEqual({ where, alive: undefined });
  return html.split('xss7').length - 1;
}

const tables = [
  'attempts',
  'audit_events',
  'check_requests',
  'checks',
  'connections',
  'credentials',
  'fax_lines',
  'invitations',
  'known_devices',
  'memberships',
  'one_time_links',
  'people',
  'sealed_secrets',
  'staff',
  'tenants',
];
/**
 * The rows of every business table, and mails by id, because the worker sends them. `sessions` change with every use.
 */
const dump = async ({ db }: TestPortal, without: string[] = []) => ({
  outbox: await db('outbox').orderBy('id').pluck('id'),
  ...Object.fromEntries(
    await Promise.all(
      tables
        .filter((table) => !without.includes(table))
        .map(async (table): Promise<[string, unknown[]]> => [table, await rowsOf(db, table)]),
    ),
  ),
});

const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('input from people and RingCentral', () => {
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;
  let admin: Visitor;
  let routes: Route[];
  const at = (path: string) => path.replace(':tenantId', tenantId).replaceAll(/:[a-zA-Z]+/g, ABSENT);

  beforeAll(async () => {
    test = await TestPortal.start({ env: { ...signInApp, ...companySignIn }, added: [toyCapability()] });
    tenantId = await test.addTenant('North Clinic');
    alice = await test.member(tenantId);
    admin = await test.staff('administrator');
    routes = routesOf(test.portal.mounts);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    await admin.get('/staff/tenants/new');
  });
  afterAll(() => test.close());

  /** The person who uses the form. */
  const senderOf = ({ access }: Route): Visitor => (access === 'staff' ? admin : alice);
  const posts = () => routes.filter(({ method, path }) => method === 'post' && path !== '/sign-out');

  it('SEC-22: unknown fields are rejected on every form, and nothing is stored', async () => {
    const pollution: Record<string, string>[] = [
      { is_admin: 'true' },
      { staff_role: 'administrator' },
      { tenant_id: tenantId },
      { constructor: 'x' },
      { '__proto__[polluted]': 'x', 'constructor[prototype][polluted]': 'x' },
    ];
    for (const route of posts())
      for (const fields of pollution) {
        const before = await dump(test, ['audit_events']);
        const { status, text } = await senderOf(route).post(at(route.path), fields);
        const told = { path: route.path, fields: Object.keys(fields), status };
        // Forms of a half sign-in redirect everyone else before they read anything.
        const isSentAway = route.access === 'public' && status === 303;
        expect(isSentAway || (status >= 400 && status < 500) ? 'refused' : told).toBe('refused');
        if (!isSentAway) expect(text).toContain('<h1');
        expect(await dump(test, ['audit_events'])).toEqual(before);
      }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 120_000); // every form, each several times

  it('SEC-22: a field named __proto__ is an unknown field like any other', () => {
    const body = parse('name=x&__proto__=y');
    expect(() => parseForm(z.object({ name: textField(10) }), body)).toThrow('bad_request');
    expect(parseForm(z.object({ name: textField(10) }), parse('name=x'))).toEqual({ name: 'x' });
  });

  it('a form whose session has ended says so, and returns typed values that are not secret only to its own page', async () => {
    const fields = { name: 'South <b>Clinic</b>', external_ref: 'south-7', assertion: 'eyJ.EXAMPLE.x', _csrf: 'x' };
    const sent = (path: string, site: string) =>
      request(test.url).post(path).set('Sec-Fetch-Site', site).type('form').send(fields);
    const before = await dump(test, ['audit_events']);
    const own = await sent('/staff/tenants', 'same-origin');
    expect(own.status).toBe(403);
    expect(own.text).toContain('You were signed out');
    expect(own.text).toContain('South &lt;b&gt;Clinic&lt;/b&gt;');
    expect(own.text).not.toContain('EXAMPLE');
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await sent('/staff/tenants', site)).text).not.toContain('south-7');
    expect((await sent('/sign-in', 'same-origin')).text).toContain('This form has expired');
    expect(await dump(test, ['audit_events'])).toEqual(before);
    const traces = test.db('audit_events').where({ action: 'request.form_refused' });
    expect(await traces.pluck('actor_kind')).toEqual(['nobody', 'nobody', 'nobody', 'nobody', 'nobody']);
  });

  it('SEC-22: a clinic cannot use an environment without an app of the ISV, and the form does not offer it', async () => {
    const before = await dump(test, ['audit_events']);
    expect((await admin.get('/staff/tenants/new')).text).not.toContain('name="environment"');
    const fields = { name: 'Elsewhere', external_ref: 'elsewhere', environment: 'biz', time_zone: 'America/Denver' };
    expect((await admin.post('/staff/tenants', fields)).status).toBe(422);
    expect(await dump(test, ['audit_events'])).toEqual(before);
  });

  it('SEC-22: a field sent twice is rejected', async () => {
    const twice: [Visitor, string, Record<string, string | string[]>][] = [
      [alice, `/tenants/${tenantId}/credentials`, { assertion: ['a', 'b'] }],
      [alice, `/sign-in`, { email: ['a@clinic.example', 'b@clinic.example'], password: 'x' }],
      [alice, `/sign-in`, { email: 'a@clinic.example', password: ['x', 'y'] }],
      [admin, '/staff/tenants', { name: ['A', 'B'], external_ref: 'x' }],
      [admin, `/staff/tenants/${tenantId}/invitations`, { email: ['a@clinic.example', 'b@clinic.example'] }],
    ];
    const before = await dump(test);
    for (const [visitor, path, fields] of twice)
      expect({ path, status: (await visitor.post(path, fields)).status }).toEqual({ path, status: 400 });
    expect(await dump(test)).toEqual(before);
  });

  it('SEC-51: input that is too long, too much or of another type gets a page that says so, on every form', async () => {
    const body = (text: string) => `_csrf=x&assertion=${text}`;
    const cases: [number, string, string][] = [
      [413, 'application/x-www-form-urlencoded', body('A'.repeat(65_536))],
      [413, 'application/x-www-form-urlencoded', Array.from({ length: 10_000 }, (_, n) => `f${n}=`).join('&')],
      [415, 'application/json', '{"assertion":"x"}'],
      [415, 'multipart/form-data; boundary=x', '--x--'],
      [415, 'text/plain', 'assertion=x'],
      [415, 'application/x-www-form-urlencoded; charset=utf-7', body('x')],
    ];
    const before = await dump(test);
    // The only form with a file: without its token it is refused like every form.
    const refusal = (path: string, wanted: number, type: string) =>
      path === '/staff/clinics-import' && type.startsWith('multipart/') ? 403 : wanted;
    for (const { path } of posts())
      for (const [wanted, type, sent] of cases) {
        const { status, text } = await request(test.url).post(at(path)).set('Content-Type', type).send(sent);
        expect({ path, type, status }).toEqual({ path, type, status: refusal(path, wanted, type) });
        expect(text).toContain('<h1');
      }
    expect(await dump(test)).toEqual(before);
  });

  it('SEC-51: a paste above 16 KiB that can still be read is reported on the page and stored nowhere', async () => {
    const { status, text } = await alice.post(`/tenants/${tenantId}/credentials`, { assertion: 'A'.repeat(20_000) });
    expect(status).toBe(422);
    expect(text).toContain('data-code="too_large"');
    expect(text.replaceAll(/name="_csrf" value="[^"]*"/g, '')).not.toContain('AAAA'); // which random letters may spell
    expect(await test.db('sealed_secrets').where({ tenant_id: tenantId }).select()).toEqual([]);
  });

  it('SEC-49: input that cannot be decoded gets a page, never a 500', async () => {
    const paths = [
      '/%',
      '/%E0%A4%A',
      `/tenants/%/connection`,
      '/invitations/%FF',
      '/sign-in?next=%',
      '/%00',
      '/..%2f..%2fetc',
    ];
    for (const path of paths)
      for (const visitor of [test.visitor(), alice, admin]) {
        const { status, text } = await visitor.get(path);
        expect({ path, fine: status < 500 }).toEqual({ path, fine: true });
        expect(text).not.toMatch(/URIError|at .*\.js:\d+|node_modules/);
      }
    for (const text of ['assertion=%', '%=%', '_csrf=%E0%A4%A', '&&&&=', '[]=1&[x]=2']) {
      const answer = await request(test.url).post('/sign-in').type('form').send(text);
      expect({ text, status: answer.status }).toEqual({ text, status: 403 });
    }
    const queries = [
      'after=a&after=b',
      'after[x]=1',
      'after=%FF',
      `after=${'A'.repeat(5000)}`,
      '__proto__[x]=1',
      'after=bnVsbA',
    ];
    for (const query of queries) {
      const { status } = await admin.get(`/staff/tenants?${query}`);
      expect({ query, fine: [200, 400].includes(status) }).toEqual({ query, fine: true });
    }
    for (const query of ['before=-1', 'before=1e9', 'before=1&before=2', 'before=999999999999999', 'before=x'])
      expect((await admin.get(`/staff/tenants/${tenantId}?${query}`)).status).toBeLessThan(500);
  });
});

describe('SEC-16: names from any source are text', () => {
  it.each(corpus)('%s', async (evil) => {
    const test = await TestPortal.start({ env: { RINGCENTRAL_APP_NAME: evil, ISV_NAME: evil } });
    try {
      const tenantId = await test.addTenant(`T ${evil}`);
      const alice = await test.member(tenantId);
      await test.db('people').where({ email: alice.email }).update({ name: evil });
      const admin = await test.staff('administrator');
      const { id: accountId } = test.emulator.addAccount({ companyName: evil });
      const owner = test.emulator.addExtension({ accountId, name: evil, firstName: evil, role: 'fax_integration' });
      test.emulator.addExtension({ accountId, name: evil, type: 'FaxUser' });
      const { clientId } = test.example.app;
      const { jwt } = test.emulator.createJwt({ extensionId: owner.id, clientIds: [clientId] });
      await alice.get(`/tenants/${tenantId}/credentials/new`);
      await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
      const connection = await alice.get(`/tenants/${tenantId}/connection`);
      expect(connection.text).toContain('data-state="healthy"');
      let shown = expectInert('connection', connection.text);
      // RingCentral's codes and permission names, for a line that cannot be read
      test.emulator.setPermission(owner.id, 'ReadMessages', null);
      await alice.post(`/tenants/${tenantId}/connection/checks`);
      const base = `/tenants/${tenantId}`;
      for (const path of [
        `${base}/connection`,
        `${base}/guide`,
        `${base}/guide/jwt`,
        `${base}/credentials/new`,
        '/tenants',
      ])
        shown += expectInert(path, (await alice.get(path)).text);
      for (const path of ['/staff/tenants', '/staff/tenants/new', `/staff/tenants/${tenantId}`])
        shown += expectInert(path, (await admin.get(path)).text);
      shown += expectInert('sign-in', (await test.visitor().get('/sign-in')).text);
      // Typed values that are not secret are shown again.
      await admin.get('/staff/tenants/new');
      const form = { name: '', external_ref: evil, environment: evil, time_zone: evil };
      shown += expectInert('new tenant', (await admin.post('/staff/tenants', form)).text);
      shown += expectInert(
        'invite',
        (await admin.post(`/staff/tenants/${tenantId}/invitations`, { email: evil })).text,
      );
      const visitor = test.visitor();
      await visitor.get('/sign-in');
      shown += expectInert('sign in', (await visitor.post('/sign-in', { email: evil, password: '' })).text);
      shown += expectInert('absent', (await alice.get(`/${encodeURIComponent(evil)}`)).text);
      expect(shown).toBeGreaterThan(15);
    } finally {
      await test.close();
    }
  });
});
