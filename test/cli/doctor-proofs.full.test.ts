// The real command, against an emulator, a mail server and files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { programOf } from '../../src/cli/program.js';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/smtp-catcher.js';
import { openDatabase } from '../../src/platform/database/database.js';
import { generateSealingKeys } from '../../src/platform/sealing/sealing.js';
import { runCompiled } from '../drill/compiled.js';
import { aDatabaseUrl } from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';

let test: TestPortal;
let folder: string;
let env: Record<string, string>;
let controlJwt: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  test = await TestPortal.start();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-doctor-'));
  controlJwt = test.assertion('riverside').jwt;
  env = {
    ...(test.env as Record<string, string>),
    SEALING_KEYS_FILE: written('private.json', test.env.SEALING_KEYS_FILE ?? ''),
    DATABASE_URL: await aDatabaseUrl(),
    RINGCENTRAL_CONTROL_JWT: controlJwt,
  };
});
afterAll(async () => {
  for (const close of closing) await close();
  await test.close();
  rmSync(folder, { recursive: true });
});

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

type Changed = Record<string, string | undefined>;
const environment = (changed: Changed): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...env, ...changed }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** What the command prints, line by line, and its exit code. */
async function doctor(changed: Changed = {}) {
  const lines: string[] = [];
  let code = NaN;
  const terminal = { say: (line: string) => void lines.push(line), fail: () => 1 as const };
  const before = process.env;
  process.env = environment(changed);
  try {
    await programOf(terminal, (exitCode) => (code = exitCode)).parseAsync(['doctor'], { from: 'user' });
  } finally {
    process.env = before;
  }
  for (const secret of [env.RINGCENTRAL_CLIENT_SECRET ?? '?', controlJwt.slice(0, 20), 'EXAMPLEwrong'])
    expect(lines.join(' ')).not.toContain(secret);
  return { code, lines };
}
const about = (subject: string, { lines }: { lines: string[] }) =>
  lines.filter((line) => new RegExp(`^(ok |bad|not proved) ${subject}(:|$)`).test(line));

