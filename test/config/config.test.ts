import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { configWarnings, parseConfig, type Config, type ConfigProblem, type Environment } from '../../src/config.js';

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
    ['ROLES', 'web,admin'],
    ['ROLES', ','],
    ['DATABASE_URL', 'mysql://db.example/latchkey'],
    ['DATABASE_URL', 'sqlite:'],
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
    ['RINGCENTRAL_SERVER_URL', 'http://platform.ringcentral.com'],
    ['RINGCENTRAL_CONSOLE_URL', 'javascript:alert(1)'],
    ['RINGCENTRAL_AUTH_PER_MINUTE', '1'],
    ['RINGCENTRAL_AUTH_SCOPE', 'galaxy'],
    ['RINGCENTRAL_ENVIRONMENTS_FILE', '{"biz":{"serverUrl":"http://10.0.0.1"}}'],
    ['RINGCENTRAL_ENVIRONMENTS_FILE', 'no json'],
    ['JOB_PROBE', 'patients'],
    ['CHECK_EVERY_MINUTES', '0'],
    ['REJECTION_CONFIRM_SECONDS', '1e3'],
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

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:3000', 1],
    ['0.0.0.0', 'https://portal.example', 0],
    ['127.0.0.1', 'http://localhost:3000', 0],
  ])('listening on %s for %s gives %i warnings', (HOST, PUBLIC_URL, times) => {
    const warnings = configWarnings(configOf({ ...whole, HOST, PUBLIC_URL }));
    expect(warnings).toHaveLength(times);
    expect(warnings.join()).not.toContain('0.0.0.0');
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
