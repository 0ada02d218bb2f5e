import { readdirSync } from 'node:fs';
import request from 'supertest';
import { migrationsFolder } from '../../src/platform/paths.js';
import { companySignIn } from '../support/company.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import { toyCapability } from '../support/toy-capability/toy-capability.js';
import { routesOf } from './support/routes.js';
import type { Answer, Visitor } from '../support/visits/visitor.js';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'report-uri /csp-reports',
].join(';');

/** The pages whose form leads to RingCentral or to the company of staff, and from there to wherever people sign in. */
const leavesByForm = /^(get|post) (\/tenants\/:tenantId\/guide\/sign-in|(\/sign-in|\/account)\/company)$/;

/** The security headers of every answer, whatever its status. */
function expectSafeHeaders(path: string, { headers, status }: Answer): void {
  const own = leavesByForm.test(path) && status === 200 ? policy.replace("form-action 'self';", '') : policy;
  expect({ path, headers }).toMatchObject({
    path,
    headers: {
      'content-security-policy': own,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  });
  for (const name of ['x-powered-by', 'server', 'etag', 'access-control-allow-origin'])
    expect({ path, [name]: headers[name] }).toEqual({ path, [name]: undefined });
}

const cookiesOf = ({ headers }: Answer): string[] => {
  const set: unknown = headers['set-cookie'];
  return Array.isArray(set) ? (set as string[]) : [];
};

describe('on loopback, by http', () => {
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;
  beforeAll(async () => {
    test = await TestPortal.start({ env: { ...signInApp, ...companySignIn }, added: [toyCapability()] });
    tenantId = await test.addTenant('North Clinic');
    alice = await test.member(tenantId);
  });
  afterAll(() => test.close());

  it('SEC-14, SEC-15: every page of every access, and every error, has the headers and is not cached', async () => {
    const staff = await test.staff();
    const invited = await test.portal.services.invitations.invite({
      tenantId,
      email: 'new.person@clinic.example',
      invitedBy: null,
    });
    if (!invited.ok) throw new Error(invited.problem);
    const path = new URL(invited.url).pathname;
    expectSafeHeaders(path, await test.visitor().get(path));
    const seen = new Set<number>();
    for (const { method, path: pattern } of routesOf(test.portal.mounts))
      for (const visitor of [test.visitor(), alice, staff]) {
        const at = pattern.replace(':tenantId', tenantId).replaceAll(/:[a-zA-Z]+/g, 'x');
        const answer = method === 'get' ? await visitor.get(at) : await visitor.send('post', at);
        expectSafeHeaders(`${method} ${pattern}`, answer);
        seen.add(answer.status);
      }
    for (const status of [200, 303, 403, 404]) expect(seen).toContain(status);
  });

  it('SEC-14, SEC-15: no answer of the API may be framed, guessed at or cached', async () => {
    const paths = ['/openapi.json', '/nothing', ...test.portal.apiRoutes.map(({ path }) => path)];
    for (const path of paths) {
      const { status, headers } = await test.visitor().get(`/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}`);
      const isPublic = path === '/openapi.json';
      expect({ path, status, headers }).toMatchObject({
        path,
        status: isPublic ? 200 : 401,
        headers: {
          'content-security-policy': "default-src 'none';frame-ancestors 'none'",
          'x-content-type-options': 'nosniff',
          'cache-control': isPublic ? 'no-cache' : 'no-store',
        },
      });
      for (const name of ['x-powered-by', 'server', 'access-control-allow-origin', 'set-cookie', 'location'])
        expect({ path, [name]: headers[name] }).toEqual({ path, [name]: undefined });
    }
  });

  it('SEC-15: a paste never comes back: the box is empty and the browser stores nothing', async () => {
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    const { status, text } = await alice.post(`/tenants/${tenantId}/credentials`, { assertion: 'MARKER-of-a-paste' });
    expect(status).toBe(422);
    expect(text).not.toContain('MARKER');
    const [box = ''] = /<textarea[^>]*>[^<]*<\/textarea>/.exec(text) ?? [];
    expect(box).toMatch(/autocomplete="off"/);
    expect(box).toMatch(/spellcheck="false"/);
    expect(box).toMatch(/><\/textarea>$/);
    expect(text).not.toMatch(/onpaste|localStorage|sessionStorage| on[a-z]+="/);
  });

  it('SEC-12: cookies are HttpOnly and SameSite, for this host and path only, without Secure', async () => {
    const asked = await test.visitor().get('/sign-in');
    const cookies = cookiesOf(asked);
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^sid=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('SEC-14: HSTS is not sent without https', async () => {
    expect((await test.visitor().get('/sign-in')).headers).not.toHaveProperty('strict-transport-security');
  });

  it('SEC-40, SEC-55: pages take GET, HEAD and POST; anything else is 405 on every route', async () => {
    const paths = [...routesOf(test.portal.mounts).map(({ path }) => path.replace(':tenantId', tenantId)), '/', '/x'];
    for (const path of new Set(paths))
      for (const method of ['put', 'delete', 'options'] as const) {
        const answer = await alice.send(method, path);
        expect({ path, method, status: answer.status }).toEqual({ path, method, status: 405 });
        expect(answer.headers.allow).toBe('GET, HEAD, POST');
      }
  });

  it('SEC-55: TRACE does not send a request back', async () => {
    const answer = await request(test.url).trace('/sign-in').set('X-Marker', 'MARKER');
    expect(answer.status).toBe(405);
    expect(answer.text).not.toContain('MARKER');
  });

  it('SEC-40: health endpoints answer 405 to every method but GET and HEAD', async () => {
    for (const path of ['/healthz', '/readyz']) {
      for (const method of ['options', 'post', 'put', 'delete', 'trace'] as const) {
        const { status, headers } = await request(test.url)[method](path);
        expect({ path, method, status, allow: headers.allow }).toEqual({
          path,
          method,
          status: 405,
          allow: 'GET, HEAD',
        });
      }
      expect((await request(test.url).head(path)).status).toBe(200);
    }
  });

  it('SEC-55: health endpoints return one word and nothing else', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await test.visitor().get(path);
      const { status, text, headers } = answer;
      expect({ path, status, text }).toEqual({ path, status: 200, text: 'ok' });
      expect(headers['set-cookie']).toBeUndefined();
      expectSafeHeaders(path, answer);
    }
  });
});

describe('behind TLS', () => {
  it('SEC-12, SEC-14, SEC-55: cookies are __Host- and Secure, and HSTS lasts a year', async () => {
    const test = await TestPortal.start({ env: { PUBLIC_URL: 'https://portal.example' } });
    try {
      const asked = await test.visitor().get('/sign-in');
      const called = await test.visitor().get('/api/v1/tenants');
      for (const { headers } of [asked, called])
        expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
      const created = await test.portal.services.tenants.create(
        { name: 'North', externalRef: 'n' },
        { kind: 'command_line' },
      );
      if (!created.ok) throw new Error('no tenant');
      const email = 'ann@clinic.example';
      const invited = await test.portal.services.invitations.invite({
        tenantId: created.tenant.id,
        email,
        invitedBy: null,
      });
      if (!invited.ok) throw new Error(invited.problem);
      const { pathname } = new URL(invited.url);
      const form = await request(test.url).get(pathname);
      const [cookie = ''] = cookiesOf(form);
      const accepted = await request(test.url)
        .post(pathname)
        .set('Cookie', cookie.split(';')[0] ?? '')
        .type('form')
        .send({
          _csrf: /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1],
          name: 'Ann',
          password: 'correct-zebra-lantern-42',
        });
      expect(accepted.status).toBe(303);
      const cookies = [...cookiesOf(asked), ...cookiesOf(form), ...cookiesOf(accepted)];
      const names = new Set(cookies.map((line) => line.split('=')[0]));
      expect(names).toEqual(new Set(['__Host-sid', '__Host-device']));
      for (const line of cookies) {
        expect(line).toMatch(/; Path=\/(;|$)/);
        expect(line).toMatch(/; HttpOnly(;|$)/);
        expect(line).toMatch(/; Secure(;|$)/);
        expect(line).toMatch(/; SameSite=Lax(;|$)/);
        expect(line).not.toMatch(/Domain=/i);
      }
    } finally {
      await test.close();
    }
  });
});

describe('SEC-55: /readyz reports that this process must not get requests', () => {
  it('is 503 and one word while a key is missing, the database is outdated or the database is gone; /healthz stays 200', async () => {
    const test = await TestPortal.start();
    try {
      const status = async () => {
        const { status: code, text } = await test.visitor().get('/readyz');
        return `${code} ${text}`;
      };
      expect(await status()).toBe('200 ok');
      const tenantId = await test.addTenant('North Clinic');
      const secret = { owner_table: 'credentials', tenant_id: tenantId, row_id: 'x', purpose: 'assertion', jwe: '{}' };
      await test.db('sealed_secrets').insert({ ...secret, kid: 'a-key-that-is-gone', created_at: 'now' });
      expect(await status()).toBe('503 unavailable');
      await test.db('sealed_secrets').delete();
      expect(await status()).toBe('200 ok');
      const newest = readdirSync(migrationsFolder)
        .filter((file) => file.endsWith('.cjs'))
        .sort()
        .pop();
      await test.db('knex_migrations').where({ name: newest }).delete();
      expect(await status()).toBe('503 unavailable');
      await test.db.destroy();
      expect(await status()).toBe('503 unavailable');
      expect((await test.visitor().get('/healthz')).status).toBe(200);
    } finally {
      await test.close();
    }
  });
});
