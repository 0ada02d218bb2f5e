// Also on PostgreSQL: a migration that rewrites stored rows.
import { sealContextOf } from '../../../src/credentials/credential-store.js';
import { migrate, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { generateSealingKeys, privateKeySealing } from '../../../src/platform/sealing/sealing.js';
import { TestPortal } from '../../support/portal.js';
import { dataOf } from '../../support/visits/visitor.js';
import { accounts, anOldDatabase, clinics, FIRST, ranks, SECOND, split, STALE, type Day } from './second-app-rows.js';

type ConnectionRow = { tenant_id: string; health: string; state: string; cause: string | null; state_since: string };
type DayRow = { day: string; state: string; cause: string | null; rank: number };
type LastOfDay = { last_state: string; last_cause: string | null };

describe('a database from the version that tried each JWT with a second app', () => {
  let url: string;
  let db: Knex;
  const untouched = ['live', 'pending', 'failing'];
  const rowsOf = async (tenantId: string) => ({
    connection: await db('connections').where({ tenant_id: tenantId }).first<ConnectionRow | undefined>(),
    days: await db('connection_days').where({ tenant_id: tenantId }).orderBy('day').select<(DayRow & LastOfDay)[]>(),
    checks: await db('checks').where({ tenant_id: tenantId }).orderBy('finished_at').select<{ warnings: string }[]>(),
  });
  let before: Record<string, Awaited<ReturnType<typeof rowsOf>>>;

  beforeAll(async () => {
    url = await anOldDatabase();
    db = openDatabase(url);
    before = {};
    for (const name of untouched) before[name] = await rowsOf(name);
    await migrate(db);
  }, 60_000);
  afterAll(() => db.destroy());

  it.each(untouched)('keeps the rows of a clinic without that warning unchanged: %s', async (name) => {
    const { connection, ...others } = before[name]!;
    // Later migrations add the columns.
    const added = { approved_owner_id: null, held_owner_name: null, held_account_name: null };
    expect(await rowsOf(name)).toEqual({ ...others, connection: { ...connection, ...added } });
  });

  // Expected: shown state, since when, remaining warnings, last conclusive answer, and each day's worst and last
  // state.
  it.each<[name: string, shown: string, since: string, warnings: string[], conclusive: string, days: Day[]]>([
    ['broad', 'healthy', FIRST, [], 'healthy', [['2026-11-18', 'healthy', 'healthy']]],
    ['broad and late', 'healthy', FIRST, [], 'healthy', [['2026-11-18', 'healthy', 'healthy']]],
    [
      'broad and of another environment',
      'warning environment_differs',
      FIRST,
      ['environment_differs'],
      'warning',
      [
        ['2026-11-18', 'warning environment_differs', 'warning environment_differs'],
        ['2026-11-20', 'warning environment_differs', 'warning environment_differs'],
      ],
    ],
    [
      'broad and without a line',
      'warning no_fax_line',
      SECOND,
      ['no_fax_line'],
      'warning',
      [
        ['2026-11-18', 'healthy', 'healthy'],
        ['2026-11-19', 'warning no_fax_line', 'warning no_fax_line'],
      ],
    ],
    [
      'broad and with lines again',
      'healthy',
      SECOND,
      [],
      'healthy',
      [
        ['2026-11-18', 'warning no_fax_line', 'warning no_fax_line'],
        ['2026-11-19', 'warning no_fax_line', 'healthy'],
        ['2026-11-20', 'healthy', 'healthy'],
      ],
    ],
    ['broad and refused once', 'healthy', FIRST, [], 'healthy', [['2026-11-18', 'healthy', 'healthy']]],
    [
      'broad and unverified',
      'unverified',
      STALE,
      [],
      'healthy',
      [
        ['2026-11-18', 'healthy', 'healthy'],
        ['2026-11-20', 'unverified', 'unverified'],
      ],
    ],
    [
      'broad between two failures',
      'failing owner_inactive',
      SECOND,
      [],
      'failing',
      [
        ['2026-11-18', 'failing owner_inactive', 'healthy'],
        ['2026-11-19', 'failing owner_inactive', 'failing owner_inactive'],
      ],
    ],
    [
      'no longer broad',
      'healthy',
      SECOND,
      [],
      'healthy',
      [
        ['2026-11-18', 'healthy', 'healthy'],
        ['2026-11-19', 'healthy', 'healthy'],
      ],
    ],
  ])('%s becomes %s', async (name, shown, since, warnings, conclusive, days) => {
    const found = await rowsOf(name);
    const health = JSON.parse(found.connection?.health ?? '') as {
      since: string;
      serving: { warnings?: string[]; before?: { warnings: string[] } };
      lastConclusive: { state: string };
    };
    expect([found.connection?.state, found.connection?.cause]).toEqual(split(shown));
    expect(found.connection?.state_since).toBe(since);
    if (shown !== 'unverified') expect(health.since).toBe(since);
    expect((health.serving.before ?? health.serving).warnings ?? []).toEqual(warnings);
    expect(health.lastConclusive.state).toBe(conclusive);
    expect(found.days.map((day) => [day.day, day.state, day.cause, day.rank, day.last_state, day.last_cause])).toEqual(
      days.map(([day, worst, last]) => [day, ...split(worst), ranks.indexOf(split(worst)[0]), ...split(last)]),
    );
    expect(found.checks.filter(({ warnings: of }) => of.includes('over_broad'))).toEqual([]);
  });

  it('counts each connection under its new state', async () => {
    const counts = await db('connection_counts').where('count', '>', 0).select('state', 'cause', 'count');
    const text = counts.map(({ state, cause, count }) => `${state} ${cause} ${count}`);
    expect(text.sort()).toEqual([
      'failing owner_inactive 2',
      'healthy  5',
      'pending app_not_permitted 1',
      'unverified  1',
      'warning environment_differs 1',
      'warning expires_soon 1',
      'warning no_fax_line 1',
    ]);
  });

  it('keeps the numbers of events, and gives each the text that programs read', async () => {
    type Row = { nr: number; id: string; seq: number; body: string; tenant_id: string };
    const rows = await db('events').orderBy('nr').select<Row[]>('nr', 'id', 'seq', 'body', 'tenant_id');
    expect(rows.length).toBeGreaterThan(0);
    for (const { nr, id, seq, body, tenant_id: tenant } of rows) {
      expect(seq).toBe(nr);
      expect(body).toMatch(
        /^\{"id":".*","seq":\d+,"type":".*","at":".*","tenant":".*","external_ref":".*","data":\{.*\}\}$/,
      );
      expect(JSON.parse(body)).toMatchObject({ id, seq, tenant });
    }
    expect((await db('sequences').first<{ last: number }>('last')).last).toBe(rows.at(-1)?.seq);
  });

  it('records one event for each connection with a changed state or cause, and keeps the old events', async () => {
    const events = await db('events').orderBy('nr').select('tenant_id', 'type', 'data');
    const told = events.map(({ tenant_id: tenantId, type, data }) => {
      const { cause } = JSON.parse(String(data)) as { cause: string | null };
      return `${tenantId}: ${type} ${cause}`;
    });
    expect(told[0]).toBe('broad: connection.warning over_broad');
    expect(told.slice(1).sort()).toEqual([
      'broad and late: connection.recovered null',
      'broad and of another environment: connection.warning environment_differs',
      'broad and refused once: connection.recovered null',
      'broad and with lines again: connection.recovered null',
      'broad: connection.recovered null',
    ]);
  });

  it('no longer has columns for that app', async () => {
    const columns = Object.keys(await db('credentials').columnInfo());
    expect(columns).toContain('fingerprint');
    expect(columns.filter((name) => name.includes('canary'))).toEqual([]);
  });

  it('works: its credentials are checked, and staff can read the old audit rows', async () => {
    const { privateJwks } = await generateSealingKeys();
    const sealing = await privateKeySealing(privateJwks);
    const test = await TestPortal.start({ databaseUrl: url, env: { SEALING_KEYS_FILE: JSON.stringify(privateJwks) } });
    try {
      for (const [name, { clinic }] of Object.entries(accounts)) {
        const { jwt } = test.assertion(clinic);
        const sealed = await sealing.seal(jwt, sealContextOf(name, `jwt of ${name}`));
        await test.db('sealed_secrets').where({ tenant_id: name }).update(sealed);
        const alice = await test.member(name, `Alice of ${name}`);
        await alice.get(`/tenants/${name}/connection`);
        expect((await alice.post(`/tenants/${name}/connection/checks`)).status).toBe(303);
        const page = await alice.get(`/tenants/${name}/connection`);
        const [state, cause] = name === 'pending' ? ['pending', 'not_confirmed'] : ['healthy', '']; // never connected
        expect([name, dataOf(page.text)]).toEqual([name, expect.objectContaining({ state, cause })]);
      }
      const staff = await test.staff('auditor');
      const { text } = await staff.get('/staff/tenants/broad/activity');
      expect(text).toContain('JWT tried with another app');
      for (const name of Object.keys(clinics)) {
        const page = await staff.get(`/staff/tenants/${encodeURIComponent(name)}`);
        expect([name, page.status]).toEqual([name, 200]);
      }
      expect((await staff.get('/staff/tenants?state=healthy')).status).toBe(200);
    } finally {
      await test.close();
    }
  }, 60_000);
});
