// Also on PostgreSQL: the order of text.
import { isPostgres } from '../support/database/databases.js';
import { anAccountsPortal, type AccountsPortal } from '../accounts/support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

const create = (asked: Parameters<AccountsPortal['tenants']['create']>[0]) =>
  portal.tenants.create(asked, { kind: 'command_line' });

it('makes a tenant with the defaults, and its trace with it', async () => {
  const created = await create({ name: ' North Clinic ', externalRef: ' EHR-17 ' });
  expect(created).toMatchObject({
    ok: true,
    tenant: {
      name: 'North Clinic',
      externalRef: 'EHR-17',
      environment: 'production',
      language: 'en',
      timeZone: 'UTC',
      createdAt: portal.now(),
    },
  });
  expect(created.ok && (await portal.tenants.findByRef('EHR-17'))).toEqual(created.ok && created.tenant);
  expect(await portal.audit()).toEqual(['tenant.created ok']);
});

it('uses the environment, language and time zone that are given', async () => {
  const asked = { name: 'A', externalRef: 'a', environment: 'biz', language: 'en', timeZone: 'America/Denver' };
  expect(await create(asked)).toMatchObject({ ok: true, tenant: { environment: 'biz', timeZone: 'America/Denver' } });
});

it.each([
  [{ name: '', externalRef: 'a' }, [{ field: 'name', code: 'missing' }]],
  [{ name: 'A', externalRef: ' ' }, [{ field: 'externalRef', code: 'missing' }]],
  [{ name: 'A'.repeat(201), externalRef: 'a' }, [{ field: 'name', code: 'too_long' }]],
  [{ name: 'A', externalRef: 'a'.repeat(101) }, [{ field: 'externalRef', code: 'too_long' }]],
  [
    { name: 'A\nB', externalRef: 'a\u2028b' },
    [
      { field: 'name', code: 'control_characters' },
      { field: 'externalRef', code: 'control_characters' },
    ],
  ],
  [{ name: 'A', externalRef: 'a', environment: 'sandbox' }, [{ field: 'environment', code: 'unknown' }]],
  [{ name: 'A', externalRef: 'a', environment: 'constructor' }, [{ field: 'environment', code: 'unknown' }]],
  [{ name: 'A', externalRef: 'a', language: 'xx' }, [{ field: 'language', code: 'unknown' }]],
  [{ name: 'A', externalRef: 'a', timeZone: 'Mars/Olympus' }, [{ field: 'timeZone', code: 'unknown' }]],
  [{ name: 'A', externalRef: 'a', timeZone: '+02:00' }, [{ field: 'timeZone', code: 'unknown' }]],
])('names every problem of %j', async (asked, problems) => {
  expect(await create(asked)).toEqual({ ok: false, problems });
  expect(await portal.audit()).toEqual([]);
});

it.each(['America/Denver', 'US/Mountain', 'Asia/Kolkata', 'Pacific/Chatham', 'UTC'])(
  'knows the time zone %s',
  async (timeZone) => {
    expect(await create({ name: 'A', externalRef: 'a', timeZone })).toMatchObject({ ok: true, tenant: { timeZone } });
  },
);

it.each(['+01:00', 'Etc/GMT+7', 'GMT+1', 'Denver', '', 'America/', '__proto__', 'x'.repeat(10_000)])(
  'knows no time zone %.20j',
  async (timeZone) => {
    expect(await create({ name: 'A', externalRef: 'a', timeZone })).toEqual({
      ok: false,
      problems: [{ field: 'timeZone', code: 'unknown' }],
    });
  },
);

it('sets the language and time zone of one tenant, and leaves a trace where something changed', async () => {
  const [north, south] = [await portal.aTenant('North'), await portal.aTenant('South')];
  const by = { kind: 'command_line' } as const;
  const asked = { language: 'es', timeZone: 'America/Denver', membersNeedSecondFactor: false };
  for (let times = 0; times < 2; times += 1)
    expect(await portal.tenants.setSettings(north, asked, by)).toEqual({ ok: true });
  expect(await portal.tenants.find(north)).toMatchObject(asked);
  expect(await portal.tenants.find(south)).toMatchObject({ language: 'en', timeZone: 'UTC' });
  await portal.tenants.setSettings(north, { ...asked, timeZone: 'UTC' }, by);
  await portal.tenants.setSettings(north, { ...asked, language: 'en', timeZone: 'UTC' }, by);
  const traces = (await portal.audit()).filter((line) => line.startsWith('tenant.language_set'));
  expect(traces).toHaveLength(3);
});

