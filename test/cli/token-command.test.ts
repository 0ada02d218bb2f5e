import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portalAccess } from '../../src/cli/portal-access.js';
import { tokenCommandIn } from '../../src/cli/token-command.js';
import { aProblem, aStubPortal, aToken, key, type StubPortal } from '../client/stub-portal.js';
import { runCompiled } from '../drill/compiled.js';

let portal: StubPortal;
let folder: string;
let keyFile: string;
beforeAll(async () => {
  portal = await aStubPortal();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-token-'));
  keyFile = join(folder, 'api-key');
  writeFileSync(keyFile, `${key}\n`);
});
afterAll(async () => {
  await portal.close();
  rmSync(folder, { recursive: true });
});

async function token(
  asked: { tenant: string; minTtl?: string },
  env: Record<string, string> = { LATCHKEY_API_KEY_FILE: keyFile },
) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    say: (line: string) => void out.push(line),
    fail: (...lines: string[]) => (err.push(...lines), 1) as 1,
  };
  const code = await tokenCommandIn(() => ({ LATCHKEY_URL: portal.url, ...env })).run?.(asked, terminal);
  expect(err.join()).not.toMatch(/lky_|EXAMPLE-token/);
  expect(out.join()).not.toContain(key);
  return { code, stdout: out.join('\n'), stderr: err.join('\n') };
}

it('prints the answer of the portal as one line of JSON, and asks for the tenant by the reference', async () => {
  portal.will({ status: 200, body: aToken() });
  const args = ['token', '--tenant', 'EHR-1001', '--min-ttl', '1800'];
  const env = { LATCHKEY_URL: portal.url, LATCHKEY_API_KEY_FILE: keyFile };
  const { code, stdout, stderr } = await runCompiled('cli', { args, env });
  expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({ code: 0, stderr: '', lines: 1 });
  expect(JSON.parse(stdout)).toEqual(aToken());
  expect(portal.seen.at(-1)).toMatchObject({
    line: 'POST /api/v1/tenants/ref%3AEHR-1001/access-token',
    body: { min_ttl_seconds: 1800 },
  });
});

it.each([
  ['not_connected', 'https://portal.isv.example/tenants/1/connection'],
  ['credential_rejected', 'https://portal.isv.example/tenants/1/connection'],
])('ends with 3 and the reason if someone must act first: %s', async (cause, link) => {
  portal.will(aProblem(409, { cause, fix_owner: 'tenant', reconnect_url: link }));
  const { code, stdout, stderr } = await token({ tenant: 'ref:EHR-1001' });
  expect({ code, stderr }).toEqual({ code: 3, stderr: `no token: ${cause}, to be fixed by: tenant, at ${link}` });
  expect(JSON.parse(stdout)).toMatchObject({ cause, fix_owner: 'tenant', reconnect_url: link });
  expect(portal.seen.at(-1)?.line).toBe('POST /api/v1/tenants/ref%3AEHR-1001/access-token');
});

it('ends with 4 and the time if it may be tried later, after one request', async () => {
  const before = portal.seen.length;
  portal.will(aProblem(503, { cause: 'auth_budget', retryable: true, retry_at: '2026-11-29T10:00:40.000Z' }));
  const { code, stdout, stderr } = await token({ tenant: 'EHR-1001' });
  expect({ code, stderr }).toEqual({
    code: 4,
    stderr: expect.stringMatching(/^no token now: auth_budget; try/) as string,
  });
  expect(JSON.parse(stdout)).toMatchObject({ cause: 'auth_budget', retry_at: '2026-11-29T10:00:40.000Z' });
  expect(portal.seen.length - before).toBe(1);
});

it('ends with 4 if the portal cannot be reached', async () => {
  const { code, stdout } = await token({ tenant: 'x' }, { LATCHKEY_URL: 'http://127.0.0.1:1', LATCHKEY_API_KEY: key });
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toEqual({ cause: 'portal_unreachable', retry_at: expect.stringMatching(/Z$/) as string });
});

it('ends with 1 and says why if the portal refuses the request', async () => {
  portal.will(aProblem(404, { cause: 'not_found' }));
  expect(await token({ tenant: 'x' })).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'the portal answered 404 not_found (urn:uuid:00000000-0000-4000-8000-000000000001); see https://portal.isv.example/docs/errors/x',
  });
});

it('ends with 2 without an address and a key, and with a life that is too long', async () => {
  expect(await token({ tenant: 'x', minTtl: '1801' })).toMatchObject({ code: 2, stdout: '' });
  expect(await token({ tenant: 'x' }, { LATCHKEY_URL: '' })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'LATCHKEY_URL is missing\nLATCHKEY_API_KEY is missing',
  });
});

describe('the access to a portal', () => {
  const url = 'https://portal.isv.example';
  it.each([
    [{ LATCHKEY_URL: 'http://portal.isv.example', LATCHKEY_API_KEY: key }, 'LATCHKEY_URL'],
    [{ LATCHKEY_URL: `${url}/portal`, LATCHKEY_API_KEY: key }, 'LATCHKEY_URL'],
    [{ LATCHKEY_URL: url, LATCHKEY_API_KEY: key, LATCHKEY_API_KEY_FILE: 'x' }, 'LATCHKEY_API_KEY'],
    [{ LATCHKEY_URL: url, LATCHKEY_API_KEY: 'two words' }, 'LATCHKEY_API_KEY'],
    [{ LATCHKEY_URL: url, LATCHKEY_API_KEY_FILE: '/nowhere/api-key' }, 'LATCHKEY_API_KEY_FILE'],
    [{ LATCHKEY_URL: url }, 'LATCHKEY_API_KEY'],
  ])('%j is refused with the name that is wrong, and no value is repeated', (environment, name) => {
    const problems = portalAccess(environment);
    expect(problems).toEqual([{ name, problem: expect.any(String) as string }]);
    expect(JSON.stringify(problems)).not.toMatch(/two words|isv|nowhere/);
  });

  it('reads the key from a file, with or without a line end', () => {
    for (const end of ['', '\n', '\r\n']) {
      const access = portalAccess({ LATCHKEY_URL: `${url}/`, LATCHKEY_API_KEY_FILE: 'f' }, () => key + end);
      expect(Array.isArray(access) ? access : [access.url, access.apiKey.reveal()]).toEqual([url, key]);
    }
  });
});
