// The whole portal but the callback: a code that RingCentral gave becomes a connection, or the page says why not.
import { createHash } from 'node:crypto';
import type { ClinicKey } from '../../../src/emulator/seed.js';
import type { TestPortal } from '../../support/portal.js';
import { signInClientId, signInFor, startWithSignIn } from '../../support/sign-ins.js';
import { dataOf, type Visitor } from '../../support/visits/visitor.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn();
});
afterAll(() => test.close());
beforeEach(() => {
  test.emulator.clearLog();
});
afterEach(() => {
  test.emulator.faults.clear();
});

let clinics = 0;
async function aClinic(): Promise<{ tenantId: string; member: Visitor }> {
  const tenantId = await test.addTenant(`Clinic ${(clinics += 1)}`);
  return { tenantId, member: await test.member(tenantId) };
}
const view = (tenantId: string) => test.portal.services.connections.view(tenantId);
const purposesOf = (tenantId: string): Promise<string[]> =>
  test.db('sealed_secrets').where({ tenant_id: tenantId }).pluck('purpose');
const grants = () => test.emulator.tokenCalls.map(({ kind, grantType }) => grantType ?? kind);
async function connected(tenantId: string, clinic: ClinicKey, changed: Parameters<typeof signInFor>[3] = {}) {
  const done = await signInFor(test, tenantId, clinic, changed);
  if (done.kind !== 'checked') throw new Error('the limit of the tenant was reached');
  return done;
}
async function paste(member: Visitor, tenantId: string, clinic: ClinicKey): Promise<void> {
  await member.get(`/tenants/${tenantId}/credentials/new`);
  await member.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion(clinic).jwt });
}
const shown = async (member: Visitor, tenantId: string) => {
  const { text } = await member.get(`/tenants/${tenantId}/connection`);
  return { ...dataOf(text), text };
};

it('a code is exchanged once, its user and fax lines are proved, and only the refresh token is kept', async () => {
  const { tenantId, member } = await aClinic();
  const { id } = await connected(tenantId, 'riverside');
  const { active, connection, lines } = await view(tenantId);
  expect(active).toMatchObject({ id, method: 'authorization_code', clientId: signInClientId, expiresAt: null });
  expect(connection.identity).toMatchObject({ ownerId: test.example.clinics.riverside.serviceUser.id });
  expect(lines.some(({ readable }) => readable === 'yes')).toBe(true);
  expect(await purposesOf(tenantId)).toEqual(['refresh_token']);
  expect(grants()).toEqual(['authorization_code']);
  expect(await shown(member, tenantId)).toMatchObject({ state: 'healthy', cause: '' });
});

it('a job gets the access token of the sign-in, and a new one once that has expired', async () => {
  const { tenantId } = await aClinic();
  await connected(tenantId, 'northgate');
  const token = () => test.portal.services.tokens!.currentToken({ tenantId });
  expect(await token()).toMatchObject({ kind: 'token' });
  expect(grants()).toEqual(['authorization_code']);
  test.clock.advance(3_600_000);
  expect(await token()).toMatchObject({ kind: 'token' });
  expect(grants()).toEqual(['authorization_code', 'refresh_token']);
});

/** A code that RingCentral gives for another request than ours. */
function anotherCode(asked: { clientId?: string; redirectUri?: string }) {
  const verifier = 'EXAMPLE'.repeat(7);
  const code = test.emulator.authorize({
    clientId: signInClientId,
    extensionId: test.example.clinics.harbor.serviceUser.id,
    redirectUri: 'http://127.0.0.1:1/oauth/callback',
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
    codeChallengeMethod: 'S256',
    ...asked,
  });
  return { code, verifier };
}

it.each([
  ['of another verifier', () => ({ verifier: 'another'.repeat(7) })],
  ['that RingCentral never gave', () => ({ code: 'EXAMPLEcode' })],
  ['of another app', () => anotherCode({ clientId: test.example.app.clientId })],
  ['of another address to return to', () => anotherCode({ redirectUri: 'https://elsewhere.example/' })],
])('a code %s asks for a new sign-in, and nothing is kept', async (_what, changed) => {
  const { tenantId, member } = await aClinic();
  await connected(tenantId, 'harbor', changed());
  expect(await shown(member, tenantId)).toMatchObject({ state: 'not_connected', cause: 'sign_in_again' });
  expect(await purposesOf(tenantId)).toEqual([]);
  expect(grants()).toEqual(['authorization_code']);
});

it.each([
  ['that is too old', { ageMs: 56_000 }],
  ['of another app than the one that is configured', { clientId: 'EXAMPLE-former-app' }],
])('a code %s is not sent, and the page asks to sign in again', async (_what, changed) => {
  const { tenantId, member } = await aClinic();
  await connected(tenantId, 'harbor', changed);
  expect(await shown(member, tenantId)).toMatchObject({ state: 'not_connected', cause: 'sign_in_again' });
  expect(await purposesOf(tenantId)).toEqual([]);
  expect(grants()).toEqual([]);
});

