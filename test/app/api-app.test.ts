import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import { apiApp } from '../../src/app/api-app.js';
import type { ApiRequest } from '../../src/app/capability.js';
import { Problem } from '../../src/app/problem.js';
import { createLogger } from '../../src/platform/log.js';
import { TestPortal } from '../support/portal.js';

const now = new Date('2026-11-29T10:00:00.000Z');
/** What the calls of the test fail with. */
const failures: Record<string, Error> = {
  broken: new Error('secret'),
  disconnected: new Problem(409, {
    cause: 'credential_expired',
    fixOwner: 'tenant',
    since: new Date('2026-11-28T09:00:00.000Z'),
    reconnectUrl: 'https://latchkey.example/tenants/1/credentials/new',
    retryable: false,
  }),
  soon: new Problem(503, { cause: 'rate_limited', retryAt: new Date('2026-11-29T10:00:00.001Z') }),
  later: new Problem(503, { retryAt: new Date('2026-11-29T10:00:41.200Z') }),
  whenever: new Problem(503),
};

/** A call that shows what its handler was given. */
const echo = {
  method: 'post' as const,
  path: '/tenants/{tenant}/echo',
  scope: 'things:write',
  summary: 'Echo',
  query: z.strictObject({ page: z.string().optional() }),
  request: z.strictObject({ size: z.number().optional(), names: z.array(z.string()).optional() }),
  response: z.strictObject({ tenant: z.string(), query: z.unknown(), body: z.unknown() }),
  handler: ({ params, query, body }: ApiRequest) => Promise.resolve({ body: { tenant: params.tenant, query, body } }),
};

const keys: Record<string, string[] | null> = { good: null, north: ['north-id'] };
const tenants: Record<string, string> = {
  'north-id': 'north-id',
  'south-id': 'south-id',
  'ref:N/1': 'north-id',
  'ref:south': 'south-id',
};

const app = express()
  .use((_req, res, next) => {
    res.locals.requestId = '00000000-0000-4000-8000-000000000001';
    next();
  })
  .use(
    apiApp({
      log: createLogger('silent'),
      publicUrl: 'https://latchkey.example',
      document: { openapi: '3.1.0' },
      limits: { tokens: 2, reads: 1000, writes: 1000 },
      noteRefusal: () => undefined,
      now: () => now,
      tenantIdOf: (named) => Promise.resolve(tenants[named]),
      authenticate: (key) => {
        const tenantIds = keys[key];
        const caller = { keyId: 'k', name: 'Things', purpose: 'things', scopes: ['things:write'] };
        return Promise.resolve(tenantIds === undefined ? null : { ...caller, tenantIds });
      },
      routes: [
        {
          method: 'put',
          path: '/things/{thing}',
          scope: 'things:write',
          summary: 'Set a thing',
          request: z.strictObject({ size: z.number() }),
          response: z.object({ thing: z.string() }),
          responseStatus: 201,
          handler: ({ params }) =>
            Promise.resolve({ headers: { Location: '/things/1' }, body: { thing: params.thing, secret: 'x' } }),
        },
        echo,
        { ...echo, method: 'get', request: z.strictObject({}) },
        {
          method: 'delete',
          path: '/things/{thing}',
          scope: 'things:write',
          summary: 'Delete a thing',
          responseStatus: 204,
          handler: () => Promise.resolve({}),
        },
        {
          method: 'get',
          path: '/wrong',
          scope: 'things:write',
          summary: 'Answer wrongly',
          response: z.strictObject({ thing: z.string() }),
          handler: () => Promise.resolve({ body: { thing: 'x', secret: 'y' } }),
        },
        {
          method: 'get',
          path: '/failures/{name}',
          scope: 'things:write',
          summary: 'Fail',
          handler: ({ params }) => Promise.reject(failures[params.name ?? ''] ?? new Problem(404)),
        },
        {
          method: 'get',
          path: '/others',
          scope: 'others:read',
          summary: 'Get others',
          handler: () => Promise.resolve({}),
        },
      ],
    }),
  );
const call = (method: 'get' | 'head' | 'put' | 'post' | 'patch' | 'delete' | 'trace', path: string, key = 'good') =>
  request(app)[method](path).set('Authorization', `Bearer ${key}`);
const post = (body: string, type = 'application/json') =>
  call('post', '/api/v1/tenants/north-id/echo').set('Content-Type', type).send(body);

type Body = { cause: string; errors?: unknown };

function expectProblem(answer: request.Response, status: number, cause?: string): Body {
  const { headers, text } = answer;
  expect({ status: answer.status, type: headers['content-type'] }).toEqual({
    status,
    type: expect.stringMatching(/^application\/problem\+json/) as string,
  });
  const body = JSON.parse(text) as Body;
  expect(body).toMatchObject({
    status,
    type: `https://latchkey.example/docs/errors/${body.cause}`,
    instance: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    ...(cause === undefined ? {} : { cause }),
  });
  expect(headers).not.toHaveProperty('set-cookie');
  expect(answer.status === 201 || !('location' in headers)).toBe(true);
  return body;
}

