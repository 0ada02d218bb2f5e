// What happens to sign-ins that work when a refresh is not answered or not sent, with the whole portal.
import type { ClinicKey } from '../../../src/emulator/seed.js';
import { incidentStore } from '../../../src/connections/health/incident-store.js';
import { eventually } from '../../support/eventually.js';
import type { TestPortal } from '../../support/portal.js';
import { signInFor, startWithSignIn } from '../../support/sign-ins.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn();
});
afterAll(() => test.close());
beforeEach(() => {
  test.emulator.clearLog();
});
afterEach(async () => {
  test.emulator.faults.clear();
  await test.db('incidents').delete();
});

async function connected(clinic: ClinicKey): Promise<string> {
  const tenantId = await test.addTenant(`Clinic ${clinic}`);
  await test.member(tenantId);
  const done = await signInFor(test, tenantId, clinic);
  if (done.kind !== 'checked') throw new Error(done.kind);
  return tenantId;
}
const token = (tenantId: string) => test.portal.services.tokens!.currentToken({ tenantId });
const refreshTokenOf = (tenantId: string) => test.db('refresh_tokens').where({ tenant_id: tenantId }).first();

async function check(tenantId: string) {
  const [personId] = await test.db('memberships').where({ tenant_id: tenantId }).pluck<string[]>('person_id');
  const { connections } = test.portal.services;
  const asked = await connections.requestCheck(tenantId, { personId: personId! }, {});
  if (asked.kind !== 'queued') throw new Error(asked.kind);
  await connections.waitForCheck(tenantId, asked.requestId, 10_000);
  return (await connections.history(tenantId, 1))[0]?.cause;
}

it('a refresh for a job without an answer is recovered by the next check, also while our app lacks a scope', async () => {
  const tenantId = await connected('summit');
  test.clock.advance(3_600_000);
  const at = test.clock();
  const incident = { id: 'scope-missing', kind: 'scope', subject: 'production sign_in', tenantId: null } as const;
  await incidentStore(test.db).open({ ...incident, cause: 'scope_missing', codes: [], openedAt: at, probedAt: at });
  await test
    .db('check_requests')
    .where({ tenant_id: tenantId })
    .whereNull('finished_at')
    .update({ waits_for: 'scope production sign_in' });
  test.emulator.faults.add({ kind: 'answer_lost', call: 'token' });
  expect(await token(tenantId)).toMatchObject({ kind: 'later' });
  test.emulator.faults.clear();
  await test.portal.clean();
  await eventually('the session is recovered', async () => (await refreshTokenOf(tenantId)).version === 2);
  expect(await refreshTokenOf(tenantId)).toMatchObject({ attempted_at: null });
});

it('under another client ID staff are told, a check is made hourly, and after 7 days the clinic is asked to sign in again, once', async () => {
  const tenantId = await connected('cedar');
  const { connections } = test.portal.services;
  const openIncidents = async () =>
    (await connections.openIncidents()).map(({ kind, subject }) => `${kind} ${subject}`);
  const next = async () =>
    (
      await test.db('check_requests').where({ tenant_id: tenantId }).whereNull('finished_at').pluck<string[]>('due_at')
    )[0] ?? '';
  await test.db('refresh_tokens').where({ tenant_id: tenantId }).update({ client_id: 'EXAMPLE-former-app' });
  test.clock.advance(3_600_000);
  await test.portal.clean();
  expect(await openIncidents()).toEqual(['former_app production sign_in']);
  expect(await token(tenantId)).toMatchObject({ kind: 'later', because: 'app_misconfigured' });
  expect(await check(tenantId)).toBe('app_misconfigured');
  expect(Date.parse(await next()) - test.clock().getTime()).toBeGreaterThan(59 * 60_000);

  test.clock.advance(7 * 86_400_000);
  expect(await check(tenantId)).toBe('sign_in_again');
  test.clock.advance(200_000);
  for (let n = 0; n < 2; n += 1) expect(await check(tenantId)).toBe('sign_in_again');
  expect((await connections.view(tenantId)).connection.health.serving).toMatchObject({ state: 'failing' });
  expect(await test.db('incidents').where({ tenant_id: tenantId })).toHaveLength(1);
  await test.portal.clean();
  expect(await openIncidents()).toEqual([]);
  // An attempt is written before its request is sent.
  expect(await refreshTokenOf(tenantId)).toMatchObject({ version: 1, attempted_at: null });
});

it('limits that a refresh reports and that are too short are said, until an answer names longer ones', async () => {
  const tenantId = await connected('lakeside');
  const answer = async (set?: Record<string, number>) => {
    test.clock.advance(3_600_000);
    if (set) test.emulator.faults.add({ kind: 'changed_members', call: 'token', count: 1, set });
    await check(tenantId);
    const { serving } = (await test.portal.services.connections.view(tenantId)).connection.health;
    return serving.state === 'working'
      ? serving.warnings.filter((warning) => warning !== 'expires_soon')
      : serving.state;
  };
  expect(await answer()).toEqual([]);
  expect(await answer({ session_expires_in: 40 * 86_400 })).toEqual([]);
  expect(await answer({ session_idle_timeout: 26 * 3600 - 1 })).toEqual(['session_too_short']);
  expect(await answer()).toEqual([]);
  expect(await answer({ session_expires_in: 20 * 86_400 })).toEqual(['session_too_short']);
  expect(await answer()).toEqual(['session_too_short']);
  expect(await answer({ session_expires_in: 40 * 86_400 })).toEqual([]);
});