it('SEC-20: a code of a person who is no longer a member is not sent, and the audit says so', async () => {
  const { tenantId, member } = await aClinic();
  const elsewhere = await aClinic();
  const { id } = await connected(tenantId, 'harbor', { personId: await personOf(elsewhere.tenantId) });
  expect(grants()).toEqual([]);
  expect(await purposesOf(tenantId)).toEqual([]);
  expect(await shown(member, tenantId)).toMatchObject({ state: 'not_connected', cause: 'sign_in_again' });
  const row = { action: 'ringcentral_sign_in.returned', tenant_id: tenantId };
  expect(await test.db('audit_events').where(row).select('actor_kind', 'target', 'outcome', 'detail')).toEqual([
    { actor_kind: 'portal', target: id, outcome: 'refused', detail: '{"because":"not_admitted"}' },
  ]);
});

it.each(['answer_lost', 'connection_reset'] as const)(
  'a code without a clear answer is not sent again: %s',
  async (kind) => {
    test.emulator.faults.add({ kind, call: 'token' });
    const { tenantId, member } = await aClinic();
    await connected(tenantId, 'harbor');
    const page = await shown(member, tenantId);
    expect(page).toMatchObject({ state: 'not_connected', cause: 'sign_in_again' });
    expect(page.text).toContain('We could not finish your sign-in');
    expect(grants()).toEqual(['authorization_code']);
  },
);

it('an account that ends sessions too soon is not connected, and the session is ended once RingCentral answers', async () => {
  const { account } = test.example.clinics.harbor;
  for (const limits of [{ sessionIdleSeconds: 26 * 3600 - 1 }, { sessionAbsoluteSeconds: 30 * 86_400 - 1 }]) {
    Object.assign(account, { sessionIdleSeconds: null, sessionAbsoluteSeconds: null }, limits);
    const { tenantId, member } = await aClinic();
    await connected(tenantId, 'harbor');
    expect(await shown(member, tenantId)).toMatchObject({ state: 'not_connected', cause: 'session_too_short' });
    expect(grants()).toEqual(['authorization_code']);
    test.emulator.faults.add({ kind: 'unavailable', call: 'revoke' });
    await test.portal.clean();
    expect(await purposesOf(tenantId)).toEqual(['refresh_token']);
    test.emulator.faults.clear();
    test.clock.advance(61_000); // room in the auth budget
    await test.portal.clean();
    expect(await purposesOf(tenantId)).toEqual([]);
    expect(grants()).toEqual(['authorization_code', 'revoke', 'revoke']);
    test.emulator.clearLog();
  }
  Object.assign(account, { sessionIdleSeconds: null, sessionAbsoluteSeconds: null });
});

it('the end of a session that the account limits is the day on which the connection expires', async () => {
  const { account } = test.example.clinics.harbor;
  Object.assign(account, { sessionAbsoluteSeconds: 40 * 86_400 });
  const { tenantId } = await aClinic();
  await connected(tenantId, 'harbor');
  Object.assign(account, { sessionAbsoluteSeconds: null });
  const days = ((await view(tenantId)).active?.expiresAt?.getTime() ?? 0) - test.clock().getTime();
  expect(Math.round(days / 86_400_000)).toBe(40);
});