describe('the API answers errors as problem+json, with no HTML, no cookie and no redirect', () => {
  it('401 with WWW-Authenticate and one body, for every path, whatever is wrong with the key', async () => {
    const bodies = new Set<string>();
    for (const path of ['/api/v1', '/api/v1/things/1', '/api/v1/tenants/north-id/echo', '/api/v1/nothing', '/api/v1/%'])
      for (const header of [undefined, 'Bearer bad', 'Basic good', 'Bearer', 'Bearer good good']) {
        const asked = request(app).get(path);
        const answer = await (header === undefined ? asked : asked.set('Authorization', header));
        expectProblem(answer, 401, 'key_refused');
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        bodies.add(answer.text);
      }
    expect(bodies.size).toBe(1);
  });

  it('404 for a path that is none', async () => {
    expectProblem(await call('get', '/api/v1/nothing'), 404, 'not_found');
    expectProblem(await call('get', '/api/v1'), 404, 'not_found');
    expectProblem(await call('get', '/api/v1/things/%'), 404, 'not_found');
  });

  it('405 with the methods of the path', async () => {
    for (const method of ['get', 'post', 'trace'] as const) {
      const answer = await call(method, '/api/v1/things/1');
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.allow).toBe('PUT, DELETE');
    }
    const other = await call('post', '/api/v1/failures/broken');
    expect(other.headers.allow).toBe('GET, HEAD');
  });

  it('403 where the key lacks the scope, 500 that says nothing of the error', async () => {
    expectProblem(await call('get', '/api/v1/others'), 403, 'scope_not_granted');
    const broken = await call('get', '/api/v1/failures/broken');
    expectProblem(broken, 500, 'internal_error');
    expect(broken.text).not.toContain('secret');
  });

  it('what the handler says of the failure is in the body, and nothing else', async () => {
    const answer = await call('get', '/api/v1/failures/disconnected');
    expect({ status: answer.status, body: JSON.parse(answer.text) as unknown }).toEqual({
      status: 409,
      body: {
        type: 'https://latchkey.example/docs/errors/credential_expired',
        title: 'Conflict',
        status: 409,
        instance: 'urn:uuid:00000000-0000-4000-8000-000000000001',
        cause: 'credential_expired',
        fix_owner: 'tenant',
        since: '2026-11-28T09:00:00.000Z',
        reconnect_url: 'https://latchkey.example/tenants/1/credentials/new',
        retryable: false,
      },
    });
  });

  it.each([
    ['soon', 'rate_limited', '1', '2026-11-29T10:00:00.001Z'],
    ['later', 'unavailable', '42', '2026-11-29T10:00:41.200Z'],
    ['whenever', 'unavailable', '10', '2026-11-29T10:00:10.000Z'],
  ])('Retry-After is rounded up and at least 1: %s', async (name, cause, retryAfter, retryAt) => {
    const answer = await call('get', `/api/v1/failures/${name}`);
    expect(expectProblem(answer, 503, cause)).toMatchObject({ retryable: true, retry_at: retryAt });
    expect(answer.headers['retry-after']).toBe(retryAfter);
  });
});

