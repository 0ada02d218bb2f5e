import { authenticator } from '../../src/api-keys/authenticate.js';
import { newKey, newKeyId } from '../../src/api-keys/key-format.js';
import { createLogger } from '../../src/platform/log.js';
import { realWorld } from '../../src/platform/world.js';
import { againstAuditPolicy } from '../security/support/audit-policy.js';
import { TestPortal } from '../support/portal.js';
import { actsOnKeys, aKey, asked, byCommand, idOf, probes } from './support.js';

let test: TestPortal;
let north: string;
let south: string;
beforeAll(async () => {
  test = await TestPortal.start({ added: [probes] });
  north = await test.addTenant('North Clinic');
  south = await test.addTenant('South Clinic');
});
afterAll(() => test.close());

const keys = () => test.portal.services.apiKeys;
const ask = (key: string | undefined, path = '/probe') =>
  test.visitor().call('get', `/api/v1${path}`, key === undefined ? {} : { key });
const lastUseOf = async (key: string) => (await keys().find(idOf(key)))?.lastUsedAt;

describe('SEC-37: an API key', () => {
  it('says who calls: by which key, what for, with which scopes and for which tenants', async () => {
    const all = await aKey(test);
    expect((await ask(all)).body).toEqual({
      keyId: idOf(all),
      name: 'Nightly faxes',
      purpose: 'faxes',
      scopes: ['tokens:issue'],
      tenantIds: null,
    });
    const scopes = ['tenants:read', 'tokens:issue'];
    const two = await aKey(test, { scopes, tenantRefs: ['ref-north-clinic', ' ref-south-clinic '] });
    expect((await ask(two)).body).toMatchObject({
      scopes: ['tokens:issue', 'tenants:read'],
      tenantIds: [north, south],
    });
    expect((await ask(all, `/tenants/${north}/probe`)).status).toBe(403);
  });

  it('gets one 401 body, whatever is wrong with it: form, checksum, unknown, secret, revoked, expired', async () => {
    const good = await aKey(test);
    const id = idOf(good);
    const revoked = await aKey(test);
    await keys().revoke(idOf(revoked), byCommand);
    const expires = new Date(test.clock().getTime() + 50).toISOString();
    const expired = await aKey(test, { expires });
    test.clock.advance(50);
    const bad = {
      none: undefined,
      malformed: 'lky_short',
      damaged: `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
      unknown: newKey(newKeyId(realWorld), realWorld).key.reveal(),
      'another secret': newKey(id, realWorld).key.reveal(),
      revoked,
      expired,
    };
    const answers = new Map<string, string[]>();
    for (const [name, key] of Object.entries(bad)) {
      const { status, text, headers } = await ask(key);
      const { 'x-request-id': requestId = '', date: _date, ...others } = headers;
      const said = JSON.stringify([status, text.replaceAll(requestId, ':request'), others]);
      answers.set(said, [...(answers.get(said) ?? []), name]);
      expect({ name, status }).toEqual({ name, status: 401 });
    }
    expect([...answers.values()]).toEqual([Object.keys(bad)]);
    expect((await ask(good)).status).toBe(200);
    const refused = test.logs.filter((line) => line.includes('an API key was refused'));
    expect(refused.map((line) => (JSON.parse(line) as { why: string }).why)).toEqual([
      'unknown',
      'unknown',
      'revoked',
      'expired',
    ]);
  });

  it('that is malformed or has a wrong checksum is refused without a look in the database', async () => {
    const good = await aKey(test);
    const queries: string[] = [];
    const note = ({ sql }: { sql: string }) => void queries.push(sql);
    test.db.on('query', note);
    try {
      const reads = () => queries.filter((sql) => sql.includes('api_keys')).length;
      for (const text of ['lky_short', `${good.slice(0, -1)}!`, good.replace(/.$/, (c) => (c === '0' ? '1' : '0'))])
        await ask(text);
      expect(reads()).toBe(0);
      await ask(good);
      await ask(good);
      // Each request reads it once; the first one also writes the last use.
      expect(reads()).toBe(3);
    } finally {
      test.db.off('query', note);
    }
  });

  it('is refused from the next request on, in every process, when it is revoked', async () => {
    const key = await aKey(test);
    const log = createLogger('silent');
    const processes = [1, 2].map(() => authenticator({ db: test.db, world: realWorld, log }));
    const accepted = () => Promise.all(processes.map(async (authenticate) => (await authenticate(key)) !== null));
    expect(await accepted()).toEqual([true, true]);
    expect(await keys().revoke(idOf(key), byCommand)).toBe(true);
    expect(await accepted()).toEqual([false, false]);
    expect((await ask(key)).status).toBe(401);
    expect(await keys().revoke(idOf(key), byCommand)).toBe(false);
    expect(await keys().revoke('absent', byCommand)).toBeUndefined();
  });

  it('notes its last use at most once a minute, over all processes', async () => {
    const key = await aKey(test);
    expect(await lastUseOf(key)).toBeNull();
    const log = createLogger('silent');
    const world = { now: test.clock };
    const processes = [1, 2].map(() => authenticator({ db: test.db, world, log }));
    const writes: string[] = [];
    const note = ({ sql }: { sql: string }): void => {
      if (/^update .api_keys/.test(sql)) writes.push(sql);
    };
    test.db.on('query', note);
    try {
      await Promise.all([1, 2, 3, 4, 5].map(async () => processes[0]?.(key)));
      const first = await lastUseOf(key);
      expect(first).not.toBeNull();
      test.clock.advance(30_000);
      for (const authenticate of processes) await authenticate(key);
      expect([await lastUseOf(key), writes.length]).toEqual([first, 1]);
      test.clock.advance(31_000);
      for (const authenticate of processes) await authenticate(key);
      expect(writes).toHaveLength(2);
      expect((await lastUseOf(key))?.getTime()).toBeGreaterThan(first!.getTime() + 60_000);
    } finally {
      test.db.off('query', note);
    }
  });

  it('of one tenant gets for another tenant the bytes of an absent one', async () => {
    const key = await aKey(test, { scopes: ['tenants:read'], tenantRefs: ['ref-north-clinic'] });
    expect((await ask(key, `/tenants/${north}/probe`)).body).toEqual({ tenant: north });
    const bytes = async (tenant: string) => {
      const { status, text, headers } = await ask(key, `/tenants/${tenant}/probe`);
      const { 'x-request-id': requestId = '', date: _date, ...others } = headers;
      return JSON.stringify([status, text.replaceAll(requestId, ':request'), others]);
    };
    const absent = await bytes('00000000-0000-4000-8000-000000000000');
    expect(absent).toContain('[404,');
    expect(await bytes(south)).toBe(absent);
  });

  it('may share its purpose with another one, so that a program changes from one to the other', async () => {
    const [old, next] = [await aKey(test, { purpose: 'nightly' }), await aKey(test, { purpose: 'nightly' })];
    expect([(await ask(old)).status, (await ask(next)).status]).toEqual([200, 200]);
    await keys().revoke(idOf(old), byCommand);
    expect([(await ask(old)).status, (await ask(next)).status]).toEqual([401, 200]);
  });
});

describe('making an API key', () => {
  it.each([
    [{ name: ' ' }, ['name missing']],
    [{ name: 'x'.repeat(101) }, ['name too_long']],
    [{ purpose: '' }, ['purpose malformed']],
    [{ purpose: 'two words' }, ['purpose malformed']],
    [{ scopes: [] }, ['scopes missing']],
    [{ scopes: ['tokens:issue', 'tokens:all'] }, ['scopes unknown']],
    [{ tenantRefs: [' '] }, ['tenants missing']],
    [{ tenantRefs: ['ref-north-clinic', 'ref-of-none'] }, ['tenants unknown']],
    [{ tenantRefs: Array.from({ length: 501 }, (_, n) => `ref-${n}`) }, ['tenants too_many']],
    [{ expires: 'soon' }, ['expires malformed']],
    [{ expires: '2027-02-30' }, ['expires malformed']],
    [{ expires: '2027-01-01T10:00' }, ['expires malformed']],
    [{ expires: '2020-01-01' }, ['expires past']],
    [
      { name: '', purpose: '', scopes: [], expires: '1' },
      ['name missing', 'purpose malformed', 'scopes missing', 'expires malformed'],
    ],
  ])('is refused with %j', async (other, wanted) => {
    const made = await keys().make({ ...asked, ...other }, byCommand);
    const problems = !made.ok && 'problems' in made ? made.problems : [];
    expect(problems.map(({ field, code }) => `${field} ${code}`)).toEqual(wanted);
  });

  it.each([
    ['', null],
    ['2030-12-31', '2031-01-01T00:00:00.000Z'],
    ['2030-12-31T23:00:00Z', '2030-12-31T23:00:00.000Z'],
    ['2030-12-31T23:00+02:00', '2030-12-31T21:00:00.000Z'],
  ])('with the end %j ends at %j', async (expires, wanted) => {
    const key = await keys().find(idOf(await aKey(test, { expires })));
    expect(key?.expiresAt?.toISOString() ?? null).toBe(wanted);
  });

  it('leaves an audit row for each act, and mails every administrator; no mail has a link or the key', async () => {
    const { email } = await test.staff('administrator');
    await test.staff('operator');
    const key = await aKey(test, { name: 'Night & day', tenantRefs: ['ref-north-clinic'], expires: '2030-12-31' });
    await keys().revoke(idOf(key), byCommand);
    await keys().revoke(idOf(key), byCommand);
    expect(await actsOnKeys(test, idOf(key))).toEqual([
      'api_key.made by command_line ok {"scopes":"tokens:issue","tenants":1,"expires":"2031-01-01T00:00:00.000Z"}',
      'api_key.revoked by command_line ok {}',
    ]);
    await test.mail.waitFor(({ to, subject }) => to === email && subject.endsWith('an API key was revoked'));
    const mails = test.mail.messages().filter(({ text }) => text.includes(idOf(key)));
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      [email, 'Example Health: an API key was created'],
      [email, 'Example Health: an API key was revoked'],
    ]);
    for (const { text } of mails) {
      expect(text).toContain('Key name: Night & day');
      expect(text).not.toMatch(/https?:/);
      expect(text).not.toContain('lky_');
    }
    expect(await againstAuditPolicy(test.db)).toEqual([]);
  });
});

describe('the commands', () => {
  async function run(command: string, options: Record<string, string>) {
    const said: string[] = [];
    const wrong: string[] = [];
    const fail = (...lines: string[]) => {
      wrong.push(...lines);
      return 1 as const;
    };
    const code = await test.portal.runs.get(`api-keys ${command}`)?.(options, { say: (line) => said.push(line), fail });
    return { code, said, wrong };
  }
  const needed = { name: 'Nightly', purpose: 'jobs', scope: 'tokens:issue' };

  it('create --wrap prints a link, and the key exists only when the link is used', async () => {
    const { code, said } = await run('create', { ...needed, name: 'Wrapped', wrap: '60' });
    expect(code).toBe(0);
    expect(said).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/api-keys\/claims\/[\w-]{43}$/)]);
    const token = said[0]?.split('/').at(-1) ?? '';
    const [row] = await test.db('api_keys').where({ name: 'Wrapped' }).select<Record<string, unknown>[]>();
    expect(row).toMatchObject({ secret_hash: null, purpose: 'jobs' });
    expect(JSON.stringify(row)).not.toContain(token);
    expect(await actsOnKeys(test, String(row?.id))).toEqual([
      'api_key.link_made by command_line ok {"scopes":"tokens:issue","tenants":"all","expires":null,"minutes":60}',
    ]);
  });

  it.each([
    [{ wrap: '0' }, 2, '--wrap must be 1 to 10080 minutes'],
    [{ wrap: '10081' }, 2, '--wrap must be 1 to 10080 minutes'],
    [{ wrap: 'x' }, 2, '--wrap must be 1 to 10080 minutes'],
    [{ expires: 'soon' }, 2, '--expires must be a date such as 2027-12-31, or a time such as 2027-12-31T23:00:00Z'],
    [{ expires: '2020-01-01' }, 2, '--expires is in the past'],
    [{ purpose: 'two words' }, 2, '--purpose may have 1 to 64 letters, digits and _.:-'],
    [{ name: ' ' }, 2, '--name is missing or has control characters'],
    [{ tenant: 'ref-of-none' }, 1, '--tenant is the reference of no tenant'],
  ])('create refuses %j with the exit code %i', async (options, code, sentence) => {
    expect(await run('create', { ...needed, ...options })).toEqual({ code, said: [], wrong: [sentence] });
  });

  it('list shows each key without its secret, ended ones last, and marks a maker whose account was disabled', async () => {
    const created = { email: 'maker@example-health.example', name: 'Mia Maker', role: 'administrator' };
    const maker = await test.portal.services.staff.createStaff(created);
    if (!maker.ok) throw new Error(maker.problem);
    const by = { actor: { kind: 'person', id: maker.personId } } as const;
    const made = await keys().make({ ...asked, tenantRefs: ['ref-south-clinic'], expires: '2030-12-31' }, by);
    if (!made.ok) throw new Error(JSON.stringify(made));
    await test.portal.services.staff.disable({ id: maker.personId }, byCommand);
    const key = made.key.reveal();
    expect((await ask(key)).status).toBe(200);
    const { said } = await run('list', {});
    const line = said.find((one) => one.startsWith(idOf(key)))?.split('\t');
    const used = (await lastUseOf(key))?.toISOString();
    expect(line).toEqual([
      idOf(key),
      'active',
      'tokens:issue',
      '1',
      'faxes',
      '2031-01-01T00:00:00.000Z',
      used,
      'maker@example-health.example (disabled)',
      'Nightly faxes',
    ]);
    expect(said.join()).not.toContain('lky_');
    const states = said.map((one) => one.split('\t')[1] ?? '');
    const isEnded = (state: string) => ['revoked', 'expired', 'link_expired'].includes(state);
    expect(states.findIndex(isEnded)).toBe(states.filter((state) => !isEnded(state)).length);
    expect(said).toHaveLength(Number((await test.db('api_keys').count({ n: '*' }))[0]?.n));
  });

  it('revoke says so if there is no such key', async () => {
    const { code, wrong } = await run('revoke', { id: 'lky_x' });
    expect({ code, wrong }).toEqual({
      code: 1,
      wrong: ['there is no key with this id; it is the part between lky_ and the next _'],
    });
  });
});
