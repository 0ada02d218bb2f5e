// Also on PostgreSQL: the order and the pages of clinics.
import type { Authenticate } from '../../src/app/api-app.js';
import { TestPortal } from '../support/portal.js';
import { addManyTenants, healthyOnly, type Life } from '../support/many-tenants.js';
import type { Answer } from '../support/visits/visitor.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const lifeOf = (agoMs: number, more: Life['events'] = []): Life => ({
  share: 1,
  credential: 'active',
  events: [
    [{ kind: 'submitted', keptUntil: '' }, 90 * DAY],
    [{ kind: 'pending_judged', verdict: { kind: 'accepted', warnings: [] }, kept: false }, 90 * DAY],
    [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: [] }, confirmMs: 0 }, agoMs],
    ...more,
  ],
});
const stale = lifeOf(37 * HOUR);
const failing = lifeOf(30 * HOUR, [
  [{ kind: 'serving_checked', verdict: { kind: 'refused', cause: 'owner_inactive' }, confirmMs: 0 }, 3 * HOUR],
]);

const ofOne = ['clinic-1000010'];
const key = (scopes: string[], tenantIds: string[] | null) => ({ name: 'Jobs', purpose: 'jobs', scopes, tenantIds });
const keys: Record<string, ReturnType<typeof key>> = {
  all: key(['tokens:issue'], null),
  one: key(['tokens:issue'], ofOne),
  works: key(['tokens:issue'], ['clinic-1000000']),
  fails: key(['tokens:issue'], ['clinic-1000020', 'clinic-1000030']),
  none: key(['tokens:issue'], []),
  reader: key(['tenants:read', 'tenants:write'], null),
};
const authenticate: Authenticate = (text) =>
  Promise.resolve(keys[text] ? { keyId: `id-${text}`, ...keys[text] } : null);

type Page = {
  go: { tenant: string }[];
  no_go: { tenant: string }[];
  unknown: { tenant: string; reason: string }[];
  next_cursor: string | null;
  estimated_minutes: number;
};

