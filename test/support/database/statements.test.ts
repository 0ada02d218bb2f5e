// Also on PostgreSQL: its statements and its description of tables are its own.
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { credentialStore } from '../../../src/credentials/credential-store.js';
import { checkStore } from '../../../src/connections/checks/check-store.js';
import { addTenantRow, aDatabase } from '../credential-rows.js';
import { tablesOf } from './databases.js';
import { takeBadStatements, tenantTablesOf, unboundTables } from './statements.js';
import { ownersOf } from './table-owners.js';

let db: Knex;
beforeEach(async () => (db = await aDatabase()));
afterEach(() => db.destroy());

/** A statement that no test file runs directly, because Node calls the handle. */
const planted = (handle: Knex, table: string): Promise<unknown> => Promise.resolve(table).then(handle);

describe('SEC-19: every statement on a table of tenants binds a tenant', () => {
  it('knows the tables of tenants from the migrated database', async () => {
    expect([...(await tenantTablesOf(db))].sort()).toEqual([
      'access_token_secrets',
      'access_tokens',
      'audit_events',
      'authorization_requests',
      'check_requests',
      'checks',
      'clinic_import_lines',
      'confirmed_accounts',
      'connection_days',
      'connections',
      'console_visits',
      'credentials',
      'disconnected_credentials',
      'disconnections',
      'ended_memberships',
      'ending_sessions',
      'events',
      'fax_lines',
      'fax_report_lines',
      'fax_reports',
      'hand_off_sessions',
      'hand_offs',
      'incidents',
      'invitations',
      'memberships',
      'notices',
      'offboardings',
      'outbox',
      'refresh_tokens',
      'sealed_secrets',
      'tenant_words',
      'token_flights',
      'unconfirmed_accounts',
      'watched_owners',
      'webhook_deliveries',
    ]);
  });

  it('a test fails in which a statement names no tenant', async () => {
    await planted(db, 'credentials');
    await transactionOn(db)((trx) => planted(trx, 'checks'));
    expect(takeBadStatements().filter((found) => found.includes('without a tenant'))).toEqual([
      expect.stringMatching(/^credentials without a tenant, from .*: select \* from [`"]credentials[`"]$/),
      expect.stringMatching(/^checks without a tenant, from .*: select \* from [`"]checks[`"]$/),
    ]);
  });

  it('a statement of raw SQL is judged as well', async () => {
    await Promise.resolve('delete from "credentials"').then((sql) => Promise.resolve(sql).then(db.raw));
    expect(takeBadStatements()).toContainEqual(expect.stringContaining('credentials without a tenant'));
  });

  it("a store's statement that binds a tenant passes, and so does one that is marked with its reason", async () => {
    await addTenantRow(db, 'a');
    await checkStore(db).forTenant('a').newest(3);
    await credentialStore(db).kidsInUse();
    expect(takeBadStatements()).toEqual([]);
  });

  it("a test's own statements may read what they like", async () => {
    expect(await db('checks').select('id')).toEqual([]);
    expect(takeBadStatements()).toEqual([]);
  });
});

describe('SEC-19: only its own store touches a table', () => {
  it('knows the owners of all tables', async () => {
    expect(Object.keys(ownersOf).sort()).toEqual(await tablesOf(db));
  });

  it('a test fails in which a store touches the table of another one', async () => {
    // Whatever table this handle is asked for, it answers with `credentials`.
    const misled = db.bind(undefined, 'credentials') as unknown as Knex;
    await checkStore(misled)
      .forTenant('a')
      .newest(3)
      .catch(() => undefined); // it has no such columns
    expect(takeBadStatements()).toEqual([
      expect.stringMatching(
        /^credentials belongs to credentials\/credential-store\.ts, but \S*src\/connections\/checks\/check-store\.ts makes: select/,
      ),
    ]);
  });

  it('so does a test in which a statement of raw SQL has no quotes', async () => {
    await Promise.resolve('update people set name = name').then((sql) => Promise.resolve(sql).then(db.raw));
    expect(takeBadStatements()).toEqual([expect.stringMatching(/^people belongs to .* makes: update people/)]);
  });
});

describe('what binds a tenant', () => {
  const tables = new Set(['checks', 'credentials']);

  it.each([
    'select * from `checks` where `tenant_id` = ?',
    'select * from "checks" where "id" = $1 and "tenant_id" = $2 limit $3',
    'select * from `checks` where `checks`.`tenant_id` = ?',
    'select * from `checks` where `tenant_id` is null',
    'update `checks` set `cause` = ? where `tenant_id` = ?',
    'insert into `checks` (`id`, `tenant_id`) values (?, ?)',
    'insert into `checks` (`id`, `tenant_id`) select ? as `id`, ? as `tenant_id` union all select ?, ?',
    'delete from `sessions` where `id` = ?',
  ])('%s', (sql) => {
    expect(unboundTables(sql, tables)).toEqual([]);
  });

  it.each([
    ['select * from `checks`', ['checks']],
    ['select `tenant_id` from "checks" where "id" = $1', ['checks']],
    ['update `checks` set `tenant_id` = ?', ['checks']],
    ['update `checks` set `tenant_id` = ? where `id` = ?', ['checks']],
    ['delete from `checks` where not `tenant_id` in (?)', ['checks']],
    ['insert into `checks` (`id`) values (?) on conflict (`tenant_id`) do nothing', ['checks']],
    ['select * from `sessions` inner join `checks` on `checks`.`id` = `sessions`.`id`', ['checks']],
    ['select * from `checks` where `credential_id` in (select `id` from `credentials`)', ['checks', 'credentials']],
  ])('not: %s', (sql, unbound) => {
    expect(unboundTables(sql, tables)).toEqual(unbound);
  });
});
