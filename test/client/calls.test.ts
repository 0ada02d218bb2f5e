import { latchkeyClient, LatchkeyError, TryLaterError, type TenantChange } from '../../src/client/client.js';
import { aProblem, aStubPortal, aToken, key, type StubPortal } from './stub-portal.js';

let portal: StubPortal;
beforeEach(async () => {
  portal = await aStubPortal();
});
afterEach(() => portal.close());
const lines = () => portal.seen.map(({ line }) => line);

it('asks for a token as the contract says, and gives the answer under its own names', async () => {
  portal.will({ status: 200, body: aToken() });
  const request = { scope: 'ReadMessages', purpose: 'nightly-faxes', job_id: 'run.1', min_ttl_seconds: 1800 };
  const answer = await portal.client().accessToken('ref:North Clinic/7', request);
  expect(answer).toEqual({ kind: 'token', token: aToken() });
  expect(portal.seen.map(({ line, body }) => ({ line, body }))).toEqual([
    { line: 'POST /api/v1/tenants/ref%3ANorth%20Clinic%2F7/access-token', body: request },
  ]);
});

it('ids that an answer writes as numbers become text with every digit', async () => {
  const text = JSON.stringify(aToken()).replaceAll(/"(\d{19})"/g, '$1');
  portal.will({ status: 200, text });
  expect(await portal.client().accessToken('x')).toEqual({ kind: 'token', token: aToken() });
});

describe('a call that may succeed later', () => {
  const later = (seconds: number, status = 503) =>
    aProblem(status, {
      cause: 'budget',
      retryable: true,
      retry_at: new Date(Date.parse('2026-11-29T10:00:00.000Z') + seconds * 1000).toISOString(),
    });

  it.each([
    ['never before it', 0, 12_000],
    ['with a spread of its own', 0.5, 13_000],
  ])('is repeated at retry_at, %s', async (_name, random, waited) => {
    portal.setRandom(random);
    portal.will(later(12), { status: 200, body: aToken() });
    expect((await portal.client().accessToken('x')).kind).toBe('token');
    expect(portal.waits).toEqual([waited]);
  });

  it.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])(
    'is repeated at retry_at of the clock of the portal, with an own clock that is an hour %s',
    async (_name, ahead) => {
      portal.will(later(12, 429), { status: 200, body: aToken() });
      expect((await portal.client({}, ahead).accessToken('x')).kind).toBe('token');
      expect(portal.waits).toEqual([12_000]);
    },
  );

  it('waits for Retry-After where no retry_at is named, as an answer of a proxy', async () => {
    portal.will({ status: 502, text: '<html>', headers: { 'retry-after': '7' } }, { status: 200, body: aToken() });
    expect((await portal.client().accessToken('x')).kind).toBe('token');
    expect(portal.waits).toEqual([7000]);
  });

  it('that no one answers is repeated after 1, 2 and 4 seconds', async () => {
    portal.will('cut', 'cut', 'cut', { status: 200, body: aToken() });
    expect((await portal.client().accessToken('x')).kind).toBe('token');
    expect(portal.waits).toEqual([1000, 2000, 4000]);
  });

  it('ends with try_later and the time, if that is beyond its patience', async () => {
    portal.will(later(61));
    expect(await portal.client().accessToken('x')).toMatchObject({
      kind: 'try_later',
      at: new Date('2026-11-29T10:01:01.000Z'),
      problem: { cause: 'budget' },
    });
    portal.will(later(5));
    expect((await portal.client().accessToken('x', {}, { maxWaitMs: 0 })).kind).toBe('try_later');
    expect(portal.waits).toEqual([]);
  });

  it('ends with TryLaterError where the answer is no token', async () => {
    portal.will('cut');
    await expect(portal.client({ maxWaitMs: 0 }).tenant('x')).rejects.toThrow(TryLaterError);
  });
});

describe('a tenant that cannot have a token', () => {
  it('without a working credential needs a connection', async () => {
    const problem = { cause: 'not_connected', fix_owner: 'tenant', reconnect_url: 'https://portal.isv.example/x' };
    portal.will(aProblem(409, problem));
    expect(await portal.client().accessToken('x')).toMatchObject({ kind: 'connect_needed', problem });
  });

  it.each([
    ['credential_rejected', 'tenant'],
    ['scope_missing', 'isv'],
    ['account_restricted', 'ringcentral'],
  ])('with the cause %s needs a fix by %s', async (cause, by) => {
    portal.will(aProblem(409, { cause, fix_owner: by, since: '2026-11-28T09:00:00.000Z' }));
    const answer = await portal.client().accessToken('x');
    expect(answer).toMatchObject({ kind: 'fix_needed', by, problem: { since: '2026-11-28T09:00:00.000Z' } });
    expect(portal.seen).toHaveLength(1);
  });
});

describe('a call that is refused', () => {
  it.each([400, 401, 403, 404, 413, 422])('with %s is not repeated, and no secret is in the error', async (status) => {
    portal.will(aProblem(status, { cause: 'x' }));
    const error: unknown = await portal
      .client()
      .accessToken('x')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error).toMatchObject({ status, problem: { status, cause: 'x' } });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(key);
    expect(portal.seen).toHaveLength(1);
  });

  it('by something in between is an error with its status', async () => {
    portal.will({ status: 404, text: '<html>no such host</html>' });
    await expect(portal.client().tenant('x')).rejects.toMatchObject({
      status: 404,
      problem: { instance: '' },
      message: 'the portal answered 404 an answer that is not the portal’s',
    });
  });
});

