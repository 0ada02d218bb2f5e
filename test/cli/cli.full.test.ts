// Runs for 120 s
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '../../src/platform/database/database.js';
import { runCompiled } from '../drill/compiled.js';
import { anEmptyDatabaseUrl, anUnusableUrl, cannotBeOpened, notMigrated } from '../support/database/databases.js';

const latchkey = (args: string[], options: { env?: Record<string, string>; stdin?: string } = {}) =>
  runCompiled('cli', { args, ...options });

describe('setting up an installation with commands', () => {
  let folder: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
    env = {
      PUBLIC_URL: 'https://portal.example',
      TRUST_PROXY: '127.0.0.1',
      DATABASE_URL: await anEmptyDatabaseUrl(),
      SESSION_SECRET: 'synthetic-session-secret-0123456789',
      ACCOUNTS_KEY: randomBytes(32).toString('base64'),
      SEALING_KEYS_FILE: join(folder, 'private.json'),
      RINGCENTRAL_SERVER_URL: 'http://127.0.0.1:1',
      RINGCENTRAL_CLIENT_ID: 'EXAMPLEclientId_000001',
      RINGCENTRAL_CLIENT_SECRET: 'EXAMPLEsecretEXAMPLEsecret',
      RINGCENTRAL_APP_NAME: 'Example Health Fax',
      ISV_NAME: 'Example Health',
      ISV_SUPPORT_EMAIL: 'support@example-health.example',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'no-reply@example-health.example',
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const createTenant = (name: string, ref: string) =>
    latchkey(['tenants', 'create', '--name', name, '--ref', ref], { env });

  it('SEC-34: keys generate needs no configuration, writes files for the owner only, and never overwrites', async () => {
    const [file, publicFile] = [env.SEALING_KEYS_FILE ?? '', join(folder, 'public.json')];
    const generate = () => latchkey(['keys', 'generate', '--private', file, '--public', publicFile]);
    expect(await generate()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect([file, publicFile].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    const before = readFileSync(file, 'utf8');
    const again = await generate();
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toBe(`${file} already exists and is not overwritten`);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('SEC-34: keys generate --audit likewise, beside no other file', async () => {
    const file = join(folder, 'audit.pem');
    const generate = (...more: string[]) => latchkey(['keys', 'generate', '--audit', file, ...more]);
    expect(await generate('--public', join(folder, 'other.json'))).toMatchObject({ code: 2, stdout: '' });
    expect(await generate()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await generate()).toMatchObject({ code: 1, stderr: `${file} already exists and is not overwritten` });
  });

  it('on an outdated database, every command stops and says what to do', async () => {
    const { code, stdout, stderr } = await createTenant('Riverside', 'r-1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`DATABASE_URL ${notMigrated}`);
  });

  it('on a database of a later version, a command does not advise to migrate it', async () => {
    const later = { ...env, DATABASE_URL: await anEmptyDatabaseUrl() };
    const db = openDatabase(later.DATABASE_URL);
    await migrate(db);
    await db('knex_migrations').insert({ name: '20991231_99_later.cjs', batch: 9, migration_time: new Date() });
    await db.destroy();
    const told = 'DATABASE_URL is ahead of this version: run the version that migrated it';
    expect(await latchkey(['check'], { env: later })).toMatchObject({ code: 1, stdout: '', stderr: told });
  });

  it('a database that cannot be opened gives one line without stack and address', async () => {
    const unusable = { ...env, DATABASE_URL: anUnusableUrl };
    const told = { code: 1, stdout: '', stderr: `DATABASE_URL ${cannotBeOpened}` };
    expect(await latchkey(['migrate'], { env: unusable })).toMatchObject(told);
    const { code, stdout, stderr } = await latchkey(['doctor'], { env: unusable });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^bad +database.*cannot be opened/m);
    expect(stdout).not.toContain(anUnusableUrl.replace(/^\w+:/, ''));
  });

  it('migrate updates the database and can be repeated', async () => {
    expect(await latchkey(['migrate'], { env })).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await latchkey(['migrate'], { env })).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const [, file] = /^sqlite:(.*)$/.exec(env.DATABASE_URL ?? '') ?? [];
    if (file !== undefined) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('SEC-07: staff create prints the one-time URL and nothing else', async () => {
    const args = ['staff', 'create', '--email', 'olga@example-health.example', '--name', 'Olga', '--role', 'operator'];
    const { code, stdout, stderr } = await latchkey(args, { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^https:\/\/portal\.example\/setup\/[A-Za-z0-9_-]{43}$/);
    const again = await latchkey(args, { env });
    expect(again.stdout).toMatch(/^https:\/\/portal\.example\/setup\/[A-Za-z0-9_-]{43}$/);
    expect(again.stdout).not.toBe(stdout); // the link before is void
  });

  const olga = ['--email', 'olga@example-health.example'];
  const staff = (...args: string[]) => latchkey(['staff', ...args], { env });

  it('SEC-57: staff list shows each account, and staff role changes one by its address', async () => {
    expect(await staff('list')).toMatchObject({
      code: 0,
      stdout: 'olga@example-health.example\toperator\tinvited\t-\tOlga',
    });
    expect(await staff('role', ...olga, '--role', 'auditor')).toMatchObject({
      code: 0,
      stdout: 'The role was changed. Every session has ended.',
    });
    expect((await staff('list')).stdout).toContain('\tauditor\tinvited\t');
    expect(await staff('role', '--email', 'nobody@example-health.example', '--role', 'auditor')).toMatchObject({
      code: 1,
      stderr: '--email belongs to no staff account',
    });
  });

  it('SEC-57: staff disable, enable and reset-second-factor say whether anything changed', async () => {
    expect(await staff('disable', ...olga)).toMatchObject({ code: 0, stdout: 'Disabled. Every session has ended.' });
    expect(await staff('disable', ...olga)).toMatchObject({ code: 0, stdout: 'Nothing to change.' });
    expect((await staff('list')).stdout).toContain('\tdisabled\t');
    expect(await staff('enable', ...olga)).toMatchObject({ code: 0, stdout: 'Enabled.' });
    expect(await staff('reset-second-factor', ...olga)).toMatchObject({ code: 0, stdout: 'Nothing to change.' });
  }, 120_000); // five processes

  it('SEC-37: api-keys create prints only the key, and revoke gets its public id; a wrong scope is a wrong usage', async () => {
    const keys = (...args: string[]) => latchkey(['api-keys', ...args], { env });
    const made = await keys('create', '--name', 'Nightly', '--scope', 'tokens:issue,tenants:read');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^lky_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}$/);
    expect(await keys('revoke', made.stdout.slice(4, 14))).toMatchObject({
      code: 0,
      stdout: 'Revoked. The next request with it is refused.',
    });
    expect(await keys('revoke')).toMatchObject({ code: 2, stdout: '' });
    expect(await keys('create', '--name', 'Nightly', '--scope', 'everything')).toMatchObject({ code: 2, stdout: '' });
  }, 120_000); // four processes

  it('tenants create prints the id and nothing else; a reference can be used once', async () => {
    const { code, stdout, stderr } = await createTenant('Riverside Family Clinic', 'r-1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[0-9a-f-]{36}$/);
    const again = await createTenant('Another', 'r-1');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^--ref: /);
  });

  it('check exits 1 for a clinic that is not connected and for an unknown clinic', async () => {
    expect(await latchkey(['check'], { env })).toMatchObject({ code: 1, stdout: 'r-1\tnot_connected\t-', stderr: '' });
    const unknown = await latchkey(['check', '--tenant', 'r-2'], { env });
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('there is no tenant with this reference');
  });

  it('doctor exits 1 with one line per finding, and no line contains a secret', async () => {
    const { code, stdout, stderr } = await latchkey(['doctor'], { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.split('\n').map((line) => line.slice(0, 10))).toEqual([
      'ok  config',
      'ok  databa',
      'bad mail s',
      'ok  ACCOUN',
      'ok  SESSIO',
      'ok  keys',
      'bad RingCe',
      'not proved',
      'not proved',
      'ok  AUDIT_',
      'ok  webhoo',
    ]);
    for (const name of ['SESSION_SECRET', 'ACCOUNTS_KEY', 'RINGCENTRAL_CLIENT_SECRET'])
      expect(stdout).not.toContain(env[name]);
  });
});
