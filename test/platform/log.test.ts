import { createLogger, describeError, type Logger } from '../../src/platform/log.js';
import { Secret } from '../../src/platform/secret.js';

const secret = 'S3CRET';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';

let lines: string[];
let log: Logger;

beforeEach(() => {
  lines = [];
  log = createLogger('trace', { write: (line) => lines.push(line) });
});

const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

/** An error like those of HTTP clients: the request is attached to it, and the message repeats it. */
function leakyError(): Error {
  const cause = Object.assign(new Error(`body assertion=${secret}`), { request: { body: secret } });
  return Object.assign(new Error(`POST /token ${secret}\n    at ${secret} (/app/x.js:1:1)`, { cause }), {
    code: 'ECONNRESET',
    response: { data: secret },
    headers: { authorization: secret },
  });
}

it.each<[string, (error: Error) => void]>([
  ['alone', (error) => log.error(error)],
  ['alone with a message', (error) => log.error(error, 'failed')],
  ['as err', (error) => log.error({ err: error })],
  ['as err with a message', (error) => log.error({ err: error }, 'failed')],
  ['as error', (error) => log.error({ error }, 'failed')],
  ['under another name', (error) => log.error({ reason: error }, 'failed')],
  ['deep inside', (error) => log.error({ a: { b: [{ c: error }] } }, 'failed')],
  ['as a value of the message', (error) => log.error({}, 'failed: %s', error)],
  ['as a value of a message alone', (error) => log.error('failed: %s %o', error, error)],
  ['in a child', (error) => log.child({ error }).error('failed')],
  ["in a child's child", (error) => log.child({}).child({ error }).error('failed')],
])('logs no content of an error, logged %s', (_how, write) => {
  write(leakyError());
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toContain(secret);
});

it('logs the name, the code, the causes and the origin of an error', () => {
  log.error({ err: leakyError() }, 'failed');
  expect(logged()[0]).toMatchObject({
    msg: 'failed',
    err: { name: 'Error', code: 'ECONNRESET', at: expect.any(Array), cause: { name: 'Error' } },
  });
  const { at } = describeError(leakyError());
  expect(at[0]).toMatch(/^at leakyError \(.*log\.test\.ts:\d+:\d+\)$/);
});

it('stops at an error that is its own cause, and accepts other thrown values', () => {
  const own = new Error('x');
  own.cause = own;
  log.error({ err: own }, 'failed');
  log.error({ err: `not an error but ${secret}` }, 'failed');
  expect(logged()[1]).toMatchObject({ err: { name: 'string', at: [] } });
  expect(lines.join()).not.toContain(secret);
});

it.each([
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'assertion',
  'password',
  'newPassword',
  'token',
  'access_token',
  'accessToken',
  'refreshToken',
  'idToken',
  'clientSecret',
  'client_secret',
  'totpSecret',
  'apiKey',
  'api_key',
  'x-api-key',
  'jwt',
  '_csrf',
])('drops a field named %s at any depth', (name) => {
  log.info({ [name]: secret }, 'x');
  log.info({ a: { b: { c: { d: { [name]: [secret] } } } } }, 'x');
  log.info([{ [name]: { value: secret } }], 'x');
  log.child({ [name]: secret }).info('x');
  expect(lines).toHaveLength(4);
  expect(lines.join()).not.toContain(secret);
});

it('keeps counts and flags of any name', () => {
  log.info({ tokens: 3, hasSecret: true, rejectedToken: null, code: 'OAU-213' }, 'x');
  expect(logged()[0]).toMatchObject({ tokens: 3, hasSecret: true, rejectedToken: null, code: 'OAU-213' });
});

it('removes a JWT, or the beginning of one, anywhere', () => {
  log.info({ pasted: jwt, note: `got ${jwt.slice(0, 30)}` }, `body ${jwt}`);
  log.info(`body ${jwt}`);
  log.info({ secret: new Secret(secret), wrapped: { toJSON: () => ({ token: secret }) } }, 'x');
  expect(lines.join()).not.toMatch(/eyJ|c2lnbmF0dXJl|S3CRET/);
});

it('survives values that cannot be written as JSON', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  log.info({ circle, big: 1n, bytes: Buffer.from(secret), when: new Date(Number.NaN), none: undefined }, 'x');
  expect(logged()[0]).toMatchObject({ big: '1', bytes: '[bytes]', when: null });
  expect(lines.join()).not.toContain(secret);
});

describe('SEC-45: a typed value', () => {
  const typed = 'a\r\n{"level":60,"msg":"forged"}\u0000\u001b[2J\u0085\u009b31m\u2028\u2029\u202e\u200b\ufeff';

  const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

  it.each<[string, () => void]>([
    ['a field', () => log.info({ typed }, 'x')],
    ['a field deep inside', () => log.info({ a: { b: [typed] } }, 'x')],
    ['the name of a field', () => log.info({ [typed]: 1 }, 'x')],
    ['the name of a field deep inside', () => log.info({ a: { [typed]: 1 } }, 'x')],
    ['the message', () => log.info(typed)],
    ['a value of the message', () => log.info({}, 'got %s', typed)],
    ["a child's field", () => log.child({ typed }).info('x')],
    ["the name of a child's field", () => log.child({ [typed]: 1 }).info('x')],
    [
      "an error's name and code",
      () => log.info({ err: Object.assign(new Error('x'), { name: typed, code: typed }) }, 'x'),
    ],
  ])('stays on its line and controls nothing, as %s', (_where, write) => {
    write();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(lines[0]).not.toMatch(raw);
    expect(logged()[0]).toMatchObject({ level: 30 });
  });

  it('can still be read back unchanged', () => {
    log.info({ typed }, 'x');
    expect(logged()[0]).toMatchObject({ typed });
  });
});
