import request from 'supertest';
import type { Authenticate } from '../../src/app/api-app.js';
import { TestPortal, type TestPortalOptions } from '../support/portal.js';

/** `all.NAME` is a key for every tenant, `only.ID` for one, `poor.NAME` has no scope, `busy` and `broken` fail. */
const authenticate: Authenticate = (key) => {
  const [kind, id = ''] = key.split('.');
  const scopes = ['tenants:read', 'tenants:write', 'tenants:offboard', 'tokens:issue'];
  const caller = { keyId: key, name: 'Jobs', purpose: 'jobs', scopes };
  if (kind === 'busy') return Promise.reject(Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' }));
  if (kind === 'broken') return Promise.reject(new Error('broken'));
  if (kind === 'all') return Promise.resolve({ ...caller, tenantIds: null });
  if (kind === 'only') return Promise.resolve({ ...caller, tenantIds: [id] });
  return Promise.resolve(kind === 'poor' ? { ...caller, scopes: [], tenantIds: null } : null);
};

export type Sent = { body?: object; key?: string; headers?: Record<string, string>; raw?: string; query?: string };
export type Said = { status: number; headers: Record<string, string>; body: Record<string, unknown> };

/** A portal whose API is called, and every status that each of its calls has answered. */
export async function anApi(options: TestPortalOptions = {}) {
  const test = await TestPortal.start({ authenticate, ...options });
  const seen = new Map<string, Set<number>>();

  /** @param route as `get /tenants/{tenant}` */
  async function call(
    route: string,
    tenant: string,
    { body, raw, key = 'all.jobs', headers = {}, query = '' }: Sent = {},
  ) {
    const [method, path] = route.split(' ') as ['get' | 'post' | 'put' | 'patch' | 'delete', string];
    const url = `/api/v1${path.replace('{tenant}', tenant)}${query}`;
    const asked = request(test.portal.app)
      [method](url)
      .set(key === '' ? {} : { Authorization: `Bearer ${key}` });
    const text = raw ?? (body && JSON.stringify(body));
    if (text !== undefined) void asked.set('Content-Type', 'application/json');
    const answer = await asked.set(headers).send(text);
    seen.set(route, (seen.get(route) ?? new Set()).add(answer.status));
    const said = (answer.text === '' ? {} : JSON.parse(answer.text)) as Record<string, unknown>;
    return { status: answer.status, headers: answer.headers as Record<string, string>, body: said } satisfies Said;
  }
  return { test, call, seen };
}

export type TestApi = Awaited<ReturnType<typeof anApi>>;
