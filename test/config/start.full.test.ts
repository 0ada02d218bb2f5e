import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '../../src/platform/database/database.js';
import { generateSealingKeys } from '../../src/platform/sealing/sealing.js';
import { runCompiled } from '../drill/compiled.js';
import { anEmptyDatabaseUrl, anUnusableUrl, cannotBeOpened, notMigrated } from '../support/database/databases.js';

describe('SEC-32: the process refuses to start', () => {
  let folder: string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
    const { privateJwks } = await generateSealingKeys();
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(privateJwks));
    environment = {
      PORT: '0',
      PUBLIC_URL: 'http://127.0.0.1:3000',
      DATABASE_URL: await anEmptyDatabaseUrl(),
      SESSION_SECRET: 'synthetic-session-secret-0123456789',
      ACCOUNTS_KEY: randomBytes(32).toString('base64'),
      SEALING_KEYS_FILE: join(folder, 'keys.json'),
      RINGCENTRAL_SERVER_URL: 'http://127.0.0.1:1',
      RINGCENTRAL_CLIENT_ID: 'EXAMPLEclientId_000001',
      RINGCENTRAL_CLIENT_SECRET: 'EXAMPLEsecret',
      RINGCENTRAL_APP_NAME: 'Example Health Fax',
      ISV_NAME: 'Example Health',
      ISV_SUPPORT_EMAIL: 'support@example-health.example',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'no-reply@example-health.example',
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const start = (env: Record<string, string>) => runCompiled('server', { env });

  it('without configuration: exit 1, one sorted line per missing name, nothing on stdout', async () => {
    const { code, stdout, stderr } = await start({});
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = stderr.split('\n');
    expect(lines).toEqual([...lines].sort());
    expect(new Set(lines).size).toBe(lines.length);
    for (const line of lines) expect(line).toMatch(/^[A-Z][A-Z_]+ is missing$/);
    expect(lines).toContain('SESSION_SECRET is missing');
  });

  it('with an outdated database: exit 1, and what to do', async () => {
    const { code, stdout, stderr } = await start(environment);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `DATABASE_URL ${notMigrated}`,
    });
  });

  it('with a database that cannot be opened: exit 1, one line, no address and no stack', async () => {
    const { code, stdout, stderr } = await start({ ...environment, DATABASE_URL: anUnusableUrl });
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `DATABASE_URL ${cannotBeOpened}` });
  });

  it('with a database of a later version: exit 1, and what to do', async () => {
    const env = { ...environment, DATABASE_URL: await anEmptyDatabaseUrl() };
    const db = openDatabase(env.DATABASE_URL);
    await migrate(db);
    await db('knex_migrations').insert({ name: '20991231_99_later.cjs', batch: 9, migration_time: new Date() });
    await db.destroy();
    const { code, stdout, stderr } = await start(env);
    const told = 'DATABASE_URL is ahead of this version: run the version that migrated it';
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: told });
  });

  it('SEC-58: with another accounts key than before: exit 1, by name, and what to do', async () => {
    const env = { ...environment, DATABASE_URL: await anEmptyDatabaseUrl() };
    const db = openDatabase(env.DATABASE_URL);
    await migrate(db);
    await db('key_checks').insert({ name: 'ACCOUNTS_KEY', value: 'EXAMPLE', first_used_at: 'now' });
    await db.destroy();
    const { code, stdout, stderr } = await start(env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^ACCOUNTS_KEY is not a key of this installation: add the former key after it[^\n]+$/);
    expect(stderr).not.toContain(environment['ACCOUNTS_KEY']);
  });

  it('with a key file without a usable key: exit 1, one line, and no part of the key', async () => {
    const db = openDatabase(environment.DATABASE_URL ?? '');
    await migrate(db);
    await db.destroy();
    const part = randomBytes(16).toString('base64url'); // half the bytes of an X25519 key
    const broken = { keys: [{ kty: 'OKP', crv: 'X25519', x: part, d: part, kid: part }] };
    writeFileSync(join(folder, 'broken.json'), JSON.stringify(broken));
    const { code, stdout, stderr } = await start({ ...environment, SEALING_KEYS_FILE: join(folder, 'broken.json') });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^SEALING_KEYS_FILE [^\n]+$/);
    expect(stderr).not.toContain(part);
  });

  it('with a key file without a key for access tokens: exit 1, and a line that says which key is missing', async () => {
    const db = openDatabase(environment.DATABASE_URL ?? '');
    await migrate(db);
    await db.destroy();
    const { privateJwks } = await generateSealingKeys();
    const keys = privateJwks.keys.filter(({ kty }) => kty !== 'oct');
    writeFileSync(join(folder, 'no-oct.json'), JSON.stringify({ keys }));
    const { code, stdout, stderr } = await start({ ...environment, SEALING_KEYS_FILE: join(folder, 'no-oct.json') });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'SEALING_KEYS_FILE the key file holds no oct key',
    });
  });
});
