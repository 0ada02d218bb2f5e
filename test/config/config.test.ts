import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { configWarnings } from '../../src/config-warnings.js';
import { newSigningKey } from '../../src/platform/signed-notes/signing-keys.js';
import { parseConfig, readDemoOptions, type Config, type ConfigProblem, type Environment } from '../../src/config.js';

const shared: Environment = {
  PUBLIC_URL: 'https://portal.example',
  RINGCENTRAL_CLIENT_ID: 'EXAMPLEclientId_000001',
  RINGCENTRAL_APP_NAME: 'Example Health Fax',
  ISV_NAME: 'Example Health',
  ISV_SUPPORT_EMAIL: 'support@example-health.example',
};
const jwks = '{"keys":[]}';
const ofWeb: Environment = {
  SESSION_SECRET: 'a secret of 32 characters or more',
  ACCOUNTS_KEY: randomBytes(32).toString('base64'),
};
const ofApi: Environment = { SEALING_KEYS_FILE: jwks, RINGCENTRAL_CLIENT_SECRET: 'EXAMPLEsecret' };
const ofWorker: Environment = { ...ofApi, SMTP_URL: 'smtp://127.0.0.1:25', MAIL_FROM: 'no-reply@example.example' };
const complete: Record<string, Environment> = {
  web: { ...shared, ...ofWeb, SEALING_PUBLIC_KEYS_FILE: jwks, ROLES: 'web' },
  api: { ...shared, ...ofApi, ROLES: 'api' },
  worker: { ...shared, ...ofWorker, ROLES: 'worker' },
  'web,api,worker': { ...shared, ...ofWeb, ...ofWorker, ROLES: 'web,api,worker' },
};
const whole = complete['web,api,worker'] ?? {};

/** The text stands in for the file that contains it. */
const asText = (path: string) => path;
const aPicture = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const problemsOf = (environment: Environment, readFile: (path: string) => string = asText): ConfigProblem[] => {
  const parsed = parseConfig(environment, readFile);
  return parsed.ok ? [] : parsed.problems;
};
const configOf = (environment: Environment): Config => {
  const parsed = parseConfig(environment, asText);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
};

describe('required settings', () => {
  const required = Object.entries(complete).flatMap(([roles, environment]) =>
    Object.keys(environment)
      .filter((name) => name !== 'ROLES')
      .map((name): [string, string] => [roles, name]),
  );

  it.each(Object.keys(complete))('ROLES=%s starts with only its own settings', (roles) => {
    expect(problemsOf(complete[roles] ?? {})).toEqual([]);
  });

  it.each(required)('ROLES=%s without %s: one line says that it is missing', (roles, name) => {
    const { [name]: _left, ...rest } = complete[roles] ?? {};
    expect(problemsOf(rest)).toEqual([{ name, problem: 'is missing' }]);
    expect(problemsOf({ ...rest, [name]: '' })).toEqual([{ name, problem: 'is missing' }]);
  });

  it('SEC-34: a process that only serves pages needs no RingCentral secret, no private key and no mail server', () => {
    const { RINGCENTRAL_CLIENT_SECRET, SEALING_KEYS_FILE, SMTP_URL } = configOf(complete['web'] ?? {});
    expect([RINGCENTRAL_CLIENT_SECRET, SEALING_KEYS_FILE, SMTP_URL]).toEqual([undefined, undefined, undefined]);
  });

  it('an app of its own for sign-ins needs its secret, except where only pages are served', () => {
    const another = { RINGCENTRAL_CODE_CLIENT_ID: 'EXAMPLEanother' };
    const missing = [{ name: 'RINGCENTRAL_CODE_CLIENT_SECRET', problem: 'is missing' }];
    expect(problemsOf({ ...whole, ...another })).toEqual(missing);
    expect(problemsOf({ ...whole, ...another, RINGCENTRAL_CODE_CLIENT_SECRET: 'EXAMPLEsecret2' })).toEqual([]);
    expect(problemsOf({ ...whole, RINGCENTRAL_CODE_CLIENT_ID: whole['RINGCENTRAL_CLIENT_ID'] })).toEqual([]);
    expect(problemsOf({ ...complete['web'], ...another })).toEqual([]);
  });

  it('so does one in the environments file', () => {
    const biz = {
      serverUrl: 'https://a.example',
      mediaUrl: 'https://b.example',
      clientId: 'A',
      clientSecretFile: '/a',
    };
    const withBiz = (more: object) =>
      problemsOf({ ...whole, RINGCENTRAL_ENVIRONMENTS_FILE: JSON.stringify({ biz: { ...biz, ...more } }) });
    const problem = 'must give codeClientSecretFile beside a codeClientId that is not the clientId';
    expect(withBiz({ codeClientId: 'B' })).toEqual([{ name: 'RINGCENTRAL_ENVIRONMENTS_FILE', problem }]);
    expect(withBiz({ codeClientId: 'B', codeClientSecretFile: '/b' })).toEqual([]);
    expect(withBiz({ codeClientId: 'A' })).toEqual([]);
  });

  it('all missing names are reported at once, in alphabetical order', () => {
    const names = problemsOf({}).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['ACCOUNTS_KEY', 'PUBLIC_URL', 'SEALING_KEYS_FILE', 'SMTP_URL']));
  });
});

