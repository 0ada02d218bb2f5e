import { english } from '../../src/texts/texts.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

describe('the data of a clinic', () => {
  let test: TestPortal;
  let north: string;
  let admin: Visitor;
  let jwt: string;
  const url = () => `/staff/tenants/${north}/export`;
  const exports = () => test.db('audit_events').where({ action: 'tenant.exported' }).orderBy('seq');

  beforeAll(async () => {
    test = await TestPortal.start();
    north = await test.addTenant('North Clinic');
    const south = await test.addTenant('South Clinic');
    await test.member(south, 'Sam South');
    const alice = await test.member(north, 'Alice Moss');
    jwt = test.assertion('riverside').jwt;
    await alice.get(`/tenants/${north}/credentials/new`);
    await alice.post(`/tenants/${north}/credentials`, { assertion: jwt });
    admin = await test.staff('administrator');
    const day = (n: number) => new Date(Date.UTC(2020, 0, n)).toISOString().slice(0, 10);
    const rows = Array.from({ length: 401 }, (_, n) => ({
      tenant_id: north,
      day: day(n + 1),
      state: 'healthy',
      rank: 1,
    }));
    await test.db('connection_days').insert(rows.map((row) => ({ ...row, last_state: 'healthy' })));
  });
  afterAll(() => test.close());

  const expectWhole = (text: string) => {
    const { tables } = JSON.parse(text) as { tables: Record<string, Record<string, unknown>[]> };
    expect(tables.tenants).toEqual([expect.objectContaining({ id: north, name: 'North Clinic' })]);
    expect(tables.people?.map(({ name }) => name)).toEqual(['Alice Moss']);
    expect(tables.credentials).toHaveLength(1);
    // More than two pages of rows, each once.
    expect(new Set(tables.connection_days?.map(({ day }) => day)).size).toBe(402);
    expect(tables.connection_days).toHaveLength(402);
    expect(tables.fax_lines?.length).toBeGreaterThan(0);
    expect(tables.audit_events?.some(({ action }) => action === 'credential.submitted')).toBe(true);
    for (const secret of [jwt, jwt.slice(-40), 'ciphertext', '$argon2', 'South', 'Sam'])
      expect(text).not.toContain(secret);
  };

  it('SEC-26, SEC-42: is printed by a command as one JSON object without secrets, and leaves an audit row', async () => {
    const lines: string[] = [];
    const failures: string[] = [];
    const terminal = {
      say: (line: string) => void lines.push(line),
      fail: (...told: string[]): 1 => (failures.push(...told), 1),
    };
    const run = test.portal.runs.get('tenants export')!;
    expect(await run({ ref: 'ref-north-clinic' }, terminal)).toBe(0);
    expectWhole(lines.join('\n'));
    expect(await exports()).toMatchObject([{ tenant_id: north, actor_kind: 'command_line', outcome: 'ok' }]);
    expect(await run({ ref: 'absent' }, terminal)).toBe(1);
    expect(failures).toEqual(['there is no tenant with this reference']);
  });

  it('SEC-11: is downloaded by an administrator after a fresh second factor, and by no other role', async () => {
    expect((await admin.get(`/staff/tenants/${north}/settings`)).text).toContain(`href="${url()}"`);
    const page = await admin.get(url());
    expect(page.text).toContain(english.staff.export.without);
    const file = await admin.post(url(), {});
    expect(file.status).toBe(200);
    expect(file.headers['content-type']).toContain('application/json');
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="?clinic-[\w-]+\.json"?$/);
    expect(file.headers['cache-control']).toBe('no-store');
    expectWhole(file.text);
    expect((await exports()).at(-1)).toMatchObject({ actor_kind: 'person', tenant_id: north });
    test.clock.advance(6 * 60_000);
    expect((await admin.get(url())).headers.location).toMatch(/^\/sign-in\/second-factor/);
    const operator = await test.staff('operator');
    expect((await operator.get(`/staff/tenants/${north}/settings`)).text).not.toContain(`href="${url()}"`);
    expect((await operator.get(url())).status).toBe(403);
  });
});
