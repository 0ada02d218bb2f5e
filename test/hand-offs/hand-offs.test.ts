import request from 'supertest';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';
import { aVisit, endLink, makeLink, openLink, pasteAt, statesShown } from './support.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let test: TestPortal;
let clinics = 0;
beforeAll(async () => {
  test = await TestPortal.start({ env: { ISV_NAME: 'Example Health' } });
});
afterAll(() => test.close());

/** A separate clinic for each test, with a member. */
async function aClinic(): Promise<{ tenantId: string; alice: Visitor }> {
  const tenantId = await test.addTenant(`Clinic ${(clinics += 1)}`);
  return { tenantId, alice: await test.member(tenantId) };
}

const eventsOf = (tenantId: string, like: string) =>
  test
    .db('audit_events')
    .where({ tenant_id: tenantId })
    .andWhere('action', 'like', like)
    .orderBy('seq')
    .select('action', 'actor_kind', 'actor_id', 'target');

describe('a hand-off link', () => {
  it('is made with one click, and shown with a text to mail only to its maker', async () => {
    const { tenantId, alice } = await aClinic();
    const bob = await test.member(tenantId, 'Bob Hale');
    const { path, page } = await makeLink(alice, tenantId);
    expect(page.text).toContain('Text for an email');
    const mailto = decodeURIComponent(/href="mailto:\?subject=([^"]*)"/.exec(page.text)?.[1] ?? '');
    expect(mailto).toContain(path);
    expect(mailto).toContain('Example Health needs a JWT');
    expect((await alice.get(`/tenants/${tenantId}/hand-offs`)).text).toContain(path); // it can be reloaded
    expect((await bob.get(`/tenants/${tenantId}/hand-offs`)).text).not.toContain(path);
  });

  it('SEC-06: is stored as a hash, and so is its visit', async () => {
    const { tenantId, alice } = await aClinic();
    const { path } = await aVisit(test, alice, tenantId);
    const token = path.split('/').at(-1) ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    for (const table of ['hand_offs', 'hand_off_sessions', 'sessions', 'audit_events', 'outbox'])
      expect(JSON.stringify(await test.db(table).select())).not.toContain(token);
    expect(test.logs.join('')).not.toContain(token);
  });

  it('SEC-18: the cookie of a visit opens no other link, whatever name it is sent under', async () => {
    const [north, south] = [await aClinic(), await aClinic()];
    const { path } = await makeLink(south.alice, south.tenantId);
    const visitor = test.visitor();
    await visitor.get(path);
    const opened = JSON.stringify((await visitor.post(path)).headers['set-cookie']);
    const [, own = '', token = ''] = /"hand-off-([\w-]+)=([\w-]{43});/.exec(opened) ?? [];
    const other = (await aVisit(test, north.alice, north.tenantId)).base.split('/').at(-1) ?? '';
    const guideOf = (id: string) =>
      request(test.url).get(`/hand-offs/${id}/guide`).set('Cookie', `hand-off-${id}=${token}`);
    expect((await guideOf(own)).status).toBe(200);
    expect((await guideOf(other)).status).toBe(404);
  });

  it('lets a person without an account follow the guide and paste; the member sees each step', async () => {
    const { tenantId, alice } = await aClinic();
    const { path } = await makeLink(alice, tenantId);
    expect(await statesShown(alice, tenantId)).toEqual(['Not opened yet']);

    const { visitor, base } = await openLink(test, path);
    expect(await statesShown(alice, tenantId)).toEqual(['Opened, no JWT yet']);
    const guide = await visitor.get(`${base}/guide`);
    expect(guide.text).toContain(`href="${base}/guide/jwt"`);
    expect(guide.text).not.toContain('Someone else does this here');
    expect((await visitor.get(`${base}/guide/jwt`)).text).toContain(`href="${base}/credentials/new"`);
    expect((await visitor.get(`${base}/result`)).text).toContain('No JWT has been pasted yet');

    const { jwt } = test.assertion('northgate');
    const sent = await pasteAt(visitor, base, jwt);
    expect([sent.status, sent.headers.location]).toEqual([303, `${base}/result`]);
    expect((await visitor.follow(sent)).text).toContain('data-outcome="accepted"');
    expect(await statesShown(alice, tenantId)).toEqual(['Done: the JWT was accepted']);
    expect((await alice.get(`/tenants/${tenantId}/connection`)).text).toContain('data-state="healthy"');
  });

  it('is named in the audit of every action through it', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base } = await aVisit(test, alice, tenantId);
    const id = base.split('/').at(-1);
    const byLink = { actor_kind: 'hand_off', actor_id: id };
    await pasteAt(visitor, base, 'not a JWT');
    await pasteAt(visitor, base, test.assertion('riverside', { clientIds: 'organization' }).jwt);
    await visitor.get(`${base}/result`);
    await visitor.post(`${base}/result/checks`);
    expect(await eventsOf(tenantId, 'hand_off.%')).toMatchObject([
      { action: 'hand_off.made', actor_kind: 'person', target: id },
      { action: 'hand_off.opened', ...byLink },
    ]);
    const rest = [...(await eventsOf(tenantId, 'credential.%')), ...(await eventsOf(tenantId, 'check.%'))];
    expect(rest.map(({ action }: { action: string }) => action)).toEqual([
      'credential.paste_refused',
      'credential.submitted',
      'credential.judged',
      'credential.judged',
      'check.requested',
    ]);
    for (const event of rest) expect(event).toMatchObject(byLink);
  });

  it('reports a wrong paste and stores nothing of it', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base } = await aVisit(test, alice, tenantId);
    const refused = await pasteAt(visitor, base, test.example.app.clientId);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('data-code="client_id"');
    expect(await statesShown(alice, tenantId)).toEqual(['Opened, no JWT yet']);
  });

  it('shows the missing step, keeps the JWT and checks it again, so that no second paste is needed', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base } = await aVisit(test, alice, tenantId);
    const { jwt, jti } = test.assertion('riverside', { clientIds: 'organization' });
    const result = await visitor.follow(await pasteAt(visitor, base, jwt));
    expect(result.text).toContain('data-outcome="refused" data-cause="app_not_permitted" data-fix-owner="tenant"');
    expect(result.text).toContain(`action="${base}/result/checks"`);
    expect(await statesShown(alice, tenantId)).toEqual(['JWT rejected']);
    expect((await visitor.get(`${base}/guide`)).text).toContain('We have kept your JWT.');
    test.emulator.permitApp(jti, test.example.app.clientId);
    const again = await visitor.follow(await visitor.post(`${base}/result/checks`));
    expect(again.text).toContain('data-outcome="accepted"');
  });

  it('asks for a new JWT if the pasted one can no longer be used', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base } = await aVisit(test, alice, tenantId);
    const { jwt, jti } = test.assertion('lakeside');
    test.emulator.revokeJwt(jti);
    const result = await visitor.follow(await pasteAt(visitor, base, jwt));
    expect(result.text).toContain('data-outcome="refused" data-cause="credential_rejected"');
    expect(result.text).toContain(`href="${base}/credentials/new"`);
    expect(result.text).not.toContain(`${base}/result/checks`);
    await visitor.post(`${base}/result/checks`); // there is nothing to check
    expect(await eventsOf(tenantId, 'check.%')).toEqual([]);
  });

  it('ends its paste when a member pastes meanwhile', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base } = await aVisit(test, alice, tenantId);
    await pasteAt(visitor, base, test.assertion('riverside', { clientIds: 'organization' }).jwt);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    await alice.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion('harbor').jwt });
    expect((await visitor.get(`${base}/result`)).text).toContain('data-outcome="replaced"');
    await visitor.post(`${base}/result/checks`); // does not check the member's credential
    expect(await eventsOf(tenantId, 'check.%')).toEqual([]);
    expect(await statesShown(alice, tenantId)).toEqual(['Replaced by a newer JWT or sign-in']);
  });

  it('ends when its paste is accepted: it no longer opens, and the visit shows only the result', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base, path } = await aVisit(test, alice, tenantId);
    await pasteAt(visitor, base, test.assertion('cedar').jwt);
    for (const page of ['guide', 'guide/jwt', 'credentials/new']) {
      const { status, headers } = await visitor.get(`${base}/${page}`);
      expect([page, status, headers.location]).toEqual([page, 303, `${base}/result`]);
    }
    await visitor.get(path);
    const before = await test.db('credentials').where({ tenant_id: tenantId }).select();
    const late = await visitor.post(`${base}/credentials`, { assertion: test.assertion('cedar').jwt });
    expect([late.status, late.headers.location]).toEqual([303, `${base}/result`]);
    expect(await test.db('credentials').where({ tenant_id: tenantId }).select()).toEqual(before);
    expect((await visitor.get(path)).status).toBe(404);
    expect((await visitor.post(path)).status).toBe(404);
  });

  it('works for seven days on any number of devices, and a visit lasts thirty minutes', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base, path } = await aVisit(test, alice, tenantId);
    const other = await openLink(test, path);
    test.clock.advance(29 * MINUTE_MS);
    expect((await visitor.get(`${base}/guide`)).status).toBe(200);
    expect((await other.visitor.get(`${base}/guide`)).status).toBe(200);
    test.clock.advance(MINUTE_MS);
    expect((await visitor.get(`${base}/guide`)).status).toBe(404); // used or not
    test.clock.advance(6.9 * DAY_MS);
    const last = await openLink(test, path);
    expect((await last.visitor.get(`${base}/guide`)).status).toBe(200);
    test.clock.advance(0.1 * DAY_MS);
    expect((await last.visitor.get(`${base}/guide`)).status).toBe(404);
    expect((await last.visitor.get(path)).status).toBe(404);
    const late = await test.member(tenantId, 'Bob Hale');
    expect(await statesShown(late, tenantId)).toEqual(['Expired']);
  });

  it('ends with the next link of the same member unless it has been opened', async () => {
    const { tenantId, alice } = await aClinic();
    const bob = await test.member(tenantId, 'Bob Hale');
    const lost = await makeLink(alice, tenantId);
    const bobs = await makeLink(bob, tenantId);
    const used = await aVisit(test, alice, tenantId);
    const newest = await makeLink(alice, tenantId);
    expect(await statesShown(alice, tenantId)).toEqual([
      'Not opened yet',
      'Opened, no JWT yet',
      'Not opened yet',
      'Ended',
    ]);
    expect((await test.visitor().get(lost.path)).status).toBe(404);
    for (const { path } of [bobs, used, newest]) expect((await test.visitor().get(path)).status).toBe(200);
  });

  it('ends with the next request after a member revokes it', async () => {
    const { tenantId, alice } = await aClinic();
    const { visitor, base, path } = await aVisit(test, alice, tenantId);
    await visitor.get(`${base}/credentials/new`);
    const bob = await test.member(tenantId, 'Bob Hale');
    expect((await endLink(bob, tenantId)).status).toBe(303);
    const sent = await visitor.post(`${base}/credentials`, { assertion: test.assertion('summit').jwt });
    expect(sent.status).toBe(404);
    for (const page of ['guide', 'guide/jwt', 'credentials/new', 'result'])
      expect([page, (await visitor.get(`${base}/${page}`)).status]).toEqual([page, 404]);
    expect((await visitor.get(path)).status).toBe(404);
    expect(await test.db('credentials').where({ tenant_id: tenantId }).select()).toEqual([]);
    await alice.get(`/tenants/${tenantId}/hand-offs`);
    expect((await alice.post(`/tenants/${tenantId}${base}/revocation`)).status).toBe(303);
    expect(await eventsOf(tenantId, 'hand_off.revoked')).toHaveLength(1);
    expect(await statesShown(alice, tenantId)).toEqual(['Ended']);
  });

  it('SEC-20: ends with its maker’s membership, role or account', async () => {
    for (const loss of ['membership', 'role', 'account'] as const) {
      const { tenantId, alice } = await aClinic();
      const bob = await test.member(tenantId, 'Bob Hale');
      const { visitor, base, path } = await aVisit(test, alice, tenantId);
      const [{ made_by: madeBy } = { made_by: '' }] = await test
        .db('hand_offs')
        .where({ tenant_id: tenantId })
        .select<{ made_by: string }[]>('made_by');
      if (loss === 'membership') await test.db('memberships').where({ person_id: madeBy }).delete();
      else if (loss === 'role') await test.portal.services.tenants.setRole(test.db, tenantId, madeBy, 'viewer');
      else await test.db('people').where({ id: madeBy }).update({ disabled_at: test.clock().toISOString() });
      expect([loss, (await visitor.get(`${base}/guide`)).status]).toEqual([loss, 404]);
      expect([loss, (await visitor.get(path)).status]).toEqual([loss, 404]);
      expect(await statesShown(bob, tenantId)).toEqual(['Ended']);
    }
  });

  it('is cleaned up by the worker: ended visits leave no row', async () => {
    const { tenantId, alice } = await aClinic();
    await aVisit(test, alice, tenantId);
    test.clock.advance(31 * MINUTE_MS);
    await test.portal.clean();
    expect(await test.db('hand_off_sessions').select()).toEqual([]);
    expect(await test.db('hand_offs').where({ tenant_id: tenantId }).select()).toHaveLength(1);
  });
});