describe('SEC-22: what a call may send', () => {
  it.each([
    ['cut', '{"size":'],
    ['with more behind it', '{"size":1}}'],
    ['with other quotes', "{'size':1}"],
    ['of a control character', '\u0000'],
    ['deep and cut', '['.repeat(60_000)],
  ])('400 for a body that is no JSON: %s', async (_name, body) => {
    expectProblem(await post(body), 400, 'invalid_json');
  });

  it('400 for a body that is no UTF-8', async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]); // {"?":1}
    const answer = await call('post', '/api/v1/tenants/north-id/echo')
      .set('Content-Type', 'application/json')
      .serialize((it: unknown) => it as string)
      .send(bytes);
    expectProblem(answer, 400, 'invalid_json');
  });

  it.each([
    ['a number', '7', ''],
    ['null', 'null', ''],
    ['a text', '"size"', ''],
    ['a list', '[]', ''],
    ['30,000 lists in each other', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, ''],
    ['a member that is a text', '{"size":"1"}', '/size'],
    ['an item that is a number', '{"names":["x",2]}', '/names/1'],
    ['5,000 objects in each other', `{"size":${'{"size":'.repeat(5000)}1${'}'.repeat(5000)}}`, '/size'],
  ])('422 for JSON of the wrong type, and where: %s', async (_name, body, pointer) => {
    expect(expectProblem(await post(body), 422, 'invalid_body').errors).toEqual([{ pointer, code: 'invalid_type' }]);
  });

  it.each(['{"size":1,"more":2}', '{"__proto__":{"size":1}}', '{"constructor":1}'])(
    '422 for an unknown member, without repeating it: %s',
    async (body) => {
      const answer = await post(body);
      expect(expectProblem(answer, 422, 'invalid_body').errors).toEqual([{ pointer: '', code: 'unknown_member' }]);
    },
  );

  it.each([
    '{"size":1,"size":2}',
    '{"size":1,"\\u0073ize":1}',
    '{"names":[{"a":1,"a":{}}]}',
    '{"size":1,"names":[],"size":1}',
  ])('422 for two members of one name: %s', async (body) => {
    const answer = await post(body);
    expect(expectProblem(answer, 422, 'invalid_body').errors).toEqual([{ pointer: '', code: 'duplicate_member' }]);
  });

  it('a name may repeat in other objects, and as a value', async () => {
    const answer = await post('{"names":["names","{\\"names\\":1}"],"size":1}');
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 200,
      body: { tenant: 'north-id', query: {}, body: { names: ['names', '{"names":1}'], size: 1 } },
    });
  });

  it('415 where the body is of another type, character set or encoding, 413 above 64 KiB', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/html', 'application/json; charset=iso-8859-1'])
      expectProblem(await post('{}', type), 415, 'unsupported_media_type');
    const compressed = call('put', '/api/v1/things/1').set('Content-Type', 'application/json');
    expectProblem(await compressed.set('Content-Encoding', 'gzip').send('{}'), 415, 'unsupported_media_type');
    expectProblem(await post(JSON.stringify({ names: ['A'.repeat(65_536)] })), 413, 'content_too_large');
    expect((await post('{}', 'application/json; charset="UTF-8"')).status).toBe(200);
  });

  it('no body counts as an empty object, and a call without members refuses any', async () => {
    const answer = await call('post', '/api/v1/tenants/north-id/echo');
    expect(answer.body).toEqual({ tenant: 'north-id', query: {}, body: {} });
    expectProblem(await call('delete', '/api/v1/things/1').send({ size: 1 }), 422, 'invalid_body');
    expectProblem(await call('get', '/api/v1/tenants/north-id/echo').send({ size: 1 }), 400, 'bad_request');
  });

  it.each(['?page=1&page=2', '?other=1', '?page[0]=1', '?__proto__=1'])(
    '400 for a parameter that is unknown or sent twice: %s',
    async (query) => {
      expectProblem(await call('get', `/api/v1/tenants/north-id/echo${query}`), 400, 'invalid_query');
      expectProblem(await call('get', '/api/v1/failures/broken?page=1'), 400, 'invalid_query');
    },
  );
});

describe('{tenant} in a path', () => {
  it.each(['north-id', 'ref:N%2F1'])('names a tenant by its id or by the ISV’s reference: %s', async (named) => {
    const answer = await call('get', `/api/v1/tenants/${named}/echo?page=2`, 'north');
    expect(answer.body).toEqual({ tenant: 'north-id', query: { page: '2' }, body: {} });
  });

  it('SEC-18: answers for a tenant that the key is not for like for one that does not exist, byte for byte', async () => {
    const answers = new Set<string>();
    for (const named of ['south-id', 'ref:south', 'absent', 'ref:absent', 'ref:', 'constructor'])
      for (const method of ['get', 'head', 'post'] as const) {
        const { status, headers, text } = await call(method, `/api/v1/tenants/${named}/echo`, 'north');
        const { date, connection, ...others } = headers as Record<string, string>;
        expect({ named, status, dated: [date, connection].length }).toEqual({ named, status: 404, dated: 2 });
        answers.add(JSON.stringify({ others, text: method === 'head' ? '' : text, isHead: method === 'head' }));
      }
    expect(answers.size).toBe(2); // one with a body, one without
    expectProblem(await call('get', '/api/v1/tenants/absent/echo', 'good'), 404, 'not_found');
    expect((await call('get', '/api/v1/tenants/south-id/echo', 'good')).status).toBe(200);
  });

  it('is looked at before the body and the query', async () => {
    expectProblem(await call('post', '/api/v1/tenants/south-id/echo?x=1', 'north').send({ more: 1 }), 404);
  });
});

describe('an answer', () => {
  it('holds what its schema names, and no more, with the status and the headers of the call', async () => {
    const { status, body, headers } = await call('put', '/api/v1/things/1').send({ size: 1 });
    expect({ status, body: body as unknown, location: headers.location }).toEqual({
      status: 201,
      body: { thing: '1' },
      location: '/things/1',
    });
    expect((await call('delete', '/api/v1/things/1')).status).toBe(204);
  });

  it('that does not match its schema is a 500', async () => {
    expectProblem(await call('get', '/api/v1/wrong'), 500, 'internal_error');
  });

  it('to HEAD is that of GET without its body', async () => {
    const get = await call('get', '/api/v1/tenants/north-id/echo');
    const head = await call('head', '/api/v1/tenants/north-id/echo');
    expect({ status: head.status, length: head.headers['content-length'], text: head.text }).toEqual({
      status: 200,
      length: get.headers['content-length'],
      text: undefined,
    });
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
