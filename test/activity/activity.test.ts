import { asked, byCommand } from '../api-keys/support.js';
import { makeLink, openLink } from '../hand-offs/support.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

const useAt = (tenantId: string, n: number, time: string, more: object = {}) => ({
  id: `use-${tenantId}-${n}`,
  at: time,
  actor_kind: 'api_key',
  actor_id: 'AbCdEfGh12',
  tenant_id: tenantId,
  action: 'token.issued',
  outcome: 'ok',
  ip: '203.0.113.77',
  detail: JSON.stringify({ purpose: 'nightly-faxes', job_id: `run-${n}` }),
  ...more,
});

describe('/tenants/:tenantId/activity', () => {
  let test: TestPortal;
  let north: string;
  let south: string;
  let alice: Visitor;
  const page = async (tenantId = north, query = '') => alice.get(`/tenants/${tenantId}/activity${query}`);
  beforeAll(async () => {
    test = await TestPortal.start();
    [north, south] = [await test.addTenant('North Clinic'), await test.addTenant('South Clinic')];
    alice = await test.member(north);
  });
  afterAll(() => test.close());

  it('without a use shows the changes, who made them, and no address of a network', async () => {
    const { status, text } = await page();
    expect(status).toBe(200);
    expect(text).toContain('Invitation accepted');
    expect(text).toContain('Example Health');
    expect(text).not.toContain('Olga');
    expect(text).not.toContain('A job asked for an access token');
    expect(text).not.toMatch(/127\.0\.0\.1<|::1/);
  });

  it('the connection page says that jobs get tokens only once one has, and leads here', async () => {
    const { jwt } = test.assertion('riverside');
    await alice.get(`/tenants/${north}/credentials/new`);
    await alice.post(`/tenants/${north}/credentials`, { assertion: jwt });
    const connection = `/tenants/${north}/connection`;
    const before = (await alice.get(connection)).text;
    expect(before).toContain(`href="/tenants/${north}/activity"`);
    expect(before).not.toContain('For each job, it gets an access token');
    await test.db('audit_events').insert(useAt(north, 0, '2026-11-28T02:00:00.000Z'));
    expect((await alice.get(connection)).text).toContain('For each job, it gets an access token');
  });

  it('shows each use of its own credential: when, by which key, for what, with which result', async () => {
    await test.db('audit_events').insert([
      useAt(north, 1, '2026-11-28T03:10:00.000Z'),
      useAt(north, 2, '2026-11-28T03:40:00.000Z'),
      useAt(north, 3, '2026-11-28T04:00:00.000Z', {
        action: 'token.refused',
        outcome: 'refused',
        detail: JSON.stringify({ purpose: 'nightly-faxes', cause: 'account_inactive' }),
      }),
      useAt(south, 4, '2026-11-28T05:00:00.000Z', { detail: JSON.stringify({ purpose: 'of-the-south' }) }),
    ]);
    const { text } = await page();
    for (const shown of ['2 times, 2 jobs', 'Key AbCdEfGh12', 'For: nightly-faxes', 'Issued', 'Not issued'])
      expect(text).toContain(shown);
    expect(text).toMatch(/Nov 28, 2026, 3:10\s–\s3:40\sAM UTC/u);
    for (const hidden of ['of-the-south', '203.0.113.77', 'token.issued']) expect(text).not.toContain(hidden);
  });

  it('shows each change that a program made, by the name of its key, also without a use by that key', async () => {
    const made = await test.portal.services.apiKeys.make({ ...asked, name: 'Registration' }, byCommand);
    if (!made.ok) throw new Error('no key was made');
    const acts = ['tenant.renamed', 'tenant.language_set', 'check.requested_by_key', 'fax_lines.chosen'];
    const east = await test.addTenant('East Clinic');
    const row = (action: string, n: number) =>
      useAt(east, n, '2026-11-28T06:00:00.000Z', { actor_id: made.made.id, action, detail: '{}' });
    await test.db('audit_events').insert([...acts, 'invitation.created'].map(row));
    const { text } = await (await test.member(east)).get(`/tenants/${east}/activity`);
    const shown = ['Name or reference changed', 'Check asked for by a program'];
    for (const change of shown) expect(text).toContain(change);
    expect(text.split('>Registration<')).toHaveLength(6);
  });

  it('10,000 uses take few lines, and each is counted on exactly one page', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => {
      const time = new Date(Date.UTC(2026, 10, 29, 0, 0, 0) + n * 8000).toISOString();
      return useAt(north, 100 + n, time, { detail: JSON.stringify({ purpose: `purpose-${n % 3}` }) });
    });
    for (let n = 0; n < many.length; n += 1000) await test.db.batchInsert('audit_events', many.slice(n, n + 1000), 80);
    let counted = 0;
    let next: string | undefined = '';
    const lines: number[] = [];
    while (next !== undefined) {
      const { text }: { text: string } = await page(north, next);
      const times = [...text.matchAll(/>([\d,]+) times</g)].map(([, count = '']) => Number(count.replace(',', '')));
      lines.push((text.match(/<tr /g) ?? []).length - 1);
      counted += times.reduce((sum, count) => sum + count, 0);
      next = /href="[^"]*activity(\?before=[\w-]+)"/.exec(text)?.[1];
    }
    expect(counted).toBe(10_000);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(Math.max(...lines)).toBeLessThanOrEqual(50);
  });

  it('SEC-18: is closed to members of other clinics and to colleagues with a link', async () => {
    expect((await page(south)).status).toBe(404);
    const { path } = await makeLink(alice, north);
    const { visitor, base } = await openLink(test, path);
    expect((await visitor.get(`${base}/activity`)).status).toBe(404);
    expect((await visitor.get(`/tenants/${north}/activity`)).headers.location).toMatch(/^\/sign-in/);
  });

  it('a link to older entries does not tell how many events the portal has, and works for this clinic only', async () => {
    const { text } = await page();
    const next = /href="[^"]*activity\?before=([^"]+)"/.exec(text)?.[1] ?? '';
    const row = (await test.db('audit_events').where({ id: next, tenant_id: north }).first()) as { seq: number };
    expect(text).not.toContain(`before=${row.seq}`);
    expect((await page(north, `?before=${next}`)).status).toBe(200);
    await test.db('audit_events').insert(useAt(south, 1, '2026-11-29T02:00:00.000Z'));
    expect((await page(north, `?before=use-${south}-1`)).status).toBe(400);
  });

  it.each(['?before=x', '?before=-1', '?before=1&before=2'])('refuses the query %s', async (query) => {
    expect((await page(north, query)).status).toBe(400);
  });
});
