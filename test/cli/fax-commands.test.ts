import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faxCommandsIn } from '../../src/cli/fax-commands.js';
import type { PullSurroundings } from '../../src/faxes/run/pull-into.js';
import { lockFolder } from '../../src/faxes/set/folder-lock.js';
import { realWorld } from '../../src/platform/world.js';
import { aProblem, aStubPortal, key, type StubPortal } from '../client/stub-portal.js';

let portal: StubPortal;
let folder: string;
beforeAll(async () => {
  portal = await aStubPortal();
});
afterAll(() => portal.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-pull-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The command, on the folder unless another is named; ends at once instead of waiting for the portal. */
async function faxes(
  name: 'pull' | 'status' | 'verify' | 'fetch',
  asked: Record<string, string | boolean> = {},
  env: Record<string, string> = { LATCHKEY_URL: portal.url, LATCHKEY_API_KEY: key },
  around: Partial<PullSurroundings> = {},
) {
  const [out, err, shown]: [string[], string[], string[]] = [[], [], []];
  const terminal = {
    say: (line: string) => void out.push(line),
    fail: (...lines: string[]) => (err.push(...lines), 1) as 1,
  };
  const screen = { columns: () => null, write: (text: string) => void shown.push(text) };
  const command = faxCommandsIn({ environment: () => env, around: { screen, ...around } }).find(
    (one) => one.name === `faxes ${name}`,
  );
  const code = await command?.run?.({ to: folder, ...asked }, terminal);
  expect([...out, ...err, ...shown].join()).not.toContain(key);
  return { code, out: out.map((line) => JSON.parse(line) as unknown), err, shown };
}

const page = (more: object) => ({
  status: 200,
  body: { by: '', estimated_minutes: 0, go: [], no_go: [], unknown: [], next_cursor: null, ...more },
});
const explained = 'the page /docs/errors/<problem> of the portal explains a problem that the portal names';
const soon = () => ({ until: new Date(Date.now() + 500).toISOString() });

it.each([
  ['pull', { since: 'yesterday' }, '--since'],
  ['pull', { since: '2026-11-30T00:00:00' }, '--since'],
  ['pull', { until: '2026-13-01T00:00:00Z' }, '--until'],
  ['pull', { until: '2026-11-29T00:00:00Z' }, '--until must be in the future'],
  ['pull', { tenant: '' }, '--tenant'],
  ['fetch', { id: '../5' }, 'the id'],
] as const)('faxes %s with %j ends with 2 before anything is asked', async (name, asked, said) => {
  const before = portal.seen.length;
  const { code, err } = await faxes(name, asked);
  expect({ code, isSaid: err.join().includes(said) }).toEqual({ code: 2, isSaid: true });
  expect(portal.seen.length).toBe(before);
});

it('needs an address and a key to pull and to fetch, and neither to look at the folder', async () => {
  const err = ['LATCHKEY_URL is missing\nLATCHKEY_API_KEY is missing'];
  expect(await faxes('pull', {}, {})).toMatchObject({ code: 2, out: [], err });
  expect(await faxes('fetch', { id: '5' }, {})).toMatchObject({ code: 2, out: [], err });
  const verified = { code: 0, out: [{ ok: 0, taken_away: 0, damaged: 0 }], err: [] };
  expect(await faxes('verify', {}, {})).toMatchObject(verified);
});

it('says that no fax line was read into a folder whose status is empty', async () => {
  const err = ['no fax line was read into this folder yet: run "faxes pull", or check --to'];
  expect(await faxes('status', {}, {})).toMatchObject({ code: 0, out: [], err });
});

it('ends with 2 if the folder does not exist, and does not make it', async () => {
  const missing = join(folder, 'not-mounted');
  expect(await faxes('pull', { to: missing })).toMatchObject({
    code: 2,
    out: [],
    err: ['the folder cannot be used: ENOENT: it does not exist, or is gone; make it, or mount its disk'],
  });
  expect(() => statSync(missing)).toThrow('ENOENT');
});

it('ends with 2 if a file is where the folder should be', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await faxes('pull', { to: file })).toMatchObject({
    code: 2,
    out: [],
    err: ['the folder cannot be used: ENOTDIR: it is no folder'],
  });
});

