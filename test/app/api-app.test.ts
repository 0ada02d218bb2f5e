import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import { apiApp } from '../../src/app/api-app.js';
import { createLogger } from '../../src/platform/log.js';
import { TestPortal } from '../support/portal.js';

const app = express()
  .use((_req, res, next) => {
    res.locals.requestId = '00000000-0000-4000-8000-000000000001';
    next();
  })
  .use(
    apiApp({
      log: createLogger('silent'),
      authenticate: (key) =>
        Promise.resolve(
          key === 'good' || key === 'north'
            ? {
                keyId: 'k',
                name: 'Things',
                purpose: 'faxes',
                scopes: ['things:write'],
                tenantIds: key === 'north' ? ['north'] : null,
              }
            : null,
        ),
      routes: [
        {
          method: 'put',
          path: '/things/{thing}',
          scope: 'things:write',
          request: z.strictObject({ size: z.number() }),
          response: z.object({ thing: z.string() }),
          handler: ({ params }) => Promise.resolve({ body: { thing: params.thing, secret: 'x' } }),
        },
        {
          method: 'get',
          path: '/tenants/{tenant}/things',
          scope: 'things:write',
          handler: ({ params }) => Promise.resolve({ body: { tenant: params.tenant } }),
        },
        { method: 'get', path: '/broken', scope: 'things:write', handler: () => Promise.reject(new Error('secret')) },
        { method: 'get', path: '/others', scope: 'others:read', handler: () => Promise.resolve({ body: {} }) },
      ],
    }),
  );
const call = (method: 'get' | 'put' | 'post' | 'trace', path: string, key = 'good') =>
  request(app)[method](path).set('Authorization', `Bearer ${key}`);

function expectProblem(answer: request.Response, status: number): void {
  const { headers, text } = answer;
  expect({ status: answer.status, type: headers['content-type'] }).toEqual({
    status,
    type: expect.stringMatching(/^application\/problem\+json/) as string,
  });
  expect(JSON.parse(text)).toMatchObject({ status, instance: 'urn:uuid:00000000-0000-4000-8000-000000000001' });
  expect(headers).not.toHaveProperty('set-cookie');
  expect(headers).not.toHaveProperty('location');
}

describe('the API answers errors as problem+json, with no HTML, no cookie and no redirect', () => {
  it('401 with WWW-Authenticate and one body, for every path, whatever is wrong with the key', async () => {
    const bodies = new Set<string>();
    for (const path of ['/api/v1', '/api/v1/things/1', '/api/v1/nothing', '/api/v1/%'])
      for (const header of [undefined, 'Bearer bad', 'Basic good', 'Bearer', 'Bearer good good']) {
        const asked = request(app).get(path);
        const answer = await (header === undefined ? asked : asked.set('Authorization', header));
        expectProblem(answer, 401);
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        bodies.add(answer.text);
      }
    expect(bodies.size).toBe(1);
  });

  it('404 for a path that is none', async () => {
    expectProblem(await call('get', '/api/v1/nothing'), 404);
    expectProblem(await call('get', '/api/v1'), 404);
  });

  it('405 with the methods of the path', async () => {
    for (const method of ['get', 'post', 'trace'] as const) {
      const answer = await call(method, '/api/v1/things/1');
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe('PUT');
    }
    const other = await call('post', '/api/v1/broken');
    expect(other.headers.allow).toBe('GET, HEAD');
  });

  it('400 where the body is no JSON object, 415 where it is of another type, 413 above 64 KiB, 422 where a field is wrong', async () => {
    const put = (type: string, body: string) => call('put', '/api/v1/things/1').set('Content-Type', type).send(body);
    expectProblem(await put('application/json', '{"size":'), 400);
    expectProblem(await put('application/json', '7'), 400);
    expectProblem(await put('application/x-www-form-urlencoded', 'size=1'), 415);
    expectProblem(await put('text/html', '{}'), 415);
    expectProblem(await put('application/json', '{}').set('Content-Encoding', 'gzip'), 415);
    expectProblem(await put('application/json; charset=iso-8859-1', '{}'), 415);
    expectProblem(await put('application/json', JSON.stringify({ size: 'A'.repeat(65_536) })), 413);
    expectProblem(await put('application/json', '{"size":"1"}'), 422);
    expectProblem(await put('application/json', '{"size":1,"more":2}'), 422);
  });

  it('403 where the key lacks the scope, 500 that says nothing of the error', async () => {
    expectProblem(await call('get', '/api/v1/others'), 403);
    const broken = await call('get', '/api/v1/broken');
    expectProblem(broken, 500);
    expect(broken.text).not.toContain('secret');
  });

  it('404 for a tenant that is not the one of the key, whatever the handler does', async () => {
    expectProblem(await call('get', '/api/v1/tenants/south/things', 'north'), 404);
    const own = await call('get', '/api/v1/tenants/north/things', 'north');
    expect(own.body).toEqual({ tenant: 'north' });
    const ofAll = await call('get', '/api/v1/tenants/south/things');
    expect(ofAll.body).toEqual({ tenant: 'south' });
  });

  it('an answer holds what its schema names, and no more', async () => {
    const answer = await call('put', '/api/v1/things/1').send({ size: 1 });
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({ status: 200, body: { thing: '1' } });
  });
});

it('in the portal every call of /api/v1 is 401 without a session, a cookie or a page, even from a signed-in person', async () => {
  const test = await TestPortal.start();
  try {
    const tenantId = await test.addTenant('North Clinic');
    const alice = await test.member(tenantId);
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const { status, headers } = await alice.call(method, `/api/v1/tenants/${tenantId}`, { key: 'lky_unknown' });
      expect({ method, status, type: headers['content-type'], auth: headers['www-authenticate'] }).toEqual({
        method,
        status: 401,
        type: expect.stringMatching(/^application\/problem\+json/) as string,
        auth: 'Bearer',
      });
      expect(headers['cache-control']).toBe('no-store');
      expect(headers).not.toHaveProperty('set-cookie');
    }
  } finally {
    await test.close();
  }
});

it.each(['web', 'worker'])('a process with the role %s only answers /api/v1 with 401, too', async (role) => {
  const test = await TestPortal.start({ env: { ROLES: role } });
  try {
    const { status, headers } = await request(test.portal.app).get('/api/v1/tenants');
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 401,
      type: expect.stringMatching(/^application\/problem\+json/) as string,
    });
  } finally {
    await test.close();
  }
});