it('keeps which ways to connect a tenant is offered, until it is asked to change them', async () => {
  const north = await portal.aTenant('North');
  const by = { kind: 'command_line' } as const;
  const asked = { language: 'en', timeZone: 'UTC', membersNeedSecondFactor: false };
  const offered = async () => (await portal.tenants.find(north))?.offeredMethods;
  expect(await offered()).toBe('both');
  for (const offeredMethods of ['jwt', 'jwt', undefined] as const)
    await portal.tenants.setSettings(north, { ...asked, offeredMethods }, by);
  expect(await offered()).toBe('jwt');
  const traces = (await portal.audit()).filter((line) => line.startsWith('tenant.methods_set'));
  expect(traces).toHaveLength(1);
});

it('changes nothing where the language or the time zone is unknown', async () => {
  const north = await portal.aTenant('North');
  const asked = { language: 'xx', timeZone: 'Mars/Olympus', membersNeedSecondFactor: true };
  expect(await portal.tenants.setSettings(north, asked, { kind: 'command_line' })).toEqual({
    ok: false,
    problems: [
      { field: 'language', code: 'unknown' },
      { field: 'timeZone', code: 'unknown' },
    ],
  });
  expect(await portal.tenants.find(north)).toMatchObject({ language: 'en', timeZone: 'UTC' });
});

it('makes one tenant a reference, also of two asked for at the same time', async () => {
  const asked = { name: 'North', externalRef: 'EHR-17' };
  const created = await Promise.all([create(asked), create({ ...asked, name: 'Again' })]);
  expect(created.filter(({ ok }) => ok)).toHaveLength(1);
  expect(created.find(({ ok }) => !ok)).toEqual({
    ok: false,
    problems: [{ field: 'externalRef', code: 'duplicate' }],
  });
  expect(await portal.audit()).toEqual(['tenant.created ok']);
});

it('lists every tenant once, by name, page by page, also where names are alike', async () => {
  const names = ['Beech', 'Ash', 'Beech', 'Elm', 'Beech', 'Cedar', 'Ash'];
  for (const [index, name] of names.entries()) await create({ name, externalRef: `ref-${index}` });
  const seen: string[] = [];
  const ids = new Set<string>();
  let after: Parameters<AccountsPortal['tenants']['list']>[1];
  do {
    const { tenants, next } = await portal.tenants.list(2, after);
    seen.push(...tenants.map(({ name }) => name));
    for (const { id } of tenants) ids.add(id);
    after = next ?? undefined;
  } while (after);
  expect(seen).toEqual(names.toSorted());
  expect(ids.size).toBe(names.length);
});

it('finds the next page by its index, not by counting rows', async () => {
  const query = `select * from tenants where (name, id) > ('a', 'b') order by name, id limit 50`;
  if (isPostgres) {
    // So few rows are read and sorted as they are, unless it is told not to.
    const plan = await portal.db.transaction(async (trx) => {
      for (const way of ['seqscan', 'bitmapscan', 'sort']) await trx.raw(`set local enable_${way} = off`);
      return trx.raw<{ rows: Record<string, string>[] }>(`explain ${query}`);
    });
    const lines = plan.rows.flatMap((row) => Object.values(row)).join('\n');
    expect(lines).toMatch(/Index Scan using tenants_name_id_index/);
    expect(lines).not.toMatch(/Sort/);
    return;
  }
  const plan = await portal.db.raw<{ detail: string }[]>(`explain query plan ${query}`);
  expect(plan.map(({ detail }) => detail).join()).toMatch(/SEARCH tenants USING INDEX/);
});

it.each([
  [0, 1],
  [-5, 1],
  [1_000_000, 3],
])('a limit of %i gives %i rows', async (limit, rows) => {
  for (const ref of ['a', 'b', 'c']) await create({ name: ref, externalRef: ref });
  expect((await portal.tenants.list(limit)).tenants).toHaveLength(rows);
});