it('ends with 2 and says so while another command uses the folder', async () => {
  const lock = await lockFolder(folder);
  expect(await faxes('pull')).toMatchObject({
    code: 2,
    out: [],
    err: ['another command uses this folder: wait until it has ended'],
  });
  lock?.release();
  expect((await faxes('status')).code).toBe(0);
});

it('ends with 2 if the portal refuses the key or cannot be reached before the end', async () => {
  portal.will(aProblem(403, { cause: 'insufficient_scope' }));
  expect(await faxes('pull')).toMatchObject({
    code: 2,
    out: [],
    err: [expect.stringContaining('403 insufficient_scope')],
  });
  expect(await faxes('pull', soon(), nowhere)).toMatchObject({ code: 2, err: [unreachable] });
});

const nowhere = { LATCHKEY_URL: 'http://127.0.0.1:1', LATCHKEY_API_KEY: key };
const unreachable =
  'the portal at http://127.0.0.1:1 cannot be reached: check LATCHKEY_URL, the network, and that the portal runs';

/** Time that passes only while the portal is waited for. */
function portalTime() {
  let passed = 0;
  async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const isProgress = milliseconds === 60_000;
    if (isProgress) return realWorld.wait(milliseconds, signal);
    passed += milliseconds;
  }
  return { around: { clock: () => passed, world: { ...realWorld, wait } }, passed: () => passed };
}

it('says at once and a minute later why it waits for the portal, and ends with 2 within two minutes', async () => {
  const { around, passed } = portalTime();
  const { code, err, shown } = await faxes('pull', {}, nowhere, around);
  const said = shown.filter((line) => line.startsWith(`${unreachable}; trying until 20`));
  expect({ code, err, said: said.length }).toEqual({ code: 2, err: [unreachable], said: 2 });
  expect(passed()).toBeGreaterThan(60_000);
  expect(passed()).toBeLessThanOrEqual(120_000);
});

it('waits as long for the first token of one clinic, and calls the portal unreachable', async () => {
  const { around, passed } = portalTime();
  const { code, out } = await faxes('pull', { tenant: 'EHR-7' }, nowhere, around);
  expect({ code, out: out[0] }).toEqual({
    code: 2,
    out: { external_ref: 'EHR-7', problem: 'portal_unreachable', fix_owner: null },
  });
  expect(passed()).toBeLessThanOrEqual(120_000);
});

it('waits longer than two minutes for a portal that has answered once', async () => {
  const { around, passed } = portalTime();
  portal.will(page({ next_cursor: 'next' }), ...Array.from({ length: 9 }, () => 'cut' as const), page({}));
  expect((await faxes('pull', {}, undefined, around)).code).toBe(0);
  expect(passed()).toBeGreaterThan(120_000);
});

it("waits for a portal that answers that it is not ready, and not for a proxy's answer", async () => {
  const later = { headers: { 'retry-after': '150' } };
  portal.will({ ...(aProblem(503) as object), status: 503, ...later }, page({}));
  expect((await faxes('pull', {}, undefined, portalTime().around)).code).toBe(0);
  portal.will({ status: 502, text: 'bad gateway', ...later }, page({}));
  expect(await faxes('pull', {}, undefined, portalTime().around)).toMatchObject({
    code: 2,
    err: [`the portal at ${portal.url} answers 502: look at its log, and at its proxy`],
  });
});

it('says that the portal has no clinic with the id of --tenant', async () => {
  portal.will(aProblem(404, { cause: 'not_found' }));
  const { code, err } = await faxes('pull', { tenant: 'NOPE' });
  expect(code).toBe(2);
  expect(err).toContain('the portal has no clinic with this id, or not for this key: NOPE');
});

