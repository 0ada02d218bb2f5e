import { eventually } from '../support/eventually.js';
import { againstAuditPolicy } from '../security/support/audit-policy.js';
import { anApi, type TestApi } from './support.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';
const MINUTE_MS = 60_000;

let api: TestApi;
let north: string;
let south: string;
beforeEach(async () => {
  api = await anApi({ env: { API_READS_PER_MINUTE: '12', API_TOKEN_CALLS_PER_MINUTE: '1' } });
  north = await api.test.addTenant('North Clinic');
  south = await api.test.addTenant('South Clinic');
});
afterEach(() => api.test.close());

type Row = { actor_kind: string; actor_id: string; tenant_id: string | null; target: string | null; ip: string };
type Kept = Row & { outcome: string; request_id: string; detail: string };

/** The rows of one action, oldest first, as soon as there are so many: the answer does not wait for its row. */
async function rowsOf(action: string, count: number) {
  const found = () => api.test.db('audit_events').where({ action }).orderBy('seq') as Promise<Kept[]>;
  await eventually(`${count} rows of ${action}`, async () => (await found()).length >= count);
  return (await found()).map(({ detail, ...row }) => ({
    ...row,
    detail: JSON.parse(detail) as Record<string, unknown>,
  }));
}

const connection = 'get /tenants/{tenant}/connection';
const denied = (tenant: string) => api.call(connection, tenant, { key: `only.${north}` });
const common = (key: string) => ({ actor_kind: 'api_key', actor_id: key, outcome: 'refused' });

describe('SEC-62: a call that the API refuses to a key leaves an audit row with key, route and address', () => {
  it('for another clinic, which the row names; for an absent one, without what was typed', async () => {
    const answer = await denied(south);
    const named = await denied('ref:ref-south-clinic');
    await denied(ABSENT);
    await denied('ref:absent');
    expect([answer.status, named.status]).toEqual([404, 404]);
    const rows = await rowsOf('access.denied', 4);
    const detail = { route: 'GET /api/v1/tenants/:tenant/connection' };
    const row = { ...common(`only.${north}`), ip: expect.stringMatching(/127\.0\.0\.1$/) as string, detail };
    expect(rows).toMatchObject([
      { ...row, tenant_id: south, target: south, request_id: answer.headers['x-request-id'] },
      { ...row, tenant_id: south, target: south },
      { ...row, tenant_id: null, target: null },
      { ...row, tenant_id: null, target: null },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/absent|ref-south/);
    expect(await againstAuditPolicy(api.test.db)).toEqual([]);
  });

  it('for a scope that it does not have, and for a right that only a key for every clinic has', async () => {
    expect((await api.call(connection, north, { key: 'poor.key' })).status).toBe(403);
    const body = { external_ref: 'other' };
    expect((await api.call('patch /tenants/{tenant}', north, { key: `only.${north}`, body })).status).toBe(403);
    expect(await rowsOf('access.denied', 2)).toMatchObject([
      { ...common('poor.key'), tenant_id: null, detail: { cause: 'scope_not_granted' } },
      { ...common(`only.${north}`), tenant_id: north, detail: { cause: 'all_tenants_required' } },
    ]);
  });

  it('for its own limit, and for the limit of a clinic, which the row names', async () => {
    const issue = 'post /tenants/{tenant}/access-token';
    for (let n = 0; n < 2; n += 1) await api.call(issue, north);
    const alice = await api.test.member(north);
    await alice.get(`/tenants/${north}/credentials/new`);
    await alice.post(`/tenants/${north}/credentials`, { assertion: api.test.assertion('riverside').jwt });
    for (let n = 0; n < 6; n += 1) await api.call('post /tenants/{tenant}/connection/checks', north);
    expect(await rowsOf('request.throttled', 2)).toMatchObject([
      {
        ...common('all.jobs'),
        tenant_id: null,
        detail: { cause: 'quota_exceeded', route: 'POST /api/v1/tenants/:tenant/access-token' },
      },
      {
        ...common('all.jobs'),
        tenant_id: north,
        detail: { cause: 'check_limit_reached', route: 'POST /api/v1/tenants/:tenant/connection/checks' },
      },
    ]);
  });

  it('none for an absent clinic that a key for every clinic asks for, and none for a bad key', async () => {
    expect((await api.call(connection, ABSENT)).status).toBe(404);
    expect((await api.call(connection, north, { key: 'bad' })).status).toBe(401);
    await denied(south);
    expect(await rowsOf('access.denied', 1)).toHaveLength(1);
  });
});

describe('SEC-62: no key can bury the audit', () => {
  it('a key leaves five rows for one clinic in ten minutes, and the next row says how many were left out', async () => {
    for (let tries = 0; tries < 9; tries += 1) await denied(south);
    await api.call(connection, south, { key: `only.${ABSENT}` }); // another key has rows of its own
    await rowsOf('access.denied', 6); // two rows at the same time may be written in either order
    api.test.clock.advance(10 * MINUTE_MS);
    await denied(south);
    const rows = await rowsOf('access.denied', 7);
    expect(rows.map(({ detail }) => detail.left_out ?? 0)).toEqual([0, 0, 0, 0, 0, 4, 0]);
  });

  it('the answer is the same where the row cannot be written, and the log has the failure', async () => {
    const before = await denied(ABSENT);
    await rowsOf('access.denied', 1);
    await api.test.db.schema.renameTable('audit_events', 'elsewhere');
    const after = await denied(south);
    await eventually('it is logged', () => Promise.resolve(api.test.logs.join('').includes('left no audit row')));
    await api.test.db.schema.renameTable('elsewhere', 'audit_events');
    expect({ status: after.status, cause: after.body.cause }).toEqual({ status: 404, cause: before.body.cause });
  });
});