it('an app for sign-ins that RingCentral refuses is our fault, stops no clinic with a JWT, and is noticed when it works', async () => {
  const incidents = async () =>
    (await test.portal.services.connections.openIncidents()).map(({ kind, subject }) => `${kind} ${subject}`);
  const [other, first, second] = [await aClinic(), await aClinic(), await aClinic()];
  test.emulator.setAppSecret(signInClientId, 'EXAMPLEanother');
  await connected(first.tenantId, 'lakeside');
  expect(await shown(first.member, first.tenantId)).toMatchObject({
    state: 'not_connected',
    cause: 'app_misconfigured',
  });
  expect(await purposesOf(first.tenantId)).toEqual([]);
  expect(await incidents()).toEqual(['app production sign_in']);

  await paste(other.member, other.tenantId, 'cedar');
  expect(await shown(other.member, other.tenantId)).toMatchObject({ state: 'healthy' });

  await connected(second.tenantId, 'lakeside');
  expect(await shown(second.member, second.tenantId)).toMatchObject({ cause: 'app_misconfigured' });
  expect(grants().filter((grant) => grant === 'authorization_code')).toHaveLength(1);

  test.emulator.setAppSecret(signInClientId, 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00001');
  test.clock.advance(61_000);
  await connected(second.tenantId, 'lakeside');
  expect(await shown(second.member, second.tenantId)).toMatchObject({ state: 'healthy' });
  expect(await incidents()).toEqual([]);
});

it('a check for which nothing was sent leaves to others to find out whether our app works again', async () => {
  const [old, fresh] = [await aClinic(), await aClinic()];
  await connected(old.tenantId, 'riverside');
  await test.db('refresh_tokens').where({ tenant_id: old.tenantId }).update({ client_id: 'EXAMPLE-former-app' });
  test.emulator.setAppSecret(signInClientId, 'EXAMPLEanother');
  await connected(fresh.tenantId, 'lakeside');
  test.emulator.setAppSecret(signInClientId, 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00001');
  test.clock.advance(3_600_000);
  test.emulator.clearLog();
  const { requestCheck, waitForCheck } = test.portal.services.connections;
  const asked = await requestCheck(old.tenantId, { personId: await personOf(old.tenantId) }, {});
  if (asked.kind !== 'queued') throw new Error(asked.kind);
  await waitForCheck(old.tenantId, asked.requestId, 10_000);
  expect(grants()).toEqual([]);
  await connected(fresh.tenantId, 'lakeside');
  expect(grants()).toEqual(['authorization_code']);
});

it('a sign-in without a refresh token is the fault of our app, which staff are told until one brings it; others go on', async () => {
  const incidents = async () =>
    (await test.portal.services.connections.openIncidents()).map(({ kind, subject }) => `${kind} ${subject}`);
  const [pasted, signedIn] = [await aClinic(), await aClinic()];
  const { tenantId, member } = await aClinic();
  test.emulator.updateApp(signInClientId, { issueRefreshTokens: false });
  await connected(tenantId, 'lakeside');
  test.emulator.updateApp(signInClientId, { issueRefreshTokens: true });
  const page = await shown(member, tenantId);
  expect(page).toMatchObject({ state: 'not_connected', cause: 'app_misconfigured' });
  expect(page.text).not.toContain('need to do anything');
  expect(page.text).toMatch(new RegExp(`<a href="/tenants/${tenantId}/guide/sign-in" role="button"`));
  expect(grants()).toEqual(['authorization_code', 'revoke']);
  expect(await incidents()).toEqual(['refresh_tokens production sign_in']);
  await paste(pasted.member, pasted.tenantId, 'cedar');
  // Its account is another clinic's by now, which only RingCentral's answer shows.
  expect(await shown(pasted.member, pasted.tenantId)).toMatchObject({ cause: 'account_shared' });
  expect(await incidents()).toEqual(['refresh_tokens production sign_in']);
  await connected(signedIn.tenantId, 'lakeside');
  expect(await incidents()).toEqual([]);
});

it('a sign-in replaces a JWT once it is proved; one of another account waits beside it, without an access token', async () => {
  const { tenantId, member } = await aClinic();
  await paste(member, tenantId, 'summit');
  const before = (await view(tenantId)).active;
  const accessTokens = (credentialId: string) =>
    test.db('access_tokens').where({ tenant_id: tenantId, credential_id: credentialId }).select('id');
  const waiting = await connected(tenantId, 'northgate');
  const held = await view(tenantId);
  expect(held.active?.id).toBe(before?.id);
  expect(held.connection.health.pending).toMatchObject({ cause: 'account_mismatch' });
  const { withheld } = held.connection; // what staff read before they decide
  expect([withheld?.ownerName, withheld?.accountName]).toEqual(['Fax Integration', 'Northgate Pediatrics']);
  expect((await purposesOf(tenantId)).sort()).toEqual(['assertion', 'refresh_token']);
  expect(await test.db('access_token_secrets').whereIn('id', accessTokens(waiting.id))).toEqual([]);
  const { id } = await connected(tenantId, 'summit');
  expect(await test.db('access_token_secrets').whereIn('id', accessTokens(id))).toHaveLength(1);
  expect((await view(tenantId)).active).toMatchObject({ id, method: 'authorization_code' });
  const listed = await test.portal.services.connections.shownOf([{ id: tenantId, createdAt: new Date(0) }]);
  expect(listed.get(tenantId)).toMatchObject({ method: 'authorization_code' });
  // The JWT is kept to prove its end, and what waited until the worker has ended its session at RingCentral with it.
  expect((await purposesOf(tenantId)).sort()).toEqual(['assertion', 'refresh_token', 'refresh_token']);
});

it('six sign-ins in ten minutes are too many for one clinic', async () => {
  const { tenantId } = await aClinic();
  for (let n = 0; n < 5; n += 1) await connected(tenantId, 'harbor', { code: `EXAMPLEcode${n}` });
  expect(await signInFor(test, tenantId, 'harbor')).toEqual({ kind: 'limited' });
});

it('a sign-in that waits for approval is checked with its refresh token, and its code is not sent again', async () => {
  const { tenantId } = await aClinic();
  await connected(tenantId, 'riverside'); // another clinic is connected to this account
  const { requestCheck, waitForCheck, history } = test.portal.services.connections;
  const asked = await requestCheck(tenantId, { personId: await personOf(tenantId) }, {});
  if (asked.kind !== 'queued') throw new Error(asked.kind);
  await waitForCheck(tenantId, asked.requestId, 10_000);
  expect((await history(tenantId, 5)).map(({ cause }) => cause)).toEqual(['account_shared', 'account_shared']);
  expect(await purposesOf(tenantId)).toEqual(['refresh_token']);
  expect(grants()).toEqual(['authorization_code', 'refresh_token']);
});

const personOf = async (tenantId: string): Promise<string> =>
  ((await test.db('memberships').where({ tenant_id: tenantId }).pluck('person_id')) as string[])[0] ?? '';
