import { setTimeout as pause } from 'node:timers/promises';
import { faultKinds } from '../../../src/emulator/traffic/fault-kinds.js';
import { realWorld, type World } from '../../../src/platform/world.js';
import { faultTable, isSilent, type FaultRow } from '../../drill/faults/fault-table.js';
import { aFaultedClinic, type Method } from '../../faults/faulted-clinic.js';
import { eventually } from '../../support/eventually.js';
import type { TestPortal } from '../../support/portal.js';
import { startWithSignIn } from '../../support/sign-ins.js';
import { aResolver } from '../../support/visits/resolver.js';
import { stateOf } from '../connected-clinic.js';
import { askAt, authenticate, jobKey, statusWith } from '../jobs.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a call of RingCentral may last. No other wait is as long, so it shows that RingCentral is being called. */
const CALL_DEADLINE_MS = 9_973;
const LONGEST_WAIT_MS = 15_000;

/** Waits that also end when the clock of the test passes their end. */
function steppedWaits(now: () => Date) {
  const timers = new Set<{ at: number; ring: AbortController }>();
  const begun: number[] = [];
  const wait: World['wait'] = async (ms, signal) => {
    begun.push(ms);
    const timer = { at: now().getTime() + ms, ring: new AbortController() };
    timers.add(timer);
    await realWorld.wait(ms, AbortSignal.any([timer.ring.signal, ...(signal ? [signal] : [])]));
    timers.delete(timer);
  };
  return {
    wait,
    /** How many waits of this length have begun. */
    count: (ms: number): number => begun.filter((one) => one === ms).length,
    ring: (): void => {
      for (const { at, ring } of timers) if (at <= now().getTime()) ring.abort();
    },
  };
}

let test: TestPortal;
/** The clinic that is tried, one for each method. */
let clinic: { tenantId: string };
const clinics = new Map<Method, { tenantId: string }>();
const resolver = aResolver();
// Until there is a portal, its clock is the machine's.
const now = () => (test as TestPortal | undefined)?.clock() ?? new Date();
const waits = steppedWaits(now);
beforeAll(async () => {
  const world: World = { ...realWorld, now, wait: waits.wait };
  test = await startWithSignIn({
    authenticate,
    env: { CHECK_EVERY_MINUTES: '525600' }, // no check by plan meets the faults of a job
    secure: { lookup: resolver.lookup },
    runtime: { world, callDeadlineMs: CALL_DEADLINE_MS },
  });
  for (const method of ['authorization_code', 'jwt'] as const) {
    const connected = await aFaultedClinic(test, ['Front Desk Fax'], method);
    await connected.paste();
    await eventually('it is connected', async () => (await stateOf(test, connected.tenantId)) === 'healthy');
    clinics.set(method, (clinic = connected));
  }
});
afterAll(() => test.close());

/** @returns a promise that resolves when RingCentral is being called, by one call more than now */
function called(): Promise<void> {
  const before = waits.count(CALL_DEADLINE_MS);
  return eventually('RingCentral is called', () => Promise.resolve(waits.count(CALL_DEADLINE_MS) > before));
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    test.clock.advance(500);
    waits.ring();
    await pause(1);
  }
}

function arm({ how }: FaultRow): void {
  const { faults, secure } = test.emulator;
  if ('fault' in how) faults.add({ ...how.fault, call: 'token' });
  else if ('presents' in how) secure?.present(how.presents);
  else {
    resolver.fail(how.dns);
    secure?.endConnections();
  }
}

function heal(row: FaultRow): void {
  test.emulator.faults.clear();
  resolver.fail(null);
  test.emulator.secure?.present('good');
  if (row.isForever) test.emulator.resetLimits();
}

/** What a job is told; null for a token. A refusal is not believed before a check has confirmed it. */
function toldOf({ name, token, signIn }: FaultRow, method: Method): { cause: string; fix_owner: string } | null {
  const expected = (method === 'authorization_code' && signIn?.refresh) || token;
  if (expected === 'accepted' || expected === null) return null;
  const unconfirmed = { cause: 'refusal_unconfirmed', fix_owner: 'nobody' };
  if (name === '401') return unconfirmed; // only a check finds out that this code is about our app
  switch (expected.cause) {
    case 'app_misconfigured':
    case 'unreachable':
      return { cause: expected.cause, fix_owner: 'isv' };
    case 'rate_limited':
    case 'ringcentral_unavailable':
      return { cause: expected.cause, fix_owner: 'ringcentral' };
    default:
      return unconfirmed;
  }
}

const slow: FaultRow = { name: 'slow', how: { fault: { kind: 'slow', delayMs: 100 } }, token: 'accepted', api: null };
/** RingCentral opens a session and answers that it failed. */
const lost: FaultRow = {
  name: '500 after it was done',
  how: { fault: { kind: 'answer_lost' } },
  token: { kind: 'inconclusive', cause: 'ringcentral_unavailable' },
  api: null,
};
const rows = [...faultTable.filter(({ token }) => token !== null), slow, lost];

it('every kind of fault is tried', () => {
  const tried = rows.flatMap(({ how }) => ('fault' in how ? [how.fault.kind] : []));
  const ofTokens = faultKinds.filter((kind) => !/^(document|range)_/.test(kind)); // others are of documents
  expect(ofTokens.filter((kind) => !tried.includes(kind))).toEqual([]);
});

