// Also on PostgreSQL: search and pages of a list.
import type { Knex } from '../../../src/platform/database/database.js';
import { isPostgres } from '../../support/database/databases.js';
import { addManyTenants } from '../../support/many-tenants.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

const COUNT = 400;
/** Tables with at least as many rows as there are clinics. */
const large = [
  'tenants',
  'connections',
  'credentials',
  'check_requests',
  'checks',
  'audit_events',
  'events',
  'connection_days',
];

describe('the list of clinics', () => {
  let test: TestPortal;
  let staff: Visitor;

  beforeAll(async () => {
    test = await TestPortal.start();
    await addManyTenants(test.db, { count: COUNT, now: test.clock() });
    staff = await test.staff('auditor');
  });
  afterAll(() => test.close());

  const url = '/staff/tenants';
  async function open(path: string): Promise<string> {
    const { status, text } = await staff.get(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    return text;
  }
  const idsOn = (html: string) => [...html.matchAll(/href="\/staff\/tenants\/(clinic-\d+)"/g)].map(([, id]) => id);

  /** All pages, from the first to the last. */
  async function walk(query: string): Promise<(string | undefined)[][]> {
    const pages = [];
    for (let path: string | undefined = url + query; path !== undefined;) {
      const html = await open(path);
      pages.push(idsOn(html));
      path = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    }
    return pages;
  }
  const stored = (where: object): Promise<string[]> =>
    test
      .db('connections')
      .where(where)
      .orderBy([
        { column: 'state_since', order: 'desc' },
        { column: 'tenant_id', order: 'desc' },
      ])
      .pluck<string[]>('tenant_id');

  it('shows every clinic once, page by page', async () => {
    const pages = await walk('');
    expect(pages.map(({ length }) => length)).toEqual(Array.from({ length: COUNT / 50 }, () => 50));
    expect(new Set(pages.flat()).size).toBe(COUNT);
  });

  it.each([
    ['?state=healthy', { state: 'healthy' }],
    ['?state=failing&cause=credential_rejected', { state: 'failing', cause: 'credential_rejected' }],
    ['?cause=permission_missing', { cause: 'permission_missing' }],
    ['?cause=expires_soon', { cause: 'expires_soon' }],
  ])('%s: exactly these clinics, latest first, page by page', async (query, where) => {
    const expected = await stored(where);
    expect(expected.length).toBeGreaterThan(3);
    expect((await walk(query)).flat()).toEqual(expected);
  });

  it('shows the numbers of the counters, which are correct', async () => {
    const rows = await test.db('connections').select<{ state: string; cause: string | null }[]>('state', 'cause');
    for (const [query, count] of [
      ['', COUNT],
      ['?state=failing', rows.filter(({ state }) => state === 'failing').length],
      ['?cause=permission_missing', rows.filter(({ cause }) => cause === 'permission_missing').length],
    ] as const) {
      const html = await open(url + query);
      const chosen = [
        ...html.matchAll(/aria-current="true"><span[^>]*>[^<]*<\/span> <span class="filter__count">(\d+)</g),
      ];
      expect({ query, counts: chosen.map(([, shown]) => Number(shown)) }).toMatchObject({
        query,
        counts: expect.arrayContaining([count]) as unknown,
      });
    }
  });

  it('links from a cause in one state to all clinics with it', async () => {
    const html = await open(`${url}?state=failing&cause=permission_missing`);
    expect(html).toContain('href="/staff/tenants?cause=permission_missing"');
  });

  it('says so if no clinic has a cause, and keeps it selected', async () => {
    const html = await open(`${url}?cause=wrong_user_type`);
    expect(html).toContain('No clinic has this cause now.');
    expect(html).toContain('href="/staff/tenants?cause=wrong_user_type" aria-current="true"');
  });

  it.each([
    'state=broken',
    'state=',
    'state=Healthy',
    'state=healthy&state=failing',
    'cause=nothing',
    'cause=toString',
    'cause=__proto__',
    'state=failing&cause=x',
    'state=healthy&after=WyJhIiwiYiJd',
  ])('answers 400 to %s, which no page links to', async (query) => {
    const { status, text } = await staff.get(`${url}?${query}`);
    expect(status).toBe(400);
    expect(text).not.toContain('clinic-1');
  });

  it('does not count or skip rows and uses an index, for every filter', async () => {
    const next = /rel="next" href="([^"]+)"/.exec(await open(`${url}?state=healthy`))?.[1]?.replaceAll('&amp;', '&');
    const statements = new Map<string, readonly Knex.Value[]>();
    const note = ({ sql, bindings }: { sql: string; bindings: Knex.Value[] }) => statements.set(sql, bindings);
    test.db.on('query', note);
    for (const path of [
      url,
      `${url}?state=failing`,
      `${url}?cause=expires_soon`,
      `${url}?state=failing&cause=owner_inactive`,
      next ?? '',
      '/staff/budget',
      '/staff/incidents',
      '/staff/activity',
      `${url}/clinic-1000000`,
    ])
      await open(path);
    test.db.off('query', note);
    const reads = [...statements].filter(
      ([sql]) =>
        /^select/i.test(sql) && large.some((table) => sql.includes(`"${table}"`) || sql.includes(`\`${table}\``)),
    );
    expect(reads.length).toBeGreaterThan(8);
    expect(reads.map(([sql]) => sql).filter((sql) => /\bcount\s*\(|\boffset\b/i.test(sql))).toEqual([]);
    for (const [sql, bindings] of reads) {
      const plan = await planOf(test.db, sql, bindings);
      expect({ sql, plan: plan.filter((step) => isPoor(step)) }).toEqual({ sql, plan: [] });
    }
  });
});

/**
 * Whether a plan reads all of a large table. The list by name reads it from its start in index order, up to its
 * limit.
 */
const isPoor = (step: string): boolean =>
  isPostgres
    ? /Seq Scan on (?!(memberships|people)\b)/.test(step)
    : new RegExp(`SCAN (${large.join('|')})\\b(?! USING INDEX tenants_name_id_index)`).test(step);

async function planOf(db: Knex, sql: string, bindings: readonly Knex.Value[]): Promise<string[]> {
  if (!isPostgres)
    return (await db.raw<{ detail: string }[]>(`explain query plan ${sql}`, bindings)).map(({ detail }) => detail);
  // A database reads small tables whole because that is cheapest; with that disabled, the plan shows whether an index
  // exists.
  return db.transaction(async (trx) => {
    await trx.raw('set local enable_seqscan = off');
    const positions = sql.replace(/\$\d+/g, '?');
    const { rows } = await trx.raw<{ rows: { 'QUERY PLAN': string }[] }>(`explain ${positions}`, bindings);
    return rows.map((row) => row['QUERY PLAN']);
  });
}
