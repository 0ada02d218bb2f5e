import { aPassword, anAccountsPortal, type AccountsPortal } from '../accounts/support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

const minutes = (count: number) => count * 60_000;
const aToken = 'x'.repeat(43);

/** The rows of one action, oldest first. */
async function rowsOf(action: string) {
  const rows = await portal.db('audit_events').where({ action }).orderBy('seq');
  return rows.map((row: Record<string, string>) => ({
    who: [row.actor_kind, row.actor_id],
    tenant: row.tenant_id,
    outcome: row.outcome,
    ip: row.ip,
    detail: JSON.parse(row.detail ?? '') as Record<string, unknown>,
  }));
}

describe('SEC-62: a refused request leaves an audit row with route and address', () => {
  it('a throttled try', async () => {
    await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
    const stranger = portal.browser('203.0.113.9');
    let status = 0;
    for (let tries = 0; tries < 20 && status !== 429; tries += 1)
      ({ status } = await stranger.signIn('alice@north.example', 'wrong'));
    expect(status).toBe(429);
    expect(await rowsOf('request.throttled')).toEqual([
      {
        who: ['nobody', null],
        tenant: null,
        outcome: 'refused',
        ip: '203.0.113.9',
        detail: { route: 'POST /sign-in' },
      },
    ]);
  });

  it('a form without the token of its session, of a person and of a stranger', async () => {
    const north = await portal.aTenant('North');
    const alice = await portal.aMember(north, 'alice@north.example');
    const { id } = await portal.db('people').first<{ id: string }>('id');
    const path = `/tenants/${north}/people/invitations`;
    expect((await alice.postRaw(path, { _csrf: 'forged', email: 'eve@north.example' })).status).toBe(403);
    expect((await portal.browser('203.0.113.9').postRaw('/sign-in', { email: 'a', password: 'b' })).status).toBe(403);
    expect((await portal.browser('203.0.113.9').postRaw(`/setup/${aToken}`, {})).status).toBe(403);
    const row = { tenant: null, outcome: 'refused' };
    expect(await rowsOf('request.form_refused')).toEqual([
      { ...row, who: ['person', id], ip: '198.51.100.7', detail: { route: 'POST /tenants' } },
      { ...row, who: ['nobody', null], ip: '203.0.113.9', detail: { route: 'POST /sign-in' } },
      { ...row, who: ['nobody', null], ip: '203.0.113.9', detail: { route: 'POST /setup' } },
    ]);
  });

  it('a dead link of each kind, without its token', async () => {
    const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
    for (const link of ['/invitations', '/setup', '/password-resets', '/account/address-changes'])
      expect((await alice.get(`${link}/${aToken}`)).headers.location).toContain('?notice=link');
    expect((await rowsOf('request.link_refused')).map(({ detail }) => detail.route)).toEqual([
      'GET /invitations',
      'GET /setup',
      'GET /password-resets',
      'GET /account',
    ]);
    expect(await portal.everything()).not.toContain(aToken);
  });

  it('a page of staff that a member asks for, and one that the role does not allow', async () => {
    const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
    expect((await alice.get('/staff/tenants')).status).toBe(404);
    const detail = { needs: 'staff', route: 'GET /staff/tenants' };
    expect(await rowsOf('access.denied')).toMatchObject([
      { who: ['person', expect.any(String)], tenant: null, detail },
    ]);
  });
});

describe('SEC-62: no flood of refused requests can bury the audit', () => {
  const dead = (ip: string) => portal.browser(ip).get(`/invitations/${aToken}`);
  const counts = async () => (await rowsOf('request.link_refused')).map(({ detail }) => detail.left_out ?? 0);

  it('a network leaves five rows in ten minutes, and the next row says how many were left out', async () => {
    for (let tries = 0; tries < 12; tries += 1) expect((await dead('203.0.113.9')).status).toBe(303);
    expect(await counts()).toEqual([0, 0, 0, 0, 0]);
    await dead('203.0.113.10');
    portal.pass(minutes(10));
    await dead('203.0.113.9');
    expect(await counts()).toEqual([0, 0, 0, 0, 0, 7, 0]);
  });

  it('the addresses of one IPv6 network count as one', async () => {
    for (let tries = 0; tries < 8; tries += 1) await dead(`2001:db8:1:2::${tries + 1}`);
    await dead('2001:db8:1:3::1');
    expect(await counts()).toEqual([0, 0, 0, 0, 0, 3]);
  });

  it('made-up tenants do not use up the rows of a real one that the same person tries', async () => {
    const north = await portal.aTenant('North');
    const bob = await portal.aMember(await portal.aTenant('South'), 'bob@south.example');
    for (let tries = 0; tries < 7; tries += 1)
      expect((await bob.get(`/tenants/00000000-0000-4000-8000-00000000000${tries}/people`)).status).toBe(404);
    expect((await bob.get(`/tenants/${north}/people`)).status).toBe(404);
    const tenants = (await rowsOf('access.denied')).map(({ tenant }) => tenant);
    expect(tenants.filter((tenant) => tenant === north)).toEqual([north]);
    expect(tenants.length).toBeLessThanOrEqual(6);
  });

  it('all addresses together leave a hundred rows in ten minutes, and another action keeps its own', async () => {
    for (let tries = 0; tries < 120; tries += 1) await dead(`203.0.113.${tries}`);
    expect(await counts()).toHaveLength(100);
    await portal.browser('203.0.113.200').postRaw('/sign-in', {});
    expect(await rowsOf('request.form_refused')).toHaveLength(1);
    portal.pass(minutes(10));
    await dead('203.0.113.200');
    expect((await counts()).slice(99)).toEqual([0, 20]);
  });

  it('an answer comes even if its row cannot be written, and the log has the failure', async () => {
    await portal.db.schema.renameTable('audit_events', 'elsewhere');
    expect((await dead('203.0.113.9')).headers.location).toBe('/sign-in?notice=link');
    await portal.db.schema.renameTable('elsewhere', 'audit_events');
    expect(portal.logged().map(({ msg }) => msg)).toContain('a refused request left no audit row');
  });
});

describe('SEC-62: the log of requests has route, person and address', () => {
  const last = () => portal.logged().findLast(({ msg }) => msg === 'request');

  it('of a signed-in person', async () => {
    const north = await portal.aTenant('North');
    const alice = await portal.aMember(north, 'alice@north.example', '203.0.113.9');
    const { id } = await portal.db('people').first<{ id: string }>('id');
    await alice.get(`/tenants/${north}/people`);
    const route = '/tenants/:tenantId/people';
    expect(last()).toMatchObject({ method: 'GET', route, personId: id, address: '203.0.113.9', status: 200 });
    await alice.get(`/tenants/${north}/people/${id}/removal`);
    expect(last()).toMatchObject({ route: '/tenants/:tenantId/people/:personId/removal' });
  });

  it('of a stranger, with the pattern of the route instead of its token', async () => {
    await portal.browser('203.0.113.9').get(`/setup/${aToken}`);
    expect(last()).toMatchObject({ route: '/setup/:token', address: '203.0.113.9', status: 303 });
    await portal.browser().get(`/nothing/${aToken}`);
    expect(last()).toMatchObject({ route: null, status: 404 });
    expect(last()).not.toHaveProperty('personId');
    await portal.browser().signIn('alice@north.example', aPassword);
    expect(JSON.stringify(portal.logged())).not.toMatch(new RegExp(`${aToken}|${aPassword}|alice`));
  });
});
