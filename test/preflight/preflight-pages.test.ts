// Also on PostgreSQL: the order and the search of clinics, and who gets the one email.
import { TestPortal } from '../support/portal.js';
import { addManyTenants, healthyOnly, type Life } from '../support/many-tenants.js';
import type { Visitor } from '../support/visits/visitor.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Connected 90 days ago, and last checked so long ago. */
const checkedAgo = (agoMs: number, share = 1): Life => ({
  share,
  credential: 'active',
  events: [
    [{ kind: 'submitted', keptUntil: '' }, 90 * DAY],
    [{ kind: 'pending_judged', verdict: { kind: 'accepted', warnings: [] }, kept: false }, 90 * DAY],
    [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: [] }, confirmMs: 0 }, agoMs],
  ],
});
const failing: Life = {
  ...checkedAgo(30 * HOUR),
  events: [
    ...checkedAgo(30 * HOUR).events,
    [{ kind: 'serving_checked', verdict: { kind: 'refused', cause: 'owner_inactive' }, confirmMs: 0 }, 3 * HOUR],
  ],
};
const flat = ({ text }: { text: string }) => text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the page about the next run', () => {
  let test: TestPortal;
  let operator: Visitor;
  beforeAll(async () => {
    test = await TestPortal.start({ env: { ROLES: 'web', RINGCENTRAL_AUTH_PER_MINUTE: '5' } });
    operator = await test.staff('operator');
  });
  afterAll(() => test.close());

  const auditOf = (action: string) =>
    test.db('audit_events').where({ action }).orderBy('seq').select<{ detail: string; actor_kind: string }[]>();
  const openRequests = () =>
    test
      .db('check_requests')
      .whereNull('finished_at')
      .orderBy('tenant_id')
      .select<{ tenant_id: string; lane: string; due_at: string; trigger: string }[]>();

  it('says that there is no clinic, and that no nightly run is set', async () => {
    const seen = flat(await operator.get('/staff/preflight'));
    expect(seen).toContain('There are no clinics yet.');
    expect(seen).toContain('No nightly run is set');
    expect(await auditOf('preflight.viewed_by_staff')).toHaveLength(1);
  });

  it('counts the clinics, lists what will not work and what is not known, and leaves out what will work', async () => {
    const now = test.clock();
    await addManyTenants(test.db, { count: 3, now, lives: healthyOnly });
    await addManyTenants(test.db, { count: 2, now, lives: [failing], from: 10 });
    await addManyTenants(test.db, { count: 4, now, lives: [checkedAgo(37 * HOUR)], from: 20 });
    await addManyTenants(test.db, { count: 1, now, lives: [{ share: 1, events: [] }], from: 30 });
    const seen = flat(await operator.get('/staff/preflight'));
    expect(seen).toMatch(/Will not work 3 Unknown 4 Will work 3 Time to get a token for every clinic 3 minutes/);
    expect(seen).toContain('Not connected yet');
    expect(seen.match(/The last proof will be too old by then\. A check can renew it before the run\./g)).toHaveLength(
      4,
    );
    expect(seen).not.toContain('ehr-1000000');
    expect(seen.indexOf('Not working')).toBeLessThan(seen.indexOf('Not connected yet'));
  });

  it('auditors may read it, and may neither queue checks nor set the nightly run', async () => {
    const auditor = await test.staff('auditor');
    const page = await auditor.get('/staff/preflight');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('Check the unknown clinics');
    expect((await auditor.post('/staff/preflight/checks')).status).toBe(403);
    expect((await auditor.post('/staff/preflight/run-time', { at: '02:00', time_zone: 'UTC' })).status).toBe(403);
  });

  it('operators queue what is not known once, one after the other as the budget allows, and nothing else', async () => {
    const before = await openRequests();
    await operator.get('/staff/preflight');
    const now = test.clock().getTime();
    expect((await operator.post('/staff/preflight/checks')).headers.location).toBe('/staff/preflight?notice=queued');
    const queued = await openRequests();
    const changed = queued.filter((row, n) => row.due_at !== before[n]?.due_at);
    expect(changed.map(({ lane, trigger }) => [lane, trigger])).toEqual(Array(4).fill(['urgent', 'schedule']));
    expect(changed.map(({ due_at: at }) => Math.round((Date.parse(at) - now) / 15_500))).toEqual([0, 1, 2, 3]);
    expect(flat(await operator.get('/staff/preflight?notice=queued'))).toContain('The checks are queued');
    expect((await operator.post('/staff/preflight/checks')).headers.location).toBe('/staff/preflight?notice=nothing');
    expect(await openRequests()).toEqual(queued);
    const acts = await auditOf('preflight.checks_queued');
    expect(acts.map(({ detail }) => (JSON.parse(detail) as { queued: number }).queued)).toEqual([4, 0]);
  });

  it('only administrators set the nightly run, by a time and a place; the page then speaks of that run', async () => {
    expect((await operator.get('/staff/preflight/run-time')).status).toBe(403);
    const admin = await test.staff('administrator');
    const form = await admin.get('/staff/preflight/run-time');
    expect(form.text).toMatch(/id="at"[^>]* value=""/);
    const wrong = await admin.post('/staff/preflight/run-time', { at: '2 am', time_zone: 'GMT+7' });
    expect(wrong.status).toBe(422);
    expect(flat(wrong)).toContain('Enter a time of day in 24-hour time, such as 02:00.');
    expect(flat(wrong)).toContain('Choose a time zone from the list.');
    expect(wrong.text).toContain('value="2 am"');
    expect(await auditOf('preflight.run_time_set')).toEqual([]);
    const saved = await admin.post('/staff/preflight/run-time', { at: '02:00', time_zone: 'America/Denver' });
    expect(saved.headers.location).toBe('/staff/preflight?notice=saved');
    const page = flat(await admin.get('/staff/preflight'));
    expect(page).toMatch(/2:00 AM Mountain Time/);
    expect(page).not.toContain('No nightly run is set');
    expect((await auditOf('preflight.run_time_set')).map(({ detail }) => JSON.parse(detail) as object)).toEqual([
      { at: '02:00', time_zone: 'America/Denver' },
    ]);
    await admin.post('/staff/preflight/run-time', { at: '', time_zone: 'America/Denver' });
    expect(flat(await admin.get('/staff/preflight'))).toContain('No nightly run is set');
  });

  it('has pages of 100 clinics in doubt, each clinic on exactly one, and refuses a cursor that it did not make', async () => {
    await addManyTenants(test.db, { count: 230, now: test.clock(), lives: [failing], from: 1000 });
    const names = new Set<string>();
    let pages = 0;
    for (let path: string | undefined = '/staff/preflight'; path; pages += 1) {
      const { text } = await operator.get(path);
      const found = text.match(/ehr-\d+/g) ?? [];
      expect(found.length).toBeLessThanOrEqual(100);
      for (const name of found) {
        expect(names).not.toContain(name);
        names.add(name);
      }
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1];
    }
    expect({ names: names.size, pages }).toEqual({ names: 237, pages: 3 });
    expect((await operator.get('/staff/preflight?after=AAAA')).status).toBe(400);
  });
});
