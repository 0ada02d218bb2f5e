// Also on PostgreSQL: what is said of the database.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { diagnose } from '../../src/cli/doctor.js';
import { parseConfig, type Environment } from '../../src/config.js';
import { openDatabase } from '../../src/platform/database/database.js';
import { endpointStore } from '../../src/webhooks/stores/endpoint-store.js';
import { secretStore } from '../../src/webhooks/stores/secret-store.js';
import { jwksOfSymmetricKeys } from '../../src/platform/sealing/sealing.js';
import {
  aDatabaseUrl,
  anEmptyDatabaseUrl,
  anUnusableUrl,
  cannotBeOpened,
  notMigrated,
} from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';

describe('latchkey doctor', () => {
  let test: TestPortal;
  let databaseUrl: string;
  beforeAll(async () => {
    test = await TestPortal.start();
    databaseUrl = await aDatabaseUrl();
  });
  afterAll(async () => {
    await test.close();
  });
  afterEach(() => test.emulator.faults.clear());

  /** The findings as lines of the command. */
  const findings = async (changed: Environment = {}): Promise<string[]> => {
    const parsed = parseConfig({ ...test.env, DATABASE_URL: databaseUrl, ...changed }, (path) => path);
    const words = (ok: boolean | null) => (ok === null ? 'not proved' : ok ? 'ok' : 'bad');
    return (await diagnose(parsed)).map(({ ok, subject, advice = '' }) => `${words(ok)} ${subject}: ${advice}`);
  };
  const ofApp = async (changed: Environment = {}): Promise<string | undefined> =>
    (await findings(changed)).find((line) => line.includes(' RingCentral app: '));
  const well = [
    'ok configuration: ',
    'ok database: ',
    'ok mail server: ',
    expect.stringMatching(/^ok ACCOUNTS_KEY: key [\w-]{8}: 0 people$/) as string,
    'ok SESSION_SECRET: ',
    'ok keys: ',
  ];

  it('finds no problem and asks RingCentral once', async () => {
    test.emulator.clearLog();
    expect((await findings()).filter((line) => !line.startsWith('not proved '))).toEqual([
      ...well,
      'ok RingCentral app: ',
      'ok AUDIT_SIGNING_KEY_FILE: not set: receipts are unsigned',
      'ok webhook secrets: ',
    ]);
    expect(test.emulator.tokenCalls).toHaveLength(1);
  });

  it('names the keys that the secrets of webhooks need and the key file lacks', async () => {
    const db = openDatabase(databaseUrl);
    const endpoint = {
      url: 'https://hooks.example.com/',
      description: 'Tickets',
      eventTypes: [],
      madeBy: null,
    } as const;
    await endpointStore(db).add({ ...endpoint, id: 'endpoint-1', madeAt: new Date(), window: 1 });
    await secretStore(db).add('secret-1', 'endpoint-1', { jwe: '{}', kid: 'lost-key' }, new Date());
    const line = (await findings()).find((one) => one.includes(' webhook secrets: '));
    await secretStore(db).deleteAll('endpoint-1');
    await db.destroy();
    expect(line).toBe(
      'bad webhook secrets: webhooks are signed with secrets whose key SEALING_KEYS_FILE lacks: restore lost-key, or rotate the secret of each endpoint',
    );
  });

  it('says that it cannot prove the redirect URI and the refresh tokens of the sign-in app', async () => {
    const app = { RINGCENTRAL_CODE_CLIENT_ID: test.env['RINGCENTRAL_CLIENT_ID'] };
    expect((await findings(app)).filter((line) => line.includes('redirect URI and refresh tokens'))).toEqual([
      `not proved redirect URI and refresh tokens of the RingCentral sign-in app: only a sign-in shows whether the app has the redirect URI ${test.env['PUBLIC_URL']}/oauth/callback, and "Issue refresh tokens" on: sign in once with a clinic of your own`,
    ]);
  });

  it('reports a client secret that RingCentral rejects, without showing it', async () => {
    const last = await ofApp({ RINGCENTRAL_CLIENT_SECRET: 'a-wrong-secret-of-ours' });
    expect(last).toMatch(/^bad RingCentral app: .*client secret \(OAU-146\)/);
    expect(last).not.toContain('a-wrong-secret-of-ours');
  });

  it('reports a client ID that RingCentral does not know', async () => {
    const last = await ofApp({ RINGCENTRAL_CLIENT_ID: 'EXAMPLEclientId_999999' });
    expect(last).toMatch(/^bad RingCentral app: .*\(OAU-153\).*RINGCENTRAL_CLIENT_ID/);
  });

  it('reports a disabled JWT flow', async () => {
    const { clientId } = test.example.app;
    test.emulator.updateApp(clientId, { grants: ['authorization_code'] });
    const last = await ofApp();
    test.emulator.updateApp(clientId, { grants: ['jwt'] });
    expect(last).toMatch(/^bad RingCentral app: .*\(OAU-251\): turn on the JWT auth flow in its settings$/);
  });

  it('distinguishes an unreachable RingCentral from a failing one', async () => {
    const away = await ofApp({ RINGCENTRAL_SERVER_URL: 'http://127.0.0.1:1' });
    expect(away).toBe('bad RingCentral app: http://127.0.0.1:1 cannot be reached: check DNS, TLS and the firewall');
    test.emulator.faults.add({ kind: 'html' });
    const ill = await ofApp();
    expect(ill).toBe('bad RingCentral app: RingCentral is not answering as expected: try again later');
  });

  it('stops at a database that is outdated or cannot be opened, and says what to do', async () => {
    const behind = await findings({ DATABASE_URL: await anEmptyDatabaseUrl() });
    expect(behind).toEqual(['ok configuration: ', `bad database: the database ${notMigrated}`]);
    const unusable = await findings({ DATABASE_URL: anUnusableUrl });
    expect(unusable[1]).toBe(`bad database: the database ${cannotBeOpened}`);
  });

  it('creates no database and names settings that are risky', async () => {
    const absent = join(mkdtempSync(join(tmpdir(), 'latchkey-doctor-')), 'absent.db');
    const found = await findings({ DATABASE_URL: `sqlite:${absent}`, HOST: '0.0.0.0' });
    expect(found[0]).toMatch(/^bad configuration HOST: is not a loopback address/);
    expect(found[1]).toMatch(/^bad database: .*no such file: run "latchkey migrate"/);
    expect(existsSync(absent)).toBe(false);
  });

  it('SEC-63: says when a proxy header came from a sender that TRUST_PROXY does not name, until it names others', async () => {
    const served = await TestPortal.start({ databaseUrl });
    try {
      await request(served.url).get('/sign-in').set('X-Forwarded-For', '203.0.113.9');
      while ((await served.portal.untrustedProxySeenAt()) === undefined) await new Promise(setImmediate);
      const [, , found] = await findings();
      expect(found).toMatch(
        /^bad proxy: TRUST_PROXY does not name the sender of a proxy header \(last at 2[-\dT:.]+Z\)$/,
      );
      expect((await findings({ TRUST_PROXY: '10.0.0.7' })).filter((line) => line.includes('TRUST_PROXY'))).toEqual([]);
    } finally {
      await served.db('untrusted_proxies').delete();
      await served.close();
    }
  });

  it('SEC-66: names a key file that every user of the machine can open', async () => {
    const parsed = parseConfig({ ...test.env, DATABASE_URL: databaseUrl }, (path) => path);
    if (!parsed.ok) throw new Error('the configuration is wrong');
    const path = join(mkdtempSync(join(tmpdir(), 'latchkey-doctor-')), 'keys.json');
    writeFileSync(path, '{}', { mode: 0o600 });
    const config = { ...parsed.config, secretFiles: [{ name: 'SEALING_KEYS_FILE', path }] };
    expect((await diagnose({ ok: true, config }))[0]).toEqual({ ok: true, subject: 'configuration' });
    chmodSync(path, 0o604);
    expect((await diagnose({ ok: true, config }))[0]).toEqual({
      ok: false,
      subject: 'configuration SEALING_KEYS_FILE',
      advice: 'names a file that every user of this machine can open: chmod o= takes that away',
    });
  });

  it('SEC-32: reports unusable keys without any part of them', async () => {
    const broken = '{"keys":[{"kty":"OKP","crv":"X25519","x":"AAECAwQF","d":"synthetic-private-part"}]}';
    const found = await findings({ SEALING_KEYS_FILE: broken });
    expect(found).toHaveLength(3);
    expect(found[2]).toMatch(/^bad keys: ./);
    expect(found[2]).not.toContain('synthetic-private-part');
  });

  it('SEC-33: names a missing key that stored secrets need', async () => {
    const db = openDatabase(databaseUrl);
    const own = (JSON.parse(test.env.SEALING_KEYS_FILE ?? '') as { keys: { kid: string }[] }).keys[0]!.kid;
    for (const kid of [own, 'a-key-that-is-gone', 'z-key-that-is-gone'])
      await db('sealed_secrets').insert({
        owner_table: 'credentials',
        tenant_id: 'north',
        row_id: kid,
        purpose: 'assertion',
        jwe: '{}',
        kid,
        created_at: 'now',
      });
    const found = await findings();
    await db('sealed_secrets').delete();
    await db.destroy();
    expect(found.find((line) => line.includes(' keys: '))).toMatch(
      /^bad keys: .* lacks: restore a-key-that-is-gone z-key-that-is-gone$/,
    );
    expect(found).toContain('ok RingCentral app: ');
  });

  it('SEC-58: names a key of the pages that is not one of this installation', async () => {
    const db = openDatabase(databaseUrl);
    for (const name of ['ACCOUNTS_KEY', 'SESSION_SECRET'])
      await db('key_checks').insert({ name, value: 'EXAMPLE', first_used_at: 'now' });
    const found = await findings();
    await db('key_checks').delete();
    await db.destroy();
    expect(found.find((line) => line.includes(' ACCOUNTS_KEY: '))).toMatch(
      /^bad ACCOUNTS_KEY: is not a key of this installation: add the former key after it/,
    );
    expect(found.find((line) => line.includes(' SESSION_SECRET: '))).toMatch(
      /^bad SESSION_SECRET: is not a secret of this installation: add the former one after it/,
    );
  });

  it('SEC-58: counts the people who need each accounts key', async () => {
    const db = openDatabase(databaseUrl);
    const newer = randomBytes(32).toString('base64');
    const { keys } = await jwksOfSymmetricKeys([Buffer.from(test.env.ACCOUNTS_KEY ?? '', 'base64')]);
    const old = keys[0]?.kid ?? '';
    const person = { email: 'sam@isv.example', name: 'Sam', created_at: 'now', totp_sealed: '{}', totp_kid: old };
    await db('people').insert({ id: 'sam', ...person });
    const rotated = await findings({ ACCOUNTS_KEY: `${newer},${test.env.ACCOUNTS_KEY}` });
    const removed = await findings({ ACCOUNTS_KEY: newer });
    await db('people').delete();
    await db.destroy();
    expect(rotated.find((line) => line.includes(' ACCOUNTS_KEY: '))).toMatch(
      new RegExp(`^ok ACCOUNTS_KEY: key [\\w-]{8}: 0 people, key ${old.slice(0, 8)}: 1 person$`),
    );
    expect(removed.find((line) => line.includes(' ACCOUNTS_KEY: '))).toMatch(
      new RegExp(`^bad ACCOUNTS_KEY: lacks the key ${old.slice(0, 8)}, which 1 person needs: add it`),
    );
  });

  it('lists every problem of the configuration and stops', async () => {
    const found = await findings({ PUBLIC_URL: 'http://portal.example', ISV_NAME: '' });
    expect(found).toEqual([
      'bad configuration ISV_NAME: is missing',
      'bad configuration PUBLIC_URL: must be an https URL (http for loopback addresses only)',
    ]);
  });
});