describe('lists', () => {
  const tenant = (id: string) => ({ id, external_ref: id, name: id });

  it('of tenants are read page by page, with the filter on each page', async () => {
    portal.will(
      { status: 200, body: { tenants: [tenant('a'), tenant('b')], next_cursor: 'c+1' } },
      { status: 200, body: { tenants: [tenant('c')], next_cursor: null } },
    );
    const ids: string[] = [];
    for await (const { id } of portal.client().tenants({ state: 'failing', limit: 2 })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(lines()).toEqual([
      'GET /api/v1/tenants?state=failing&limit=2',
      'GET /api/v1/tenants?state=failing&limit=2&cursor=c%2B1',
    ]);
  });

  it('of tenants are read no further than the caller goes', async () => {
    portal.will({ status: 200, body: { tenants: [tenant('a'), tenant('b')], next_cursor: 'c' } });
    for await (const { id } of portal.client().tenants()) if (id === 'b') break;
    expect(portal.seen).toHaveLength(1);
  });

  it('of preflight give each tenant with its verdict', async () => {
    const page = { by: '2026-11-30T02:00:00.000Z', estimated_minutes: 3, go: [], no_go: [], unknown: [] };
    portal.will(
      {
        status: 200,
        body: { ...page, go: [{ tenant: 'a' }], no_go: [{ tenant: 'b', cause: 'owner_inactive' }], next_cursor: 'n' },
      },
      { status: 200, body: { ...page, unknown: [{ tenant: 'c', reason: 'never_checked' }], next_cursor: null } },
    );
    const entries: unknown[] = [];
    for await (const entry of portal.client().preflight(new Date('2026-11-30T02:00:00Z'))) entries.push(entry);
    expect(entries).toEqual([
      { verdict: 'no_go', tenant: 'b', cause: 'owner_inactive' },
      { verdict: 'go', tenant: 'a' },
      { verdict: 'unknown', tenant: 'c', reason: 'never_checked' },
    ]);
    expect(lines()).toEqual([
      'GET /api/v1/preflight?by=2026-11-30T02%3A00%3A00.000Z',
      'GET /api/v1/preflight?by=2026-11-30T02%3A00%3A00.000Z&cursor=n',
    ]);
  });
});

describe('writes', () => {
  it('a new tenant is sent with one idempotency key however often it is sent', async () => {
    portal.will('cut', { status: 201, body: { id: 'a' } });
    await portal.client().createTenant({ name: 'North Clinic', external_ref: 'n' });
    expect(portal.seen.map(({ line, headers }) => [line, headers['idempotency-key']])).toEqual([
      ['POST /api/v1/tenants', 'id-0'],
      ['POST /api/v1/tenants', 'id-0'],
    ]);
  });

  it('an invitation whose answer was lost is not sent again', async () => {
    portal.will('cut');
    const invited = portal.client().invite('x', { email: 'alice@north.example', deliver: 'caller' });
    await expect(invited).rejects.toThrow(TryLaterError);
    expect(portal.seen).toHaveLength(1);
  });

  it('a change of a tenant has no environment, because the portal refuses one', () => {
    // @ts-expect-error the type has no such member
    const change: TenantChange = { environment: 'biz' };
    expect(Object.keys(change)).toEqual(['environment']);
  });

  it('changes, checks, invitations and preflight are sent as the contract says', async () => {
    portal.will(
      { status: 200, body: {} },
      { status: 202, headers: { location: '/x' } },
      { status: 201, body: { expires_at: '2026-12-06T10:00:00.000Z' } },
      { status: 202 },
    );
    const client = portal.client();
    const change: TenantChange = { name: 'South Clinic', fax_extensions: ['3234567890123456789'] };
    await client.changeTenant('x', change);
    await client.check('x');
    await client.invite('x', { email: 'alice@north.example', deliver: 'email' });
    await client.startPreflight(new Date('2026-11-30T02:00:00Z'));
    expect(portal.seen.map(({ line, body }) => [line, body])).toEqual([
      ['PATCH /api/v1/tenants/x', change],
      ['POST /api/v1/tenants/x/connection/checks', ''],
      ['POST /api/v1/tenants/x/invitations', { email: 'alice@north.example', deliver: 'email' }],
      ['POST /api/v1/preflight', { by: '2026-11-30T02:00:00.000Z' }],
    ]);
  });
});

it.each([
  ['http://portal.isv.example', key],
  ['https://portal.isv.example/path', key],
  ['https://user@portal.isv.example', key],
  ['portal.isv.example', key],
  ['https://portal.isv.example', 'a key\nX-Header: x'],
  ['https://portal.isv.example', ''],
])('the address %s with the key %j is refused at once, without repeating either', (url, apiKey) => {
  expect(() => latchkeyClient({ url, apiKey })).toThrow(TypeError);
  expect(() => latchkeyClient({ url, apiKey })).not.toThrow(/a key|user@/);
});