describe('preflight by the API', () => {
  let test: TestPortal;
  let by: string;
  beforeAll(async () => {
    test = await TestPortal.start({ env: { ROLES: 'web,api', RINGCENTRAL_AUTH_PER_MINUTE: '5' }, authenticate });
    const now = test.clock();
    by = new Date(now.getTime() + 12 * HOUR).toISOString();
    await addManyTenants(test.db, { count: 1, now, lives: healthyOnly });
    await addManyTenants(test.db, { count: 2, now, lives: [stale], from: 10 });
    await addManyTenants(test.db, { count: 1, now, lives: [failing], from: 20 });
    await addManyTenants(test.db, { count: 1, now, lives: [{ share: 1, events: [] }], from: 30 });
  });
  afterAll(() => test.close());

  const get = (query: Record<string, string>, as = 'all'): Promise<Answer> =>
    test.visitor().call('get', `/api/v1/preflight?${new URLSearchParams(query).toString()}`, { key: as });
  const post = (body: unknown, as = 'all'): Promise<Answer> =>
    test.visitor().call('post', '/api/v1/preflight', { key: as, body: body as object });
  const openRequests = () =>
    test.db('check_requests').whereNull('finished_at').orderBy('tenant_id').select('tenant_id', 'lane', 'due_at');

  it('GET answers to the letter: go, no-go with its cause, unknown with its reason, and queues nothing', async () => {
    const requests = await openRequests();
    const answer = await get({ by });
    const ago = (hours: number) => new Date(Date.parse(by) - (12 + hours) * HOUR).toISOString();
    const at = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      by,
      estimated_minutes: 2,
      go: [{ tenant: 'clinic-1000000', external_ref: 'ehr-1000000', checked_at: ago(1) }],
      no_go: [
        {
          tenant: 'clinic-1000020',
          external_ref: 'ehr-1000020',
          state: 'failing',
          cause: 'owner_inactive',
          fix_owner: 'tenant',
          since: ago(3),
          reconnect_url: `${test.env.PUBLIC_URL ?? ''}/tenants/clinic-1000020/connection`,
        },
        {
          tenant: 'clinic-1000030',
          external_ref: 'ehr-1000030',
          state: 'not_connected',
          cause: 'not_connected', // as the token call says
          fix_owner: 'tenant',
          since: at,
          reconnect_url: `${test.env.PUBLIC_URL ?? ''}/tenants/clinic-1000030/connection`,
        },
      ],
      unknown: [
        { tenant: 'clinic-1000010', external_ref: 'ehr-1000010', checked_at: ago(37), reason: 'evidence_too_old' },
        { tenant: 'clinic-1000011', external_ref: 'ehr-1000011', checked_at: at, reason: 'evidence_too_old' },
      ],
      next_cursor: null,
    });
    expect(await openRequests()).toEqual(requests);
  });

  it('SEC-42: each page that a program reads leaves one audit row; a refused read leaves none', async () => {
    const rows = () => test.db('audit_events').where({ action: 'preflight.read_by_key' }).orderBy('seq').select();
    const before = (await rows()).length;
    await get({ by });
    await get({ by }, 'one');
    await get({ by: 'tonight' });
    const acts = (await rows()).slice(before) as Record<string, unknown>[];
    expect(
      acts.map(({ actor_kind, actor_id, detail }) => [actor_kind, actor_id, JSON.parse(String(detail)) as object]),
    ).toEqual([
      ['api_key', 'id-all', { by, count: 5 }],
      ['api_key', 'id-one', { by, count: 1 }],
    ]);
  });

  it('accepts a time with an offset, and answers it in UTC', async () => {
    const local = by.replace(/T(\d\d)/, (_hour, hours: string) => `T${hours}`).replace('Z', '+00:00');
    expect((await get({ by: local })).body).toMatchObject({ by });
  });

  it('a key for one tenant sees that tenant only, and a key for no tenant none', async () => {
    const one = (await get({ by }, 'one')).body as Page;
    expect(one.unknown.map(({ tenant }) => tenant)).toEqual(ofOne);
    expect([one.go, one.no_go, one.next_cursor]).toEqual([[], [], null]);
    const none = (await get({ by }, 'none')).body as Page;
    expect([none.go, none.no_go, none.unknown, none.next_cursor]).toEqual([[], [], [], null]);
  });

  it('the estimate for a key depends on its own tenants only, however many others work', async () => {
    const minutes = async (as: string) => ((await get({ by }, as)).body as Page).estimated_minutes;
    expect(await Promise.all(['all', 'works', 'fails', 'none'].map(minutes))).toEqual([2, 2, 0, 0]);
  });

  it('POST queues the unknown of the tenants of its key once, and changes nothing else', async () => {
    const before = await openRequests();
    const first = await post({ by }, 'one');
    expect({ status: first.status, text: first.text }).toEqual({ status: 202, text: '' });
    expect(first.headers.location).toBe(`/api/v1/preflight?by=${encodeURIComponent(by)}`);
    const queued = await openRequests();
    expect(queued.filter((row, n) => JSON.stringify(row) !== JSON.stringify(before[n]))).toEqual([
      expect.objectContaining({ tenant_id: ofOne[0], lane: 'urgent' }),
    ]);
    expect((await post({ by }, 'one')).status).toBe(202);
    expect((await post({ by }, 'none')).status).toBe(202);
    expect(await openRequests()).toEqual(queued);
    await post({ by });
    const all = await openRequests();
    expect(all.filter((row) => (row as { lane: string }).lane === 'urgent')).toHaveLength(2);
    await post({ by });
    expect(await openRequests()).toEqual(all);
    const acts = await test.db('audit_events').where({ action: 'preflight.checks_queued' }).orderBy('seq').select();
    expect(
      acts.map((row: { actor_kind: string; actor_id: string; tenant_id: null; detail: string }) => [
        row.actor_kind,
        row.actor_id,
        row.tenant_id,
        (JSON.parse(row.detail) as { queued: number }).queued,
      ]),
    ).toEqual([
      ['api_key', 'id-one', null, 1],
      ['api_key', 'id-one', null, 0],
      ['api_key', 'id-none', null, 0],
      ['api_key', 'id-all', null, 1],
      ['api_key', 'id-all', null, 0],
    ]);
  });

  it.each([
    [{}, 400],
    [{ by: 'tonight' }, 400],
    [{ by: '2026-11-29T20:00:00' }, 400],
    [{ by: '2020-01-01T00:00:00Z' }, 400],
    [{ by: '2099-01-01T00:00:00Z' }, 400],
    [{ by: 'BY', cursor: 'AAAA' }, 400],
    [{ by: 'BY', cursor: '' }, 400],
    [{ by: 'BY', limit: '5' }, 400],
  ])('GET refuses the query %j', async (query: Record<string, string>, status) => {
    const sent = { ...query, ...(query.by === 'BY' ? { by } : {}) };
    expect((await get(sent)).status).toBe(status);
  });

  it.each([
    [{}],
    [{ by: 5 }],
    [{ by: 'tonight' }],
    [{ by: '2020-01-01T00:00:00Z' }],
    [{ by: '2099-01-01T00:00:00Z' }],
    [{ by: 'BY', tenant: 'clinic-1000010' }],
  ])('POST refuses the body %j', async (body: { by?: unknown }) => {
    expect((await post(body.by === 'BY' ? { ...body, by } : body)).status).toBe(422);
  });

  it('needs the scope for tokens, and a good key', async () => {
    expect([(await get({ by }, 'reader')).status, (await post({ by }, 'reader')).status]).toEqual([403, 403]);
    expect([(await get({ by }, 'unknown')).status, (await post({ by }, 'unknown')).status]).toEqual([401, 401]);
  });

  it('has pages of 200 clinics in the order of their ids, each clinic on exactly one', async () => {
    await addManyTenants(test.db, { count: 450, now: test.clock(), lives: [failing, stale], from: 1000 });
    const seen: string[] = [];
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
      const page = (await get({ by, ...(cursor === undefined ? {} : { cursor }) })).body as Page;
      const found = [...page.go, ...page.no_go, ...page.unknown].map(({ tenant }) => tenant).sort();
      expect(found.length).toBeLessThanOrEqual(200);
      expect(found[0]! > (seen.at(-1) ?? '')).toBe(true);
      seen.push(...found);
      cursor = page.next_cursor;
    }
    expect({ pages, seen: new Set(seen).size }).toEqual({ pages: 3, seen: 455 });
  });

  it('says what the budget cannot prove before the run', async () => {
    const [id] = await addManyTenants(test.db, { count: 1, now: test.clock(), lives: [lifeOf(60 * HOUR)], from: 5 });
    const reasonBy = async (ms: number) => {
      const body = (await get({ by: new Date(test.clock().getTime() + ms).toISOString() })).body as Page;
      return body.unknown.find(({ tenant }) => tenant === id)?.reason;
    };
    expect([await reasonBy(30_000), await reasonBy(HOUR)]).toEqual(['budget_too_small', 'evidence_too_old']);
  });
});