it('prints each clinic that cannot work with its cause and who needs to act, and ends with 2 if no other is left', async () => {
  const refused = { tenant: 'id-1', external_ref: 'EHR-1', since: '2026-11-30T00:00:00Z', reconnect_url: null };
  portal.will(page({ no_go: [{ ...refused, state: 'failing', cause: 'credential_rejected', fix_owner: 'tenant' }] }));
  const { code, out, err } = await faxes('pull');
  expect({ code, err }).toEqual({
    code: 2,
    err: ['0 of 1 clinics pulled', '1 not pulled to the end (credential_rejected: 1)', explained],
  });
  expect(out).toEqual([
    { external_ref: 'EHR-1', problem: 'credential_rejected', fix_owner: 'tenant' },
    expect.objectContaining({ clinics: 1, pulled: 0, not_pulled: 1 }),
  ]);
});

it('asks again by the clock of the portal if its own is wrong', async () => {
  const past = { cause: 'invalid_query', errors: [{ pointer: '/by', code: 'past' }] };
  portal.will(aProblem(400, past), page({}));
  expect((await faxes('pull')).code).toBe(0);
  expect(portal.seen.at(-1)?.line).toBe('GET /api/v1/preflight?by=2026-11-29T10%3A00%3A00.000Z');
});

it('ends with 0 if the only clinic is not connected yet', async () => {
  const later = { tenant: 'id-1', external_ref: 'EHR-1', since: '2026-11-30T00:00:00Z', reconnect_url: null };
  portal.will(page({ no_go: [{ ...later, state: 'not_connected', cause: 'not_connected', fix_owner: 'tenant' }] }));
  expect(await faxes('pull')).toMatchObject({
    code: 0,
    err: ['0 of 1 clinics pulled', '1 not connected yet, or no longer (not_connected: 1)'],
  });
});

it('asks for the token of one clinic by the reference, and waits for it no longer than it may', async () => {
  portal.will(aProblem(503, { cause: 'auth_budget', retryable: true, retry_at: '2026-11-29T10:00:40.000Z' }));
  const { code, out } = await faxes('pull', { tenant: 'ref:EHR-7', ...soon() });
  expect(portal.seen.at(-1)?.line).toBe('POST /api/v1/tenants/ref%3AEHR-7/access-token');
  expect({ code, out: out[0] }).toEqual({
    code: 2,
    out: { external_ref: 'EHR-7', problem: 'auth_budget', fix_owner: null },
  });
});

/** A process that watches, and is stopped when it waits for the next run for the nth time. */
function watching(most: number) {
  const stop = new AbortController();
  const waits: { minutes: number; isFolderFree: boolean }[] = [];
  async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds < 600_000 || signal !== stop.signal) return realWorld.wait(milliseconds, signal);
    const lock = await lockFolder(folder);
    lock?.release();
    waits.push({ minutes: milliseconds / 60_000, isFolderFree: lock !== null });
    if (waits.length === most) stop.abort();
  }
  return { waits, around: { world: { ...realWorld, wait }, signal: stop.signal } };
}

it('stays with --watch, runs again in time, and leaves the folder free between two runs', async () => {
  portal.will(page({}), aProblem(403), page({}));
  const { waits, around } = watching(3);
  const { code, out } = await faxes('pull', { watch: true }, undefined, around);
  expect({ code, runs: out.length }).toEqual({ code: 0, runs: 2 });
  expect(waits).toEqual([1440, 15, 1440].map((minutes) => ({ minutes, isFolderFree: true })));
});

it('ends at once with --watch if nothing can run at first', async () => {
  portal.will(aProblem(403));
  const { waits, around } = watching(1);
  expect(await faxes('pull', { watch: true }, undefined, around)).toMatchObject({ code: 2 });
  expect(waits).toEqual([]);
});

it('keeps its files from other users, and leaves the umask as it was', async () => {
  const umask = process.umask(0o022);
  await faxes('status');
  expect(process.umask(umask)).toBe(0o022);
  expect(statSync(join(folder, '.latchkey')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, '.latchkey', 'pulled.db')).mode & 0o777).toBe(0o600);
});

it('says that no fax of this id was listed', async () => {
  expect(await faxes('fetch', { id: '5' })).toMatchObject({
    code: 1,
    out: [],
    err: ['no fax with this id was listed'],
  });
});
