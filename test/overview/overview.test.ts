// Also on PostgreSQL: the statements behind the figures.
import { connectedDays } from '../../src/overview/connected-days.js';
import { readExpiries } from '../../src/overview/expiries.js';
import type { readFunnel } from '../../src/overview/funnel.js';
import { needsReader } from '../../src/overview/needs.js';
import { credentialReader } from '../../src/credentials/credential-service.js';
import { addManyTenants } from '../support/many-tenants.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';

describe('the overview of staff', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  afterAll(() => test.close());

  it('SEC-18: is for every role of staff, the first page after signing in, and for no one else', async () => {
    const north = await test.addTenant('North Clinic');
    const alice = await test.member(north);
    expect((await alice.get('/staff')).status).toBe(404);
    expect((await test.visitor().get('/staff')).headers.location).toBe('/sign-in?next=%2Fstaff');
    for (const role of ['auditor', 'operator', 'administrator'] as const) {
      const staff = await test.staff(role);
      const { status, text } = await staff.get('/staff');
      expect(status).toBe(200);
      expect(text).toMatch(/href="\/staff" aria-current="page">Overview</);
      expect(text).not.toContain('aria-current="page">Clinics');
      expect(text).toContain('Your only clinic is not connected now.');
    }
    const seen = await test.db('audit_events').where({ action: 'overview.viewed_by_staff' });
    expect(seen).toHaveLength(3);
  });

  it('a day ends at midnight in UTC; its last numbers stay, and today has those of now', async () => {
    const days = connectedDays(test.db);
    await test.db('connected_days').delete();
    await days.note(new Date('2026-11-30T00:00:00.000Z'), { connected: 1, clinics: 9 });
    await days.note(new Date('2026-11-30T23:59:59.999Z'), { connected: 2, clinics: 9 });
    await days.note(new Date('2026-12-01T00:00:00.000Z'), { connected: 3, clinics: 9 });
    await days.note(new Date('2026-09-02T10:00:00.000Z'), { connected: 8, clinics: 9 }); // before the first day
    await days.note(new Date('2026-09-03T10:00:00.000Z'), { connected: 7, clinics: 9 });
    const shown = await days.last(new Date('2026-12-01T23:59:59.999Z'), { connected: 4, clinics: 9 });
    expect([shown.length, shown[0], shown.at(-1)]).toEqual([
      90,
      { day: '2026-09-03', numbers: { connected: 7, clinics: 9 } },
      { day: '2026-12-01', numbers: { connected: 4, clinics: 9 } },
    ]);
    expect(shown.slice(-3, -1)).toEqual([
      { day: '2026-11-29', numbers: null },
      { day: '2026-11-30', numbers: { connected: 2, clinics: 9 } },
    ]);
  });

  it('the worker notes the numbers of today and the verdict about the next run', async () => {
    await test.db('overview_figures').delete();
    await test.portal.clean();
    const today = test.clock().toISOString().slice(0, 10);
    const counts = await test.portal.services.connections.counts();
    const clinics = counts.reduce((sum, { count }) => sum + count, 0);
    expect(await test.db('connected_days').where({ day: today })).toEqual([{ day: today, connected: 0, clinics }]);
    const row = await test.db('overview_figures').where({ name: 'next_run' }).first<{ figures: string }>();
    expect(JSON.parse(row.figures)).toMatchObject({ all: clinics, noGo: clinics, go: 0, isComplete: true });
    const staff = await test.staff('operator');
    expect((await staff.get('/staff')).text).toContain('The run will not work for any clinic.');
  });

  it('names the worst first, those that have waited longest first, and no one whom only RingCentral can help', async () => {
    const lives = (
      [
        ['failing for a day', 'account_inactive', 1],
        ['failing for nine days', 'permission_missing', 9],
        ['our own app', 'scope_missing', 3],
        ['only RingCentral', 'account_restricted', 20],
      ] as const
    ).map(([, cause, days]) => ({
      share: 1,
      credential: 'active' as const,
      events: [
        [{ kind: 'submitted', keptUntil: '' }, 90],
        [{ kind: 'pending_judged', verdict: { kind: 'accepted', warnings: [] }, kept: false }, 89],
        [{ kind: 'serving_checked', verdict: { kind: 'refused', cause }, confirmMs: 0 }, days],
        [{ kind: 'serving_checked', verdict: { kind: 'refused', cause }, confirmMs: 0 }, days],
      ].map(([event, ago]) => [event, Number(ago) * 86_400_000]) as never,
    }));
    await addManyTenants(test.db, { count: 4, now: test.clock(), lives, from: 50_000 });
    const { tenants, connections, invitations } = test.portal.services;
    const needs = await needsReader({ now: () => test.clock(), connections, tenants, invitations })();
    expect(needs.map(({ cause, act }) => [cause, act])).toEqual([
      ['permission_missing', 'email'],
      ['scope_missing', 'ours'],
      ['account_inactive', 'email'],
    ]);
  });

  it('counts JWTs by when they end: at the very bound is still in the part before it', async () => {
    const now = test.clock();
    const ends = [0, 1, 7 * 86_400_000, 7 * 86_400_000 + 1, 60 * 86_400_000, 60 * 86_400_000 + 1];
    const life = { share: 1000, events: [], credential: 'active' as const };
    const ids = await addManyTenants(test.db, { count: ends.length, now, lives: [life], from: 60_000 });
    for (const [index, after] of ends.entries())
      await test
        .db('credentials')
        .where({ tenant_id: ids[index] })
        .update({ expires_at: new Date(now.getTime() + after).toISOString() });
    const { tenants } = test.portal.services;
    const found = await readExpiries({ credentials: credentialReader(test.db), tenants })(now);
    expect(found.parts).toEqual([
      { withinDays: 7, count: 2 },
      { withinDays: 30, count: 1 },
      { withinDays: 60, count: 1 },
    ]);
    expect(found.first.map(({ tenant }) => tenant.id)).toEqual(ids.slice(1, 5));
    await test.db('credentials').where({ tenant_id: ids[1] }).update({ kind: 'authorization_code' });
    expect((await readExpiries({ credentials: credentialReader(test.db), tenants })(now)).parts[0]?.count).toBe(1);
  });

  it('follows the clinics that were invited in the last 90 days, from the first invitation to the connection', async () => {
    await test.db('overview_figures').delete();
    const [done, seen] = [await test.addTenant('Done'), await test.addTenant('Seen')];
    const alice = await test.member(done, 'Alice Moss'); // invited and accepted
    await alice.get(`/tenants/${done}/guide/jwt`);
    const first = await test.db('console_visits').where({ tenant_id: done }).pluck<string[]>('first_at');
    test.clock.advance(60_000);
    await alice.get(`/tenants/${done}/guide/jwt`);
    expect(await test.db('console_visits').where({ tenant_id: done }).pluck('first_at')).toEqual(first);
    await alice.get(`/tenants/${done}/credentials/new`);
    await alice.post(`/tenants/${done}/credentials`, { assertion: test.assertion('riverside').jwt });
    const bob = await test.member(seen, 'Bob Hale');
    await bob.get(`/tenants/${seen}/guide/jwt`);
    const old = await test.addTenant('Old');
    await test.member(old);
    await test.db('invitations').where({ tenant_id: old }).update({ created_at: '2026-01-01T00:00:00.000Z' });
    await eventually('the connection', async () =>
      Boolean((await test.portal.services.connections.connectedAtOf([done])).get(done)),
    );
    await test.portal.clean();
    const row = await test.db('overview_figures').where({ name: 'funnel' }).first<{ figures: string }>();
    const figures = JSON.parse(row.figures) as Awaited<ReturnType<ReturnType<typeof readFunnel>>>;
    // North Clinic of the first test was invited and has accepted, too.
    expect(figures.map(({ step, reached }) => [step, reached])).toEqual([
      ['invited', 3],
      ['opened', 3],
      ['console', 2],
      ['pasted', 1],
      ['connected', 1],
    ]);
    expect(figures[3]?.medianMs).toBeGreaterThanOrEqual(60_000);
    const { text } = await (await test.staff('auditor')).get('/staff');
    expect(text).toContain('Opened the step in RingCentral&#39;s console');
    expect(text).not.toContain(test.assertion('riverside').jwt);
  });
});