const ask = () => askAt(test.url, clinic.tenantId);
const errors = () => test.logs.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
/** The clinic's checks must not meet the faults of a job. */
const postponeChecks = () =>
  test
    .db('check_requests')
    .where({ tenant_id: clinic.tenantId })
    .whereNull('finished_at')
    .update({ due_at: new Date(test.clock().getTime() + 365 * 24 * HOUR_MS).toISOString() });

/** A check finds that the refusal was none. */
async function checkAgain(): Promise<void> {
  const checks = async () => (await test.db('checks').where({ tenant_id: clinic.tenantId })).length;
  const before = await checks();
  const mine = () => test.db('check_requests').where({ tenant_id: clinic.tenantId }).whereNull('finished_at');
  await eventually('it is accepted', async () => {
    await mine().whereNull('lease_until').update({ due_at: test.clock().toISOString() });
    test.portal.look();
    const { shown, connection } = await test.portal.services.connections.view(clinic.tenantId);
    const isWell = shown.suspect === null && connection.health.serving.state === 'working';
    return isWell && (await checks()) > before;
  });
  await postponeChecks();
  await eventually('no check runs', async () => (await mine().whereNotNull('lease_until')).length === 0);
}

/** A row of each answer that a job can get; the fault table of checks plays every row with a refresh token too. */
const ofRefresh = new Set([
  ...['DNS: no such name', 'TLS: expired', '400', '400 invalid_grant', '401', '415', '429, Retry-After two hours'],
  ...['429, Retry-After none', '500', '503, Retry-After 300', 'cut JSON', '__proto__', 'duplicate keys, others last'],
  ...['expires_in 0', 'expires_in missing', 'reset', slow.name, lost.name],
]);
const played: [Method, FaultRow[]][] = [
  ['authorization_code', rows.filter(({ name }) => ofRefresh.has(name))],
  ['jwt', rows],
];
describe.each(played)(
  'SEC-50: a job that asks while RingCentral fails gets, within 15 seconds, a working token or a typed reason (%s)',
  (method, rows) => {
    beforeAll(async () => {
      for (clinic of clinics.values()) await postponeChecks(); // of the clinic that is not tried too
      clinic = clinics.get(method) ?? clinic;
    });

    it.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
      await postponeChecks();
      test.clock.advance(HOUR_MS); // the last token has expired
      const logged = errors().length;
      const asked = test.clock().getTime();
      arm(row);
      const isCalled = isSilent(row) ? called() : null;
      const asking = ask();
      if (isCalled) await isCalled.then(() => pass(CALL_DEADLINE_MS));
      const { status, body, headers, text } = await asking;
      const tookMs = test.clock().getTime() - asked;
      heal(row);

      expect(tookMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
      const told = toldOf(row, method);
      if (told === null) {
        expect({ status, works: await statusWith(test, body.access_token) }).toEqual({ status: 200, works: 200 });
      } else {
        const { cause, fix_owner, retryable } = body;
        expect({ status, cause, fix_owner, retryable }).toEqual({ status: 503, ...told, retryable: true });
        expect(Date.parse(body.retry_at ?? '') - asked).toBeGreaterThanOrEqual(Math.max(1000, row.retryAfterMs ?? 0));
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(text).not.toContain('access_token');
      }
      expect(errors().slice(logged)).toEqual([]);

      test.clock.advance((row.retryAfterMs ?? 0) + 5 * MINUTE_MS);
      if (row.token !== 'accepted' && row.token?.kind === 'refused') await checkAgain();
      const again = await ask();
      expect({ status: again.status, works: await statusWith(test, again.body.access_token) }).toEqual({
        status: 200,
        works: 200,
      });
    });
  },
);

describe('a job that disconnects', () => {
  const issued = () => test.db('audit_events').where({ tenant_id: clinic.tenantId, action: 'token.issued' });

  it('while RingCentral is called: the call goes on, its row is written, and nothing is logged as an error', async () => {
    await postponeChecks();
    test.clock.advance(HOUR_MS);
    const [before, calls, logged] = [(await issued()).length, test.emulator.tokenCalls.length, errors().length];
    test.emulator.faults.add({ kind: 'slow', call: 'token', delayMs: 100, count: 1 });
    const gone = new AbortController();
    const isCalled = called();
    const asking = fetch(`${test.url}/api/v1/tenants/${clinic.tenantId}/access-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${jobKey}` },
      signal: gone.signal,
    });
    await isCalled;
    gone.abort();
    await expect(asking).rejects.toThrow();
    await eventually('its row is written', async () => (await issued()).length === before + 1);
    const { status, body } = await ask();
    expect({ status, renewed: body.renewed }).toEqual({ status: 200, renewed: false });
    expect(test.emulator.tokenCalls.length).toBe(calls + 1);
    expect(errors().slice(logged)).toEqual([]);
  });

  it('in the middle of its body: nothing is issued, and nothing is logged as an error', async () => {
    const [before, logged] = [(await issued()).length, errors().length];
    const gone = new AbortController();
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"purpose":'));
      },
    });
    const asking = fetch(`${test.url}/api/v1/tenants/${clinic.tenantId}/access-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${jobKey}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
      signal: gone.signal,
    });
    const answered = asking.catch((error: unknown) => error);
    await pause(20);
    gone.abort();
    expect(await answered).toBeInstanceOf(Error);
    expect((await ask()).status).toBe(200);
    expect((await issued()).length).toBe(before + 1);
    expect(errors().slice(logged)).toEqual([]);
  });
});
