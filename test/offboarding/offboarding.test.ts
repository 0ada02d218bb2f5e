// Also on PostgreSQL: the clinic leaves in one transaction, under the lock of its rows.
import { rowsOf } from '../support/database/databases.js';
import { textsIn } from '../../src/texts/texts.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { makeLink } from '../hand-offs/support.js';
import type { Visitor } from '../support/visits/visitor.js';

const destroyText = textsIn('en').disconnection.after.destroy;
const DAY = 24 * 3600_000;

describe('a clinic that leaves', () => {
  let test: TestPortal;
  let north: string;
  let south: string;
  let admin: Visitor;
  let alice: Visitor;
  let both: Visitor;
  let ids: Record<string, string>;
  let keys: Record<string, string>;

  const scopes = ['tenants:read', 'tenants:offboard', 'tokens:issue'];
  async function aKey(refs: string[] | null): Promise<string> {
    const asked = { name: `For ${refs?.join() ?? 'all'}`, purpose: 'jobs', scopes, tenantRefs: refs, expires: '' };
    const made = await test.portal.services.apiKeys.make(asked, { actor: { kind: 'command_line' } });
    if (!made.ok) throw new Error(JSON.stringify(made));
    return made.key.reveal();
  }
  const call = (method: string, path: string, key = keys.all!) =>
    fetch(`${test.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${key}` } });
  const audits = (action: string) => test.db('audit_events').where({ action }).orderBy('seq');
  /** The rows of the other clinic. */
  async function ofTheSouth(): Promise<unknown> {
    const tables = [
      'invitations',
      'memberships',
      'connections',
      'credentials',
      'hand_offs',
      'fax_lines',
      'check_requests',
    ];
    const rows: Record<string, object[]> = {};
    for (const table of tables)
      rows[table] = (await rowsOf(test.db, table)).filter((row) => (row as { tenant_id: string }).tenant_id === south);
    return rows;
  }

  beforeAll(async () => {
    test = await TestPortal.start();
    north = await test.addTenant('North Clinic');
    south = await test.addTenant('South Clinic');
    alice = await test.member(north, 'Alice Moss');
    both = await test.member(south, 'Bea Both');
    await test.member(north, 'Lena Left');
    const people = await test.db('people').select<{ id: string; name: string }[]>('id', 'name');
    ids = Object.fromEntries(people.map(({ id, name }) => [name, id]));
    await test.portal.services.tenants.addMember(test.db, north, ids['Bea Both']!, 'member');
    // She left long before the clinic does: her invitation is not kept any more.
    await alice.get(`/tenants/${north}/people`);
    const removal = await alice.post(`/tenants/${north}/people/${ids['Lena Left']}/removal`);
    if (removal.status !== 303) throw new Error(`the removal got ${removal.status}`);
    await test.db('invitations').where({ accepted_by: ids['Lena Left']! }).delete();
    await alice.get(`/tenants/${north}/credentials/new`);
    await alice.post(`/tenants/${north}/credentials`, { assertion: test.assertion('riverside').jwt });
    await makeLink(alice, north);
    await test.portal.services.invitations.invite({
      tenantId: north,
      email: 'waiting@north.example',
      invitedBy: ids['Alice Moss']!,
    });
    keys = {
      all: await aKey(null),
      north: await aKey(['ref-north-clinic']),
      two: await aKey(['ref-north-clinic', 'ref-south-clinic']),
    };
    admin = await test.staff('administrator');
  });
  afterAll(() => test.close());

  it('SEC-11: is let go by an administrator in two steps, after a fresh second factor, when its name or ID is typed', async () => {
    const url = `/staff/tenants/${north}/offboarding`;
    expect((await admin.get(`/staff/tenants/${north}/settings`)).text).toContain(`href="${url}"`);
    const plan = await admin.get(url);
    for (const said of [
      'after 30 days',
      'no more access tokens',
      `${url}/confirmation`,
      `/staff/tenants/${north}/export`,
    ])
      expect(plan.text).toContain(said);
    await admin.get(`${url}/confirmation`);
    for (const typed of ['', 'South Clinic', 'ref-south-clinic', 'North']) {
      const refused = await admin.post(`${url}/confirmation`, { typed });
      expect([refused.status, refused.text.includes('govuk-error-summary')]).toEqual([422, true]);
    }
    expect(await audits('tenant.offboarded')).toEqual([]);
    const before = await ofTheSouth();
    const left = await admin.post(`${url}/confirmation`, { typed: ' north  clinic ' });
    expect([left.status, left.headers.location]).toEqual([303, `/staff/offboarded/${north}?notice=offboarded`]);
    expect(await ofTheSouth()).toEqual(before);
    const page = await admin.follow(left);
    for (const said of ['North Clinic', 'Its people no longer have access', 'Undo the offboarding'])
      expect(page.text).toContain(said);
    const list = (await admin.get('/staff/offboarded')).text;
    expect(list).toContain('North Clinic');
    expect(list).toMatch(/href="\/staff\/tenants"[^>]*aria-current="page"/);
  });

  it('SEC-27: staff say for it that it deleted its JWT, which is tried at once, under a limit of their own', async () => {
    const url = `/staff/offboarded/${north}`;
    const page = (await admin.get(url)).text;
    expect(page).toContain('The clinic deleted it');
    expect(page).toContain('We make the receipt when the JWT is destroyed.');
    const [, id = ''] = /name="credential_id" value="([^"]+)"/.exec(page) ?? [];
    const said = await admin.post(`${url}/deletions`, { credential_id: id });
    expect([said.status, said.headers.location]).toEqual([303, url]);
    await eventually('it was tried', async () => (await admin.get(url)).text.includes('RingCentral still accepted it'));
    const [told] = await audits('credential.said_deleted_by_staff');
    expect(told).toMatchObject({ tenant_id: north, target: id, actor_kind: 'person' });
    const auditor = await test.staff('auditor');
    expect((await auditor.get(url)).text).not.toContain('The clinic deleted it');
    expect((await auditor.post(`${url}/deletions`, { credential_id: id })).status).toBe(403);
    const statuses: number[] = [];
    for (let press = 0; press < 5; press += 1)
      statuses.push((await admin.post(`${url}/deletions`, { credential_id: id })).status);
    expect(statuses).toEqual([303, 303, 303, 303, 429]);
    // Of another clinic, or of none, nothing is tried.
    expect((await admin.post(`${url}/deletions`, { credential_id: 'another' })).status).toBe(303);
  });

  it('SEC-27: its JWT is kept for the proof, until staff destroy it on its page, and the receipt there says so', async () => {
    const url = `/staff/offboarded/${north}`;
    const kept = async () =>
      test.db('credentials').where({ tenant_id: north }).select<{ id: string; status: string }[]>('id', 'status');
    const page = (await admin.get(url)).text;
    expect([(await kept()).map(({ status }) => status), page.includes(destroyText)]).toEqual([['retired'], true]);
    const [, id = ''] = /name="disconnection_id" value="([^"]+)"/.exec(page) ?? [];
    const auditor = await test.staff('auditor');
    expect((await auditor.get(url)).text).not.toContain(destroyText);
    expect((await auditor.post(`${url}/destruction`, { disconnection_id: id })).status).toBe(403);
    const destroyed = await admin.post(`${url}/destruction`, { disconnection_id: id });
    expect([destroyed.status, destroyed.headers.location]).toEqual([303, url]);
    const [credential] = await kept();
    expect(credential?.status).toBe('destroyed');
    expect(await test.db('sealed_secrets').where({ row_id: credential!.id })).toEqual([]);
    await eventually('the receipt is on its page', async () => {
      test.portal.look();
      return (await admin.get(url)).text.includes('result: destroyed_on_request');
    });
    expect((await admin.get(url)).text).not.toContain(destroyText);
    expect((await admin.get(url)).text).not.toContain('We make the receipt');
  });

  it('SEC-20, SEC-42: ends its connection, people, invitations, links, keys and mails at once, with one audit row and one event', async () => {
    expect((await alice.get(`/tenants/${north}/connection`)).status).toBe(404);
    expect((await both.get(`/tenants/${north}/connection`)).status).toBe(404);
    expect((await both.get(`/tenants/${south}/connection`)).status).toBe(200);
    expect(await test.db('memberships').where({ tenant_id: north })).toEqual([]);
    expect(await test.db('credentials').where({ tenant_id: north, status: 'active' })).toEqual([]);
    expect(
      await test.db('invitations').where({ tenant_id: north }).whereNull('accepted_at').whereNull('revoked_at'),
    ).toEqual([]);
    expect(await test.db('hand_offs').where({ tenant_id: north }).whereNull('revoked_at')).toEqual([]);
    const waiting = await test.db('outbox').where({ tenant_id: north }).whereNull('finished_at');
    const [left] = await test.db('offboardings').where({ tenant_id: north }).pluck<string[]>('offboarded_at');
    expect((waiting as { created_at: string }[]).filter((one) => one.created_at < left!)).toEqual([]);
    expect(await test.db('connections').where({ tenant_id: north })).toEqual([]);
    const [row, ...more] = await audits('tenant.offboarded');
    expect([row, more]).toMatchObject([{ tenant_id: north, actor_kind: 'person', outcome: 'ok' }, []]);
    expect(JSON.parse((row as { detail: string }).detail)).toMatchObject({
      people: 2,
      invitations: 1,
      links: 1,
      keys: 1,
    });
    expect(await test.db('events').where({ type: 'tenant.offboarded' })).toHaveLength(1);
    expect((await call('GET', '/tenants', keys.north)).status).toBe(401);
    expect((await call('GET', '/tenants', keys.two)).status).toBe(200);
  });

  it('is in no list, count or preflight, and for the API only to be offboarded again, which changes nothing', async () => {
    const list = (await (await call('GET', '/tenants')).json()) as { tenants: { id: string }[] };
    expect(list.tenants.map(({ id }) => id)).toEqual([south]);
    const flight = JSON.stringify(await (await call('GET', '/preflight?by=2099-01-01T00:00:00Z')).json());
    expect(flight).not.toContain(north);
    expect((await admin.get('/staff/tenants')).text).not.toContain('North Clinic');
    expect((await admin.get(`/staff/tenants/${north}`)).headers.location).toBe(`/staff/offboarded/${north}`);
    const counted = await test
      .db('connection_counts')
      .where('count', '>', 0)
      .select<{ count: number | string }[]>('count');
    expect(counted.reduce((sum, { count }) => sum + Number(count), 0)).toBe(1);
    for (const [method, path, status] of [
      ['GET', `/tenants/${north}`, 404],
      ['GET', '/tenants/ref:ref-north-clinic', 404],
      ['POST', `/tenants/${north}/access-token`, 404],
      ['DELETE', '/tenants/ref:ref-north-clinic', 202],
      ['DELETE', `/tenants/${north}`, 202],
      ['DELETE', '/tenants/ref:absent', 404],
    ] as const)
      expect([method, path, (await call(method, path)).status]).toEqual([method, path, status]);
    expect((await call('DELETE', `/tenants/${north}`, keys.two)).status).toBe(202);
    expect(await audits('tenant.offboarded')).toHaveLength(1);
    expect(await test.db('events').where({ type: 'tenant.offboarded' })).toHaveLength(1);
    const again = await test.portal.services.tenants.create(
      { name: 'Another', externalRef: 'ref-north-clinic' },
      { kind: 'command_line' },
    );
    expect(again).toMatchObject({ ok: false, problems: [{ code: 'duplicate' }] });
    const renamed = await test.portal.services.tenants.change(
      south,
      { externalRef: 'ref-north-clinic' },
      { kind: 'command_line' },
    );
    expect(renamed).toMatchObject({ ok: false, problems: [{ code: 'duplicate' }] });
  });

  it('comes back with its names and people until its erasure, not with its connection', async () => {
    await admin.get(`/staff/offboarded/${north}`);
    const back = await admin.post(`/staff/offboarded/${north}/undoing`, {});
    expect(back.headers.location).toBe(`/staff/tenants/${north}`);
    expect((await admin.follow(back)).text).toContain('North Clinic');
    expect((await alice.get(`/tenants/${north}/connection`)).text).toContain('data-state="not_connected"');
    expect(await test.db('memberships').where({ tenant_id: north }).orderBy('role').select('role')).toEqual([
      { role: 'member' },
      { role: 'owner' },
    ]);
    expect((await call('GET', '/tenants', keys.north)).status).toBe(401);
    expect(await audits('tenant.offboarding_undone')).toHaveLength(1);
    expect((await admin.post(`/staff/offboarded/${north}/undoing`, {})).status).toBe(404);
  });

  it('is offboarded by a program, and then stays a tombstone of ids, times and counts that nothing brings back', async () => {
    const answer = (await (await call('DELETE', `/tenants/${north}`)).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ id: north, state: 'offboarded', erased_at: null });
    const eraseAt = Date.parse(String(answer.erase_at));
    expect(eraseAt - Date.parse(String(answer.offboarded_at))).toBe(30 * DAY);
    test.clock.advance(30 * DAY - 60_000);
    await test.portal.clean();
    expect(await audits('tenant.erased')).toEqual([]);
    const southBefore = await test.db('people').where({ id: ids['Bea Both']! });
    test.clock.advance(2 * 60_000);
    await test.portal.clean();
    await test.portal.clean();
    expect(await audits('tenant.erased')).toMatchObject([{ tenant_id: north, actor_kind: 'portal' }]);
    expect(await test.db('people').where({ id: ids['Bea Both']! })).toEqual(southBefore);
    expect(await test.db('people').where({ id: ids['Alice Moss']! })).toMatchObject([
      { name: '', email: `erased-${ids['Alice Moss']}`, password_hash: null },
    ]);
    expect(await test.db('people').where({ id: ids['Lena Left']! })).toMatchObject([{ name: '', password_hash: null }]);
    expect(await (await call('DELETE', `/tenants/${north}`)).json()).toMatchObject({ state: 'erased' });
    const secondAdmin = await test.staff('administrator');
    const page = await secondAdmin.get(`/staff/offboarded/${north}`);
    const leftOfReceipt = [
      'What the erased receipts said',
      textsIn('en').disconnection.after.results.destroyed_on_request,
    ];
    for (const said of [
      ...['Erased clinic', north, 'Rows when the erasure began', 'Data of an offboarded clinic erased'],
      ...leftOfReceipt,
    ])
      expect(page.text).toContain(said);
    for (const gone of ['North Clinic', 'ref-north-clinic', 'Undo the offboarding', 'Alice Moss'])
      expect(page.text).not.toContain(gone);
    await secondAdmin.post(`/staff/offboarded/${north}/undoing`, {});
    expect((await secondAdmin.get(`/staff/tenants/${north}`)).headers.location).toBe(`/staff/offboarded/${north}`);
    expect(await audits('tenant.offboarding_undone')).toHaveLength(1);
    const again = await test.portal.services.tenants.create(
      { name: 'Another', externalRef: 'ref-north-clinic' },
      { kind: 'command_line' },
    );
    expect(again.ok).toBe(true);
  });
});
