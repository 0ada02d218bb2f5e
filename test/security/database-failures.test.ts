// Also on PostgreSQL: how the database fails.
import { openDatabase } from '../../src/platform/database/database.js';
import { aDatabaseUrl, breakInserts, isPostgres } from '../support/database/databases.js';
import { dataOf, type Answer, type Visitor } from '../support/visits/visitor.js';
import { TestPortal } from '../support/portal.js';

const MARKER = 'raised-by-the-test';

/** An error page: what to do, a support code that the log contains, and no internal details. */
function expectHonestError(test: TestPortal, answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  const { headers } = answer;
  const text = answer.text.replaceAll(/name="_csrf" value="[^"]*"/g, ''); // random letters sometimes spell "pg-"
  const id = headers['x-request-id'] ?? '';
  expect(text).toContain('<h1');
  expect(text).toContain(`Code for support: ${id}`);
  expect(test.logs.some((line) => line.includes(id) && line.includes('"level":50'))).toBe(true);
  expect(text).not.toMatch(
    /SQLITE|Sqlite|postgres|pg-|insert into|select |knex|node_modules|\.ts:|\.js:|\/tmp\/|Error:/,
  );
  expect(text).not.toContain(MARKER);
}

describe('SEC-49: the database fails', () => {
  let databaseUrl: string;
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;
  beforeEach(async () => {
    databaseUrl = await aDatabaseUrl();
    test = await TestPortal.start({ databaseUrl });
    tenantId = await test.addTenant('North Clinic');
    alice = await test.member(tenantId);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
  });
  afterEach(() => test.close());

  const submit = () => alice.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion('riverside').jwt });
  const rows = async (table: string) => (await test.db(table).where({ tenant_id: tenantId }).select()).length;
  const connection = () => alice.get(`/tenants/${tenantId}/connection`);

  it.each(['credentials', 'sealed_secrets', 'check_requests', 'connections', 'audit_events'])(
    'a paste that cannot be written to %s fails, leaves nothing behind, and works a moment later',
    async (table) => {
      const fix = await breakInserts(test.db, table, MARKER);
      const refused = await submit();
      expectHonestError(test, refused, 500);
      expect(test.logs.join('\n')).not.toContain(test.assertion('riverside').jwt.slice(0, 200));
      await fix();
      for (const written of ['credentials', 'sealed_secrets', 'check_requests']) expect(await rows(written)).toBe(0);
      expect(dataOf((await connection()).text)).toMatchObject({ state: 'not_connected' });
      expect((await submit()).status).toBe(303);
      expect(dataOf((await connection()).text)).toMatchObject({ state: 'healthy' });
    },
  );

  it('a database locked by another process gives a 503 with a time, /healthz answers at once, and the portal works afterwards', async () => {
    const other = openDatabase(databaseUrl);
    const held = await other.transaction(); // on SQLite, this alone locks the file
    if (isPostgres) await held.raw('lock table credentials in access exclusive mode');
    try {
      const submitted = submit();
      const begun = performance.now();
      expect((await test.visitor().get('/healthz')).status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(2000);
      const refused = await submitted;
      expectHonestError(test, refused, 503);
      expect(refused.headers['retry-after']).toBe('10');
      expect(refused.text).toContain('It should be back in 10 seconds (');
    } finally {
      await held.rollback();
      await other.destroy();
    }
    expect(await rows('credentials')).toBe(0);
    expect((await submit()).status).toBe(303);
    expect(dataOf((await connection()).text)).toMatchObject({ state: 'healthy' });
  });

  it('a missing database ends requests with a page, never the process', async () => {
    await test.db.destroy();
    expectHonestError(test, await connection(), 500);
    expectHonestError(test, await submit(), 500);
    expect((await test.visitor().get('/healthz')).status).toBe(200);
    expect((await test.visitor().get('/readyz')).text).toBe('unavailable');
  });
});