/** A server that answers every request alike. */
async function answering(status: number, body: string, seen: string[] = []): Promise<string> {
  const server: Server = createServer((req, res) => {
    void text(req).then((sent) => {
      seen.push(sent);
      res.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function mailServer(options: Parameters<typeof startSmtpCatcher>[0]): Promise<SmtpCatcher> {
  const catcher = await startSmtpCatcher(options);
  closing.push(catcher.close);
  return catcher;
}

it('proves a good set-up, and exits with 0', async () => {
  const { code, lines } = await doctor();
  expect(lines).toEqual(
    expect.arrayContaining([
      'ok  configuration',
      'ok  database',
      'ok  mail server',
      'ok  keys',
      'ok  RingCentral app',
      'ok  RINGCENTRAL_CONTROL_JWT',
      'ok  scopes of the RingCentral app',
    ]),
  );
  expect(lines.filter((line) => !line.startsWith('ok '))).toEqual([]);
  expect(code).toBe(0);
});

it('does so as a program too', async () => {
  const { code, stdout, stderr } = await runCompiled('cli', { args: ['doctor'], env: environment({}) });
  expect({ code, stderr, lines: stdout.split('\n') }).toEqual({ code: 0, stderr: '', lines: (await doctor()).lines });
});

it('lists what it cannot prove as not proved, which is no problem', async () => {
  const found = await doctor({ RINGCENTRAL_CONTROL_JWT: undefined });
  expect(about('RINGCENTRAL_CONTROL_JWT', found)).toEqual(['not proved RINGCENTRAL_CONTROL_JWT: no JWT is configured']);
  expect(about('scopes of the RingCentral app', found)).toEqual([
    'not proved scopes of the RingCentral app: only a token shows whether the app has ReadAccounts ReadMessages: configure RINGCENTRAL_CONTROL_JWT',
  ]);
  expect(found.code).toBe(0);
});

it.each([
  ['a page', 200, '{"hello":"world"}', 'status 200'],
  ['a page that does not exist', 404, '{"error":"not_found"}', 'not_found'],
  ['a token endpoint of another company', 400, '{"error":"invalid_grant"}', 'invalid_grant'],
  [
    'a host that accepts everything',
    200,
    '{"access_token":"U0pDEXAMPLE","token_type":"bearer","expires_in":60,"owner_id":"1"}',
    'a token',
  ],
  ['a host without JSON', 404, '<html>', 'status 404'],
])('does not take %s for RingCentral', async (_what, status, body, told) => {
  const url = await answering(status, body);
  const found = await doctor({ RINGCENTRAL_SERVER_URL: url });
  expect(about('RingCentral app', found)).toEqual([
    `bad RingCentral app: ${url} answers an invalid JWT with ${told}, which RingCentral does not: check RINGCENTRAL_SERVER_URL`,
  ]);
  expect(found.code).toBe(1);
});

describe('a client secret', () => {
  it('that is wrong while the previous one is right is reported, although the portal still works', async () => {
    const right = env.RINGCENTRAL_CLIENT_SECRET;
    const found = await doctor({
      RINGCENTRAL_CLIENT_SECRET: 'EXAMPLEwrong',
      RINGCENTRAL_CLIENT_SECRET_PREVIOUS: right,
      RINGCENTRAL_CONTROL_JWT: undefined,
    });
    expect(about('RingCentral app', found)).toEqual([
      'bad RingCentral app: RingCentral rejects the client secret (OAU-146) and accepts the previous one: copy the new secret again from the app',
    ]);
    expect(found.code).toBe(1);
  });

  it('that is wrong, like the previous one, is reported as wrong', async () => {
    const wrong = { RINGCENTRAL_CLIENT_SECRET: 'EXAMPLEwrong', RINGCENTRAL_CLIENT_SECRET_PREVIOUS: 'EXAMPLEwrong2' };
    expect(about('RingCentral app', await doctor({ ...wrong, RINGCENTRAL_CONTROL_JWT: undefined }))).toEqual([
      'bad RingCentral app: RingCentral rejects the client secret (OAU-146): copy it again from the app to RINGCENTRAL_CLIENT_SECRET',
    ]);
  });
});

describe('the sign-in app', () => {
  it('is proved by itself, where there is one', async () => {
    const { clientId, secret } = test.emulator.addApp();
    test.emulator.updateApp(clientId, { grants: ['authorization_code'], redirectUris: ['https://isv.example/back'] });
    const app = { RINGCENTRAL_CODE_CLIENT_ID: clientId, RINGCENTRAL_CODE_CLIENT_SECRET: secret ?? '' };
    expect(about('RingCentral sign-in app', await doctor(app))).toEqual(['ok  RingCentral sign-in app']);
    const found = await doctor({ ...app, RINGCENTRAL_CODE_CLIENT_SECRET: 'EXAMPLEwrong' });
    expect(about('RingCentral sign-in app', found)).toEqual([
      'bad RingCentral sign-in app: RingCentral rejects the client secret (OAU-146): copy it again from the app to RINGCENTRAL_CODE_CLIENT_SECRET',
    ]);
    expect(about('RingCentral app', found)).toEqual(['ok  RingCentral app']);
    expect(about('RingCentral sign-in app', await doctor())).toEqual([]);
  });
});

describe('the app of biz', () => {
  const biz = (clientId: string, secret: string) =>
    written(
      'environments.json',
      JSON.stringify({
        biz: {
          serverUrl: test.emulator.url,
          mediaUrl: test.emulator.url,
          clientId,
          clientSecretFile: written('biz-secret', secret),
        },
      }),
    );

  it('is proved like the other one', async () => {
    const { clientId, secret } = test.example.app;
    const found = await doctor({ RINGCENTRAL_ENVIRONMENTS_FILE: biz(clientId, secret ?? '') });
    expect(about('RingCentral app \\(biz\\)', found)).toEqual(['ok  RingCentral app (biz)']);
  });

  it.each([
    [
      'its secret',
      true,
      'RingCentral rejects the client secret (OAU-146): copy it again from the app to clientSecretFile in RINGCENTRAL_ENVIRONMENTS_FILE',
    ],
    [
      'its client ID',
      false,
      'RingCentral does not know the client ID (OAU-153): check clientId in RINGCENTRAL_ENVIRONMENTS_FILE',
    ],
  ])('is reported if %s is wrong, and the other app is not', async (_what, isKnown, told) => {
    const clientId = isKnown ? test.example.app.clientId : 'EXAMPLEclientId_999999';
    const found = await doctor({ RINGCENTRAL_ENVIRONMENTS_FILE: biz(clientId, 'EXAMPLEwrong') });
    expect(about('RingCentral app', found)).toEqual(['ok  RingCentral app']);
    expect(about('RingCentral app \\(biz\\)', found)).toEqual([`bad RingCentral app (biz): ${told}`]);
    expect(found.code).toBe(1);
  });
});

describe('a mail server', () => {
  it.each([
    [
      'that is dead',
      () => Promise.resolve('smtp://127.0.0.1:1'),
      'the mail server cannot be reached: check the name and the port in SMTP_URL, and the firewall',
    ],
    [
      'with another password',
      async () => (await mailServer({ password: 'right' })).url.replace('//', '//someone:EXAMPLEwrong@'),
      'the mail server rejects the user name or the password: check both in SMTP_URL',
    ],
    [
      'whose certificate cannot be verified',
      async () => (await mailServer({ tls: 'smtps' })).url,
      'the mail server offers no TLS that can be verified: check its certificate, and smtps: or smtp: in SMTP_URL',
    ],
    [
      'that refuses every connection',
      async () => {
        const server = await mailServer({});
        server.setFault({ kind: 'refuse', code: 554, at: 'connection' });
        return server.url;
      },
      'the mail server refuses us: look at its log',
    ],
  ])('%s is reported', async (_which, urlOf, told) => {
    const found = await doctor({ SMTP_URL: await urlOf() });
    expect(about('mail server', found)).toEqual([`bad mail server: ${told}`]);
    expect(found.code).toBe(1);
  });

  it('that accepts our password is proved, and no mail is sent', async () => {
    const server = await mailServer({ password: 'right' });
    const found = await doctor({ SMTP_URL: server.url.replace('//', '//someone:right@') });
    expect(about('mail server', found)).toEqual(['ok  mail server']);
    expect(server.messages()).toEqual([]);
  });
});

describe('a control JWT', () => {
  it('that is junk is reported, and is not sent', async () => {
    test.emulator.clearLog();
    const found = await doctor({ RINGCENTRAL_CONTROL_JWT: 'EXAMPLEwrong' });
    expect(about('RINGCENTRAL_CONTROL_JWT', found)).toEqual([
      'bad RINGCENTRAL_CONTROL_JWT: it is not a usable JWT (not_a_jwt): make a new one, and try it with "latchkey inspect"',
    ]);
    expect(test.emulator.tokenCalls).toHaveLength(1);
  });

  it('that RingCentral refuses is reported, and the scopes are not proved', async () => {
    const { jwt } = test.assertion('riverside', { clientIds: 'organization' });
    const found = await doctor({ RINGCENTRAL_CONTROL_JWT: jwt });
    expect(about('RINGCENTRAL_CONTROL_JWT', found)).toEqual([
      "bad RINGCENTRAL_CONTROL_JWT: RingCentral refuses it (app_not_permitted OAU-473): make a new JWT in RingCentral's console for this app",
    ]);
    expect(about('scopes of the RingCentral app', found)).toEqual([
      'not proved scopes of the RingCentral app: there is no token that could show whether the app has ReadAccounts ReadMessages',
    ]);
  });

  it('is sent to no server that is not proved to be RingCentral\u2019s', async () => {
    const seen: string[] = [];
    const accepting = '{"access_token":"U0pDEXAMPLE","token_type":"bearer","expires_in":60,"owner_id":"1"}';
    const found = await doctor({ RINGCENTRAL_SERVER_URL: await answering(200, accepting, seen) });
    for (const subject of ['RINGCENTRAL_CONTROL_JWT', 'scopes of the RingCentral app'])
      expect(about(subject, found)).toEqual([
        `not proved ${subject}: the app has to be right first: see RingCentral app`,
      ]);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain('assertion=latchkey-doctor');
  });
});

describe('a public key', () => {
  it('of the same pair is proved', async () => {
    const found = await doctor({ SEALING_PUBLIC_KEYS_FILE: env.SEALING_KEYS_FILE });
    expect(about('public key', found)).toEqual(['ok  public key']);
  });

  it('of another pair is reported', async () => {
    const { publicJwks } = await generateSealingKeys();
    const found = await doctor({ SEALING_PUBLIC_KEYS_FILE: written('other.json', JSON.stringify(publicJwks)) });
    expect(about('public key', found)).toEqual([
      'bad public key: SEALING_PUBLIC_KEYS_FILE is of another pair than SEALING_KEYS_FILE: what is pasted could not be opened; use the public file that was made with the private one',
    ]);
    expect(found.code).toBe(1);
  });

  it('is not proved where the private key is not', async () => {
    const { publicJwks } = await generateSealingKeys();
    const found = await doctor({
      ROLES: 'web',
      SEALING_KEYS_FILE: undefined,
      SEALING_PUBLIC_KEYS_FILE: written('web.json', JSON.stringify(publicJwks)),
    });
    const [told] = about('public key', found);
    expect(told).toMatch(/^not proved public key: no JWT in use was sealed with the key [\w-]{43}: compare it with/);
    for (const subject of ['keys', 'mail server', 'RingCentral app'])
      expect(about(subject, found)).toEqual([
        expect.stringMatching(/^not proved .*: run doctor where the role worker runs$/),
      ]);
    expect(found.code).toBe(0);
  });
});

it('names the scopes that our app lacks, if RingCentral refuses them before it looks at the JWT', async () => {
  const { clientId, scopes } = test.example.app;
  test.emulator.updateApp(clientId, { scopes: ['ReadAccounts'] });
  const found = await doctor().finally(() => test.emulator.updateApp(clientId, { scopes }));
  expect(about('RingCentral app', found)).toEqual([
    "bad RingCentral app: RingCentral refuses the scopes of RINGCENTRAL_REQUIRED_SCOPES (CMN-101): add them to the app in RingCentral's console",
  ]);
  expect(found.code).toBe(1);
});

it('names an accounts key that this installation never used', async () => {
  const db = openDatabase(env.DATABASE_URL ?? '');
  await db('key_checks').insert({ name: 'ACCOUNTS_KEY', value: 'EXAMPLE', first_used_at: 'now' });
  const found = await doctor();
  await db('key_checks').delete();
  await db.destroy();
  expect(about('ACCOUNTS_KEY', found)).toEqual([
    expect.stringMatching(/^bad ACCOUNTS_KEY: is not a key of this installation: add the former key after it/),
  ]);
  expect(found.code).toBe(1);
});

it('names a sandbox app', async () => {
  const { clientId } = test.example.app;
  test.emulator.updateApp(clientId, { environment: 'sandbox' });
  const found = await doctor().finally(() => test.emulator.updateApp(clientId, { environment: 'production' }));
  expect(about('RingCentral app', found)).toEqual([
    "bad RingCentral app: the client ID is of a sandbox app (OAU-165): use the app's client ID and secret for production in RINGCENTRAL_CLIENT_ID",
  ]);
  expect(found.code).toBe(1);
});
