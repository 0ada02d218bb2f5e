// Also on PostgreSQL: search and pages of a list.
import fc from 'fast-check';
import type { Knex } from '../../../src/platform/database/database.js';
import { isPostgres } from '../../support/database/databases.js';
import { addManyTenants } from '../../support/many-tenants.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

const COUNT = 400;
const worst = ['failing', 'unverified', 'warning', 'pending', 'not_connected', 'healthy', 'disconnected'];
/** Tables with at least as many rows as there are clinics. */
const large = [
  'tenants',
  'tenant_words',
  'invitations',
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
  const by = { kind: 'command_line' } as const;
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
  const stored = async (where: object): Promise<string[]> => {
    const rows = await test
      .db('connections')
      .where(where)
      .select<{ tenant_id: string; state: string; state_since: string }[]>('tenant_id', 'state', 'state_since');
    const key = (row: (typeof rows)[0]) => `${worst.indexOf(row.state)} ${row.state_since} ${row.tenant_id}`;
    return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).map((row) => row.tenant_id);
  };

  it('shows every clinic once, page by page, the worst state first, and in it the longest first', async () => {
    const pages = await walk('');
    expect(pages.map(({ length }) => length)).toEqual(Array.from({ length: COUNT / 50 }, () => 50));
    expect(pages.flat()).toEqual(await stored({}));
  });

  it.each([
    ['?state=healthy', { state: 'healthy' }],
    ['?state=failing&cause=credential_rejected', { state: 'failing', cause: 'credential_rejected' }],
    ['?cause=permission_missing', { cause: 'permission_missing' }],
    ['?cause=expires_soon', { cause: 'expires_soon' }],
  ])('%s: exactly these clinics, worst and longest first, page by page', async (query, where) => {
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
    'invited=yes',
    'invited=silent&state=failing',
    'q=a&q=b',
    `q=${'a'.repeat(201)}`,
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
      `${url}?q=ehr-10000&state=healthy`,
      `${url}?q=clinic+riverside&state=healthy`,
      `${url}?q=c&invited=silent`,
      `${url}?invited=silent`,
      '/staff/budget',
      '/staff/incidents',
      '/staff/activity',
      `${url}/clinic-1000000`,
    ])
      await open(path);
    test.db.off('query', note);
    const reads = [...statements].filter(
      ([sql]) =>
        /^select/i.test(sql) &&
        !/where 1 = /.test(sql) && // of no tenants: both databases see at once that no row can match
        large.some((table) => sql.includes(`"${table}"`) || sql.includes(`\`${table}\``)),
    );
    expect(reads.length).toBeGreaterThan(8);
    expect(reads.map(([sql]) => sql).filter((sql) => /\bcount\s*\(|\boffset\b/i.test(sql))).toEqual([]);
    for (const [sql, bindings] of reads) {
      const plan = await planOf(test.db, sql, bindings);
      expect({ sql, plan: plan.filter((step) => isPoor(step)) }).toEqual({ sql, plan: [] });
    }
  });

  describe('search', () => {
    const found = async (q: string, more = '') =>
      (await walk(`?${new URLSearchParams({ q }).toString()}${more}`)).flat();
    const named = (): Promise<{ id: string; name: string; external_ref: string }[]> =>
      test.db('tenants').select('id', 'name', 'external_ref');

    it('finds exactly the clinics of which a word begins so, whatever is typed, in the order of the list', async () => {
      const all = await stored({});
      const clinics = await named();
      const folds = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
      const word = fc.constantFrom(
        ...[
          'Riverside',
          'riv',
          'CLÍNIC',
          'clinic',
          'Lakeview',
          'st',
          'mary',
          'c',
          'medi',
          'ped',
          'ortho',
          'eye',
          '7',
          '39',
        ],
        ...['ehr', '10001', '1000', '1000399', 'nowhere', '🐾'],
      );
      await fc.assert(
        fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 3 }), async (typed) => {
          const expected = clinics.filter(({ name, external_ref: ref }) => {
            const words = folds(`${name} ${ref}`).split(/[ .-]+/);
            return typed.every((one) => words.some((text) => text.startsWith(folds(one))));
          });
          const ids = new Set(expected.map(({ id }) => id));
          expect(await found(typed.join(' '))).toEqual(all.filter((id) => ids.has(id)));
        }),
        { numRuns: 12 },
      );
    });

    it('shows a page of a search that very many clinics match, and goes on from there', async () => {
      const many = Array.from({ length: 501 }, (_none, index) => ({ tenant_id: 'clinic-1000000', word: `zz${index}` }));
      for (const part of [many.slice(0, 300), many.slice(300)]) await test.db('tenant_words').insert(part);
      await test.db('tenant_words').insert((await named()).map(({ id }) => ({ tenant_id: id, word: 'zz' })));
      const html = await open(`${url}?q=zz`);
      expect(html).toContain('Very many clinics match “zz”.');
      expect(html).not.toContain('filter__count');
      expect(await found('zz')).toEqual(await stored({}));
      expect(await found('zz', '&state=warning')).toEqual(await stored({ state: 'warning' }));
      await test.db('tenant_words').where('word', 'like', 'zz%').delete();
    });

    it('keeps what was typed in filters, pages and the box, with the numbers of what was found', async () => {
      const html = await open(`${url}?q=r%C3%AFverside`);
      const riverside = (await named()).filter(({ name }) => name.startsWith('Riverside'));
      expect(html).toContain(`${riverside.length} clinics match “rïverside”.`);
      expect(html).toContain('value="rïverside"');
      expect(html).toMatch(/href="\/staff\/tenants\?q=r%C3%AFverside&amp;state=failing"/);
      const failing = await found('riverside', '&state=failing');
      const ids = riverside.map(({ id }) => id);
      expect(await open(`${url}?q=riverside&state=failing`)).toContain(`${failing.length} clinics match “riverside”.`);
      expect(failing.length).toBeLessThan(riverside.length);
      expect(failing).toEqual((await stored({ state: 'failing' })).filter((id) => ids.includes(id)));
    });

    it('is the list if nothing that can be found was typed', async () => {
      for (const q of ['', '%20', '%CC%81', '%E2%80%8B'])
        expect(idsOn(await open(`${url}?q=${q}`))).toEqual(idsOn(await open(url)));
    });

    it.each([
      ['شفاء', 'عيادة الشفاء', 'EHR-RTL', 'الشفا'],
      ['emoji', '🐾 Paws & Claws', 'EHR-🐾', '🐾 paws'],
      ['markup', '<script>alert(1)</script> & Co', 'a"b\'c', '<script>'],
      ['long', `Clinic ${'é'.repeat(193)}`, 'x'.repeat(100), 'e'.repeat(180)],
      ['wildcards', 'q%x Dental_Care', 'r_f', 'q%X'],
    ])('finds a name in any characters, and shows it as text: %s', async (_what, name, externalRef, typed) => {
      const { tenants, offboarding } = test.portal.services;
      const created = await tenants.create({ name, externalRef }, by);
      const id = created.ok ? created.tenant.id : JSON.stringify(created.problems);
      const html = await open(`${url}?${new URLSearchParams({ q: typed }).toString()}`);
      expect([...html.matchAll(/href="\/staff\/tenants\/([0-9a-f-]{36})"/g)].map(([, one]) => one)).toEqual([id]);
      expect(html).not.toContain('<script>alert');
      expect(await found('%')).toEqual([]);
      await tenants.change(id, { name: 'Renamed', externalRef: 'renamed' }, by);
      expect(await open(`${url}?${new URLSearchParams({ q: typed }).toString()}`)).toContain('No clinic matches');
      expect(await open(`${url}?q=renam`)).toContain(id);
      await offboarding.offboard(id, by);
      await test.db('tenants').where({ id }).update({ external_ref: id });
      expect(await open(`${url}?q=renam`)).toContain('No clinic matches');
    });

    it('is for staff only, and writes down nothing that was typed', async () => {
      const typed = 'Quillfeather-Jane';
      await open(`${url}?q=${typed}`);
      const other = await test.visitor().get(`${url}?q=${typed}`);
      expect(other.status).toBe(303);
      const logged = test.logs.join('');
      expect(logged).toContain('/staff/tenants');
      const audited = JSON.stringify(await test.db('audit_events').select());
      for (const text of [logged, audited]) expect(text).not.toMatch(/quillfeather|jane/i);
    });
  });

  describe('clinics that were invited and have not answered', () => {
    const DAY = 24 * 3600_000;
    async function invite(id: string, email: string, daysAgo: number): Promise<string> {
      const invited = await test.portal.services.invitations.invite({ tenantId: id, email, invitedBy: null });
      if (!invited.ok) throw new Error(invited.problem);
      const at = new Date(test.clock().getTime() - daysAgo * DAY).toISOString();
      await test.db('invitations').where({ id: invited.id }).update({ created_at: at });
      return invited.id;
    }

    it('are those whose newest invitation has waited five days while no one belongs to them, the longest first', async () => {
      const { services } = test.portal;
      await invite('clinic-1000010', 'a@clinic.example', 5);
      await invite('clinic-1000011', 'b@clinic.example', 12);
      await invite('clinic-1000012', 'c@clinic.example', 4.9);
      // Invited again since.
      await invite('clinic-1000013', 'd@clinic.example', 9);
      await invite('clinic-1000013', 'e@clinic.example', 1);
      // Revoked.
      const revoked = await invite('clinic-1000014', 'f@clinic.example', 9);
      await services.invitations.revoke('clinic-1000014', revoked, { actor: by });
      // Someone else came.
      await invite('clinic-1000015', 'g@clinic.example', 9);
      await services.tenants.addMember(test.db, 'clinic-1000015', 'many-paster', 'owner');
      expect((await walk('?invited=silent')).flat()).toEqual(['clinic-1000011', 'clinic-1000010']);
      const html = await open(url);
      expect(html).toMatch(/Invited, no answer for 5 days<\/span> <span class="filter__count">2</);
      expect(await open(`${url}?q=1000011`)).toContain('Invited, no answer for 12 days');
      expect((await walk('?invited=silent&q=1000010')).flat()).toEqual(['clinic-1000010']);
      expect(await open(`${url}?invited=silent&q=1000012`)).toContain('No clinic in this list matches');
    });

    it('are listed page by page, and counted to 50', async () => {
      const ids = Array.from({ length: 60 }, (_none, index) => `clinic-${1_000_100 + index}`);
      const row = await test.db('invitations').where({ tenant_id: 'clinic-1000011' }).first<object>();
      const at = (index: number) => new Date(test.clock().getTime() - (60 - index) * DAY).toISOString();
      const copies = ids.map((id, index) => ({
        ...row,
        id,
        tenant_id: id,
        token_hash: id,
        opt_out_hash: id,
        created_at: at(index),
      }));
      await test.db('invitations').insert(copies);
      expect(await open(url)).toMatch(/<span class="filter__count">50 or more</);
      const pages = await walk('?invited=silent');
      const silent = ids.slice(0, 56);
      expect(pages.map(({ length }) => length)).toEqual([50, 8]);
      expect(pages.flat().filter((id) => silent.includes(id ?? ''))).toEqual(silent);
    });
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