it.each(['RINGCENTRAL_CANARY_CLIENT_ID', 'RINGCENTRAL_CANARY_CLIENT_SECRET', 'RINGCENTRAL_CANARY_CLIENT_SECRET_FILE'])(
  'a name of an earlier version is rejected with what to do: %s',
  (name) => {
    expect(problemsOf({ ...whole, [name]: 'EXAMPLE' })).toEqual([{ name, problem: 'was removed; delete it' }]);
    expect(problemsOf({ ...whole, [name]: '' })).toEqual([]);
  },
);

describe('invalid settings', () => {
  const wrong: [string, string][] = [
    ['PORT', '65536'],
    ['PORT', '80 '],
    ['PORT', '-1'],
    ['PUBLIC_URL', 'portal.example'],
    ['PUBLIC_URL', 'ftp://portal.example'],
    ['PUBLIC_URL', 'https://user:word@portal.example'],
    ['PUBLIC_URL', 'https://portal.example/app'],
    ['PUBLIC_URL', 'https://portal.example/?tenant=1'],
    ['HSTS_SUBDOMAINS', 'yes'],
    ['ROLES', 'web,admin'],
    ['ROLES', ','],
    ['DATABASE_URL', 'mysql://db.example/latchkey'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite://data/latchkey.db'],
    ['DATABASE_URL', 'sqlite:///var/lib/latchkey.db'],
    ['DATABASE_URL', 'postgres:'],
    ['DATABASE_URL', 'postgres://user:secret@[/latchkey'],
    ['SESSION_SECRET', 'a secret of 31 characters, not a'.slice(0, 31)],
    ['SESSION_SECRET', 'x'.repeat(64)],
    ['SESSION_SECRET', 'one that has a comma in it, so it is in two parts'],
    ['ACCOUNTS_KEY', Buffer.alloc(32, 7).toString('base64')],
    ['ACCOUNTS_KEY', `${randomBytes(32).toString('base64')},`],
    ['ACCOUNTS_KEY', `${randomBytes(32).toString('base64')},${Buffer.alloc(32).toString('base64')}`],
    ['ACCOUNTS_KEY', 'not base64 at all!'],
    ['ACCOUNTS_KEY', randomBytes(31).toString('base64')],
    ['SEALING_KEYS_FILE', '{"kty":"oct"}'],
    ['SEALING_KEYS_FILE', '-----BEGIN PRIVATE KEY-----'],
    ['AUDIT_SIGNING_KEY_FILE', '-----BEGIN PRIVATE KEY-----'],
    ['RINGCENTRAL_SERVER_URL', 'http://platform.ringcentral.com'],
    ['RINGCENTRAL_CONSOLE_URL', 'javascript:alert(1)'],
    ['RINGCENTRAL_AUTH_PER_MINUTE', '1'],
    ['RINGCENTRAL_AUTH_SCOPE', 'galaxy'],
    ['RINGCENTRAL_ENVIRONMENTS_FILE', '{"biz":{"serverUrl":"http://10.0.0.1"}}'],
    ['RINGCENTRAL_ENVIRONMENTS_FILE', 'no json'],
    ['JOB_PROBE', 'patients'],
    ['CHECK_EVERY_MINUTES', '0'],
    ['REJECTION_CONFIRM_SECONDS', '1e3'],
    ['RETENTION_ERASURE_DAYS', '6'],
    ['RETENTION_EVENTS_DAYS', '29'],
    ['RETENTION_CHECKS_DAYS', '3651'],
    ['RETENTION_MAIL_DAYS', '6'],
    ['ISV_SUPPORT_EMAIL', 'support'],
    ['ISV_COLOR', 'red;}body{display:none'],
    ['ISV_COLOR', '#00aa55'],
    ['ISV_COLOR', '#777'],
    ['ISV_LOGO_FILE', '<html></html>'],
    ['ISV_LOGO_FILE', aPicture.replace('/>', ' onload="alert(1)"/>')],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.1, proxy.example'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.7, 0.0.0.0/0'],
    ['TRUST_PROXY', '0.0.0.0/1 128.0.0.0/1'],
    ['TRUST_PROXY', '::/0'],
    ['TRUST_PROXY', '::ffff:0:0/96'],
    ['WEBHOOK_ALLOWED_NETWORKS', '169.254.0.0/16'],
    ['WEBHOOK_ALLOWED_NETWORKS', '10.0.0.0/8, 0.0.0.0/0'],
    ['SMTP_URL', 'http://mail.example'],
    ['LOG_LEVEL', 'loud'],
  ];
  it.each(wrong)('%s=%s is rejected by name, in one line', (name, value) => {
    const problems = problemsOf({ ...whole, [name]: value });
    expect(problems.map((problem) => problem.name)).toEqual([name]);
    expect(problems[0]?.problem).not.toMatch(/[\r\n]/);
  });

  it('a renamed setting is rejected, and the message contains the new name', () => {
    const problem = 'was renamed ISV_COLOR';
    expect(problemsOf({ ...whole, ISV_COLOUR: '#14566b' })).toEqual([{ name: 'ISV_COLOUR', problem }]);
    expect(problemsOf({ ...whole, ISV_COLOUR: '' })).toEqual([]);
  });

  const names = Object.keys({
    ...whole,
    PORT: '',
    DATABASE_URL: '',
    RINGCENTRAL_ENVIRONMENTS_FILE: '',
    TRUST_PROXY: '',
  });
  it('SEC-49: no problem repeats a value', () => {
    const secret = fc.stringMatching(/^[!-~]{12,60}$/).map((text) => `Zq${text}9`);
    fc.assert(
      fc.property(fc.constantFrom(...names), secret, (name, value) => {
        const told = JSON.stringify(problemsOf({ ...whole, [name]: value }));
        const escaped = JSON.stringify(value).slice(1, -1);
        return !told.includes(value) && !told.includes(escaped);
      }),
      { numRuns: 500 },
    );
  });
});

