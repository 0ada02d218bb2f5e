import { aRingCentral, own, type Cast } from '../cast.js';
import type { FaultKind } from '../../../src/emulator/traffic/fault-kinds.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
});
afterEach(() => cast.emulator.close());

it.each<[FaultKind, number, string]>([
  ['rate_limited', 429, 'CMN-301'],
  ['unavailable', 503, 'CMN-201'],
  ['service_unavailable_oauth', 503, 'service_unavailable'],
  ['status', 500, 'CMN-999'],
  ['html', 502, '<html>'],
  ['cut_json', 200, '"token_ty'],
  ['not_json', 200, 'OK'],
  ['empty_body', 200, ''],
])('%s', async (kind, status, text) => {
  cast.emulator.faults.add({ kind, path: '/restapi/oauth/token' });
  const response = await cast.ask();
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(text);
});

it('a fault applies to its number of requests and only on its path', async () => {
  const { access_token: token } = await cast.mint();
  cast.emulator.faults.add({ kind: 'status', path: '/restapi/oauth/token', count: 2 });
  expect((await cast.get(own, token)).status).toBe(200);
  expect([(await cast.ask()).status, (await cast.ask()).status, (await cast.ask()).status]).toEqual([500, 500, 200]);
  expect(cast.emulator.faults.list()).toEqual([]);
});

it('a fault of one app leaves the token calls of the others as they are', async () => {
  const other = cast.emulator.addApp();
  cast.emulator.permitApp(cast.jti, other.clientId);
  cast.emulator.faults.add({ kind: 'status', clientId: other.clientId });
  expect((await cast.ask()).status).toBe(200);
  expect((await cast.ask({}, cast.basic(other.clientId, other.secret ?? ''))).status).toBe(500);
});

it('429 works with and without Retry-After, and 503 also as CMN-211', async () => {
  const { faults } = cast.emulator;
  faults.add({ kind: 'rate_limited', retryAfter: null, count: 1 });
  expect((await cast.ask()).headers.get('retry-after')).toBeNull();
  faults.clear();
  faults.add({ kind: 'unavailable', code: 'CMN-211', retryAfter: 7 });
  cast.emulator.resetLimits();
  const response = await cast.ask();
  expect(response.headers.get('retry-after')).toBe('7');
  expect(await response.text()).toContain('CMN-211');
});

it('slow answers arrive late and correct; others never end or end early', async () => {
  const { faults } = cast.emulator;
  faults.add({ kind: 'slow', delayMs: 60, count: 1 });
  const started = performance.now();
  expect((await cast.ask()).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(50);
  for (const kind of ['connection_reset', 'connection_cut'] as const) {
    faults.add({ kind, count: 1 });
    await expect(cast.ask().then((response) => response.text())).rejects.toThrow();
  }
  faults.add({ kind: 'hang', count: 1 });
  const given = { method: 'POST', headers: cast.basic(), body: new URLSearchParams(), signal: AbortSignal.timeout(80) };
  await expect(fetch(`${cast.url}/restapi/oauth/token`, given)).rejects.toThrow();
});

it('streams a body of the requested size, and stops when the client stops reading', async () => {
  const { faults } = cast.emulator;
  faults.add({ kind: 'huge_body', bytes: 3_000_000, count: 1 });
  expect((await (await cast.ask()).text()).length).toBeGreaterThan(3_000_000);
  faults.add({ kind: 'huge_body', count: 1 });
  const reader = (await cast.ask()).body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  await reader?.cancel();
  faults.add({ kind: 'slow_drip', delayMs: 2, bytes: 5 });
  expect(await (await cast.ask()).text()).toBe('     ');
});
