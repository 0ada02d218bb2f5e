// Only on SQLite: which statements a GET makes.
import { rowsOf, tablesOf } from '../support/database/databases.js';
import { idleWorker } from '../support/idle-worker.js';
import { companySignIn } from '../support/company.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import { aMatrix } from './support/id-matrix.js';
import { routesOf } from './support/routes.js';

/**
 * What may change while somebody only looks: a session's last use and the trace of who looked. The trace is judged by
 * its acts.
 * `console_visits` holds when a clinic first looked at one page. The worker counts the figures of the overview each
 * minute.
 */
const mayChange = ['sessions', 'audit_events', 'console_visits', 'connected_days', 'overview_figures'];

describe('SEC-13: looking changes nothing', () => {
  let test: TestPortal;
  let matrix: Awaited<ReturnType<typeof aMatrix>>;
  let north: string;

  beforeAll(async () => {
    test = await TestPortal.start({ env: { ...signInApp, ...companySignIn } });
    matrix = await aMatrix(test);
    north = matrix.clinics[0]?.tenantId ?? '';
    const member = roleNamed('member of the north').visitor;
    // It serves, with fax lines; another paste is kept, and waits.
    for (const clientIds of [[test.example.app.clientId], 'organization' as const]) {
      await member.get(`/tenants/${north}/credentials/new`);
      const { jwt } = test.assertion('riverside', { clientIds });
      expect((await member.post(`/tenants/${north}/credentials`, { assertion: jwt })).status).toBe(303);
      await member.get(`/tenants/${north}/connection`);
    }
    await idleWorker(test);
  }, 60_000);
  afterAll(() => test.close());

  function roleNamed(name: string) {
    const role = matrix.roles.find((one) => one.name === name);
    if (!role) throw new Error(`there is no ${name}`);
    return role;
  }

  async function rows(): Promise<Record<string, object[]>> {
    const all: Record<string, object[]> = {};
    for (const name of await tablesOf(test.db)) if (!mayChange.includes(name)) all[name] = await rowsOf(test.db, name);
    return all;
  }

  it('is judged where there is something to lose: a credential, fax lines, a paste, links of every kind', async () => {
    const states = await test.db('credentials').where({ tenant_id: north }).orderBy('status').pluck('status');
    expect(states).toEqual(['active', 'pending']);
    const before = await rows();
    const filled = ['fax_lines', 'hand_offs', 'hand_off_sessions', 'invitations', 'one_time_links', 'sealed_secrets'];
    for (const table of filled) expect({ table, rows: before[table]?.length }).not.toEqual({ table, rows: 0 });
    expect(Object.keys(before)).toEqual(expect.arrayContaining(filled));
  });

  it('every page by GET and HEAD, for each person who may see it', async () => {
    const before = await rows();
    const { seq } = await test.db('audit_events').max({ seq: 'seq' }).first<{ seq: number }>();
    const [calls, mails] = [test.emulator.requests.length, test.mail.messages().length];
    let reached = 0;
    for (const role of matrix.roles)
      for (const route of routesOf(test.portal.mounts).filter(({ method }) => method === 'get'))
        for (const { path, isOwn } of matrix.cellsOf(route, role)) {
          if (!isOwn) continue;
          for (const method of ['get', 'head'] as const) {
            const { status } = await role.visitor.send(method, path);
            expect({ path, is: status < 500 }).toEqual({ path, is: true });
            if (status === 200) reached += 1;
          }
        }
    expect(reached).toBeGreaterThan(200);
    expect(await rows()).toEqual(before);
    expect(test.emulator.requests).toHaveLength(calls);
    expect(test.mail.messages()).toHaveLength(mails);
    const acts = await test.db('audit_events').where('seq', '>', seq).distinct().pluck<string[]>('action');
    const refused = ['access.denied', 'request.link_refused'];
    expect(acts.filter((act) => !/viewed_by_staff$/.test(act) && !refused.includes(act))).toEqual([]);
  }, 60_000);

  it('and each person is still signed in', async () => {
    const page = `/tenants/${north}/connection`;
    expect((await roleNamed('member of the north').visitor.get(page)).text).toContain('data-state="healthy"');
    for (const name of ['auditor', 'operator', 'administrator'])
      expect((await roleNamed(name).visitor.get(`/staff/tenants/${north}`)).status).toBe(200);
    const colleague = roleNamed("colleague with the north's link");
    expect((await colleague.visitor.get(`/hand-offs/${colleague.visitId}/guide`)).status).toBe(200);
  });
});