describe('SEC-55: addresses', () => {
  it('SEC-39: proxies are given as addresses or ranges', () => {
    const found = configOf({ ...whole, TRUST_PROXY: '10.0.0.7,192.168.0.0/16, fd00::/8 ::1 10.0.0.0/8' }).TRUST_PROXY;
    expect(found).toEqual(['10.0.0.7', '192.168.0.0/16', 'fd00::/8', '::1', '10.0.0.0/8']);
  });

  const namesWarned = (environment: Environment, mode: (path: string) => number = () => 0o100600) =>
    configWarnings(configOf({ ...whole, ...environment }), mode).map(({ name }) => name);

  it.each([
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://127.0.0.1:3000' }, ['HOST']],
    [{ HOST: '127.0.0.1', PUBLIC_URL: 'http://localhost:3000' }, []],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://portal.example' }, ['TRUST_PROXY']],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://portal.example', TRUST_PROXY: '10.0.0.7' }, []],
  ])('%j: a start warns of %j', (environment, names) => {
    expect(namesWarned(environment)).toEqual(names);
  });

  it('SEC-66: a file with a secret that other users of the machine can open is named, without its path', () => {
    const { SESSION_SECRET: _left, ...rest } = whole;
    const files = {
      ...rest,
      SESSION_SECRET_FILE: 'synthetic-session-secret-0123456789',
      TRUST_PROXY: '::1',
      DATABASE_URL: 'sqlite:/srv/l.db',
    };
    const config = configOf(files);
    const named = (mode: (path: string) => number) => configWarnings(config, mode).map(({ name }) => name);
    expect(named(() => 0o100600)).toEqual([]);
    expect(named(() => 0o100640)).toEqual([]);
    expect(named(() => 0o100644)).toEqual(['SESSION_SECRET_FILE', 'SEALING_KEYS_FILE', 'DATABASE_URL']);
    for (const file of ['/srv/l.db', '/srv/l.db-wal', '/srv/l.db-shm'])
      expect(named((path) => (path === file ? 0o100604 : 0))).toEqual(['DATABASE_URL']);
    expect(JSON.stringify(configWarnings(config, () => 0o100644))).not.toMatch(/srv|synthetic|\{\\"keys/);
  });

  it('SEC-34: a key that signs receipts is read as a secret file, and is named in a process that cannot use it', () => {
    const key = newSigningKey();
    expect(configOf({ ...whole, AUDIT_SIGNING_KEY_FILE: key }).AUDIT_SIGNING_KEY_FILE).toHaveLength(1);
    const named = (environment: Environment, mode: number) =>
      configWarnings(configOf({ ...environment, AUDIT_SIGNING_KEY_FILE: key, TRUST_PROXY: '::1' }), () => mode).map(
        ({ name }) => name,
      );
    expect(named(whole, 0o100600)).toEqual([]);
    expect(named(whole, 0o100644)).toEqual(['SEALING_KEYS_FILE', 'AUDIT_SIGNING_KEY_FILE', 'DATABASE_URL']);
    expect(named(complete['web'] ?? {}, 0o100600)).toEqual(['AUDIT_SIGNING_KEY_FILE']);
  });

  it('PUBLIC_URL may name a port and end with a slash', () => {
    for (const url of ['https://portal.example:443/', 'https://portal.example', 'HTTPS://Portal.Example/'])
      expect(configOf({ ...whole, PUBLIC_URL: url }).PUBLIC_URL).toBe('https://portal.example');
  });

  it.each([
    ['postgres://portal:secret@db.example/latchkey', false],
    ['postgres://portal:secret@10.0.0.7:5432/latchkey?application_name=x', false],
    ['postgres://portal@[fd00::7]/latchkey', false],
    ['postgres:///latchkey?host=db.example', false],
    ['postgres://portal@db.example/latchkey?sslmode=', false],
    ['postgres://portal:secret@db.example/latchkey?sslmode=verify-full', true],
    ['postgres://portal:secret@db.example/latchkey?sslmode=disable', true],
    ['postgresql://portal@db.example/latchkey?ssl=true', true],
    ['postgres://portal@127.0.0.1/latchkey', true],
    ['postgres://portal@[::1]:5433/latchkey', true],
    ['postgres://portal@localhost/latchkey', true],
    ['postgres:///latchkey?host=/var/run/postgresql', true],
    ['postgres://portal@%2Fvar%2Frun%2Fpostgresql/latchkey', true],
  ])('SEC-63: a database on another machine must say sslmode: %s is accepted: %s', (DATABASE_URL, isAccepted) => {
    const problems = problemsOf({ ...whole, DATABASE_URL });
    expect(problems.map(({ name }) => name)).toEqual(isAccepted ? [] : ['DATABASE_URL']);
    if (!isAccepted) expect(problems[0]?.problem).toMatch(/^must say sslmode for a server on another machine: /);
  });

  it('DATABASE_URL with two slashes after sqlite is refused, and the message shows how to write it', () => {
    const problem = 'must have no // after sqlite: as in sqlite:./data/latchkey.db';
    for (const DATABASE_URL of ['sqlite://data/latchkey.db', 'sqlite:///var/lib/latchkey.db'])
      expect(problemsOf({ ...whole, DATABASE_URL })).toEqual([{ name: 'DATABASE_URL', problem }]);
  });

  it.each(['PORT', 'EMULATOR_PORT', 'MAILBOX_PORT'])('the demo refuses a %s that browsers refuse to open', (name) => {
    const defaults = { PORT: 3000, EMULATOR_PORT: 4000, MAILBOX_PORT: 4025 };
    const problem = 'is a port that browsers refuse to open';
    for (const port of ['6000', '6667', '10080', '1'])
      expect(readDemoOptions(defaults, { [name]: port })).toEqual({ ok: false, problems: [{ name, problem }] });
    for (const port of ['6001', '0', '65535', '']) expect(readDemoOptions(defaults, { [name]: port }).ok).toBe(true);
  });

  const urls = ['PUBLIC_URL', 'RINGCENTRAL_SERVER_URL', 'RINGCENTRAL_CONSOLE_URL'];
  const loopback = ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'];
  const elsewhere = ['http://10.0.0.7', 'http://portal.example', 'http://127.0.0.1.portal.example', 'http://0.0.0.0'];

  it.each(urls)('%s may be http only if the traffic cannot leave the machine', (name) => {
    for (const url of loopback) expect(problemsOf({ ...whole, [name]: url })).toEqual([]);
    for (const url of elsewhere)
      expect(problemsOf({ ...whole, [name]: url })).toEqual([
        { name, problem: 'must be an https URL (http for loopback addresses only)' },
      ]);
  });
});

describe('SEC-58: keys that rotate', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const inBase64 = [first, second].map((key) => key.toString('base64'));

  it('ACCOUNTS_KEY and SESSION_SECRET accept several, with commas and blanks between them, in their order', () => {
    const secrets = ['the new session secret of this month', 'the old session secret of the last month'];
    const { ACCOUNTS_KEY, SESSION_SECRET } = configOf({
      ...whole,
      ACCOUNTS_KEY: inBase64.join(','),
      SESSION_SECRET: secrets.join(' , '),
    });
    expect(ACCOUNTS_KEY).toEqual([first, second]);
    expect(SESSION_SECRET).toEqual(secrets);
  });

  it.each([
    ['a short part of a SESSION_SECRET', 'SESSION_SECRET', `${'ab'.repeat(20)},short`, 'each of its parts, which commas separate, must have at least 32 characters'],
    ['a SESSION_SECRET with a comma at its end', 'SESSION_SECRET', `${'ab'.repeat(20)},`, 'each of its parts, which commas separate, must have at least 32 characters'],
    ['a part that is one character', 'SESSION_SECRET', `${'ab'.repeat(20)},${'x'.repeat(40)}`, 'each of its parts, which commas separate, must not be one character repeated'],
    ['a part of an ACCOUNTS_KEY that is one byte', 'ACCOUNTS_KEY', `${inBase64.join(',')},${Buffer.alloc(32).toString('base64')}`, 'each of its parts, which commas separate, must not be one byte repeated'],
    ['an ACCOUNTS_KEY that is one byte', 'ACCOUNTS_KEY', Buffer.alloc(32, 7).toString('base64'), 'must not be one byte repeated'],
  ])('%s is refused by name', (_title, name, value, problem) => {
    expect(problemsOf({ ...whole, [name]: value })).toEqual([{ name, problem }]);
  }); // prettier-ignore
});

describe('SEC-34: secrets from files', () => {
  const secrets = ['SESSION_SECRET', 'ACCOUNTS_KEY', 'RINGCENTRAL_CLIENT_SECRET', 'SMTP_URL'] as const;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(secrets)('%s_FILE provides the same value, with or without a line end', (name) => {
    const { [name]: value = '', ...rest } = whole;
    for (const end of ['', '\n', '\r\n'])
      expect(configOf({ ...rest, [`${name}_FILE`]: `${value}${end}` })[name]).toEqual(configOf(whole)[name]);
  });

  it.each(secrets)('%s given in both ways is one problem', (name) => {
    const both = { ...whole, [`${name}_FILE`]: whole[name] };
    expect(problemsOf(both)).toEqual([{ name, problem: `is given twice: as ${name} and as ${name}_FILE` }]);
  });

  it.each(secrets)('a missing %s_FILE gives exactly one line with that name', (name) => {
    const { [name]: _left, SEALING_KEYS_FILE: _keys, ...rest } = whole;
    const keys = join(folder, 'keys.json');
    writeFileSync(keys, jwks);
    const parsed = parseConfig({ ...rest, SEALING_KEYS_FILE: keys, [`${name}_FILE`]: join(folder, 'absent') });
    expect(parsed).toEqual({
      ok: false,
      problems: [{ name: `${name}_FILE`, problem: 'names a file that cannot be read' }],
    });
  });

  it('a named but missing file gives exactly one line', () => {
    const absent = (path: string) => {
      if (path === '/absent.svg') throw new Error('ENOENT /absent.svg');
      return path;
    };
    for (const name of ['SEALING_KEYS_FILE', 'RINGCENTRAL_ENVIRONMENTS_FILE', 'ISV_LOGO_FILE'])
      expect(problemsOf({ ...whole, [name]: '/absent.svg' }, absent)).toEqual([
        { name, problem: 'names a file that cannot be read' },
      ]);
  });

  it('a wrong value in a file is reported by name, without the value', () => {
    const { SESSION_SECRET: _left, ...rest } = whole;
    const problems = problemsOf({ ...rest, SESSION_SECRET_FILE: 'short-and-secret' });
    expect(problems).toEqual([{ name: 'SESSION_SECRET', problem: 'must have at least 32 characters' }]);
  });
});
