// Also on PostgreSQL: one mint for all processes.
import { createHash } from 'node:crypto';
import { publicKeySealer } from '../../src/platform/sealing/sealing.js';
import type { Portal } from '../../src/portal.js';
import type { TokenAnswer } from '../../src/tokens/token-service.js';
import { addClinic } from '../support/clinics.js';
import { anotherProcess } from '../support/processes/another-process.js';
import { everyRow } from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';
import { findIn } from '../security/support/secret-scan.js';
import { aConnectedClinic as connectedClinic, replaceJwt, stateOf as stateOfTenant } from './connected-clinic.js';
import { eventually } from '../support/eventually.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
let other: Portal;
beforeAll(async () => {
  test = await TestPortal.start({ env: { REJECTION_CONFIRM_SECONDS: '180' } });
  other = await anotherProcess(test);
});
afterAll(async () => {
  await test.close();
  await other.close();
});

const minted = () => test.emulator.tokenCalls.length;
const aConnectedClinic = () => connectedClinic(test);
const viewOf = (tenantId: string) => test.portal.services.connections.view(tenantId);
const stateOf = (tenantId: string) => stateOfTenant(test, tenantId);
const ask = (tenantId: string, of: Portal = test.portal) => of.services.tokens!.currentToken({ tenantId });
const textOf = (answer: TokenAnswer): string => (answer.kind === 'token' ? answer.session.accessToken.reveal() : '');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const works = async (answer: TokenAnswer): Promise<number> => {
  const headers = { authorization: `Bearer ${textOf(answer)}` };
  return (await fetch(`${test.emulator.url}/restapi/v1.0/account/~/extension/~`, { headers })).status;
};
const sessionsOf = (tenantId: string): Promise<string[]> =>
  test.db('access_tokens').where({ tenant_id: tenantId }).orderBy('id').pluck('id');
const comeDue = (tenantId: string) =>
  test
    .db('check_requests')
    .where({ tenant_id: tenantId })
    .whereNull('finished_at')
    .update({ due_at: test.clock().toISOString() });
const checksOf = async (tenantId: string) => (await test.db('checks').where({ tenant_id: tenantId })).length;
async function checkedAgain(tenantId: string): Promise<void> {
  const before = await checksOf(tenantId);
  await comeDue(tenantId);
  test.portal.look();
  await eventually('it is checked', async () => (await checksOf(tenantId)) > before);
}

it('gives jobs the token of the check that proved the credential, with what they need to use it', async () => {
  const { tenantId, serviceUserId } = await aConnectedClinic();
  const before = minted();
  const answer = await ask(tenantId);
  expect(answer).toMatchObject({ kind: 'token', session: { ownerId: serviceUserId } });
  expect(await works(answer)).toBe(200);
  expect(textOf(await ask(tenantId, other))).toBe(textOf(answer));
  expect(minted()).toBe(before);
});

it('SEC-41: mints once for all waiters in all processes', async () => {
  const { tenantId } = await aConnectedClinic();
  test.clock.advance(HOUR_MS);
  const before = minted();
  const asks = Array.from({ length: 40 }, (_, index) => ask(tenantId, index % 2 === 0 ? test.portal : other));
  const answers = await Promise.all(asks);
  expect(new Set(answers.map(textOf)).size).toBe(1);
  expect(await works(answers[0]!)).toBe(200);
  expect(minted()).toBe(before + 1);
});

it('gives all waiters the same answer during an outage of RingCentral, and asks it once', async () => {
  const { tenantId } = await aConnectedClinic();
  test.clock.advance(HOUR_MS);
  test.emulator.faults.add({ kind: 'unavailable', call: 'token' });
  const before = minted();
  const answers = await Promise.all([0, 1, 2, 3].map((job) => ask(tenantId, job % 2 === 0 ? test.portal : other)));
  test.emulator.faults.clear();
  for (const answer of answers) expect(answer).toMatchObject({ kind: 'later', because: 'ringcentral_unavailable' });
  expect(minted()).toBe(before + 1);
  test.clock.advance(60_000);
  expect(await works(await ask(tenantId))).toBe(200);
});

it('SEC-50: returns the kept token while RingCentral is down, until it expires', async () => {
  const { tenantId } = await aConnectedClinic();
  const first = await ask(tenantId);
  test.clock.advance(57 * 60_000); // by now a new one would be requested
  test.emulator.faults.add({ kind: 'unavailable', call: 'token' });
  const last = await ask(tenantId);
  expect(textOf(last)).toBe(textOf(first));
  expect(last).toMatchObject({ kind: 'token' });
  if (last.kind === 'token') expect(last.expiresInSeconds).toBeLessThanOrEqual(120);
  test.clock.advance(150_000);
  expect((await ask(tenantId)).kind).toBe('later');
  test.emulator.faults.clear();
});

it("a planned check uses a job's token and no auth budget; the evidence is as old as the token's mint", async () => {
  const { tenantId } = await aConnectedClinic();
  test.clock.advance(20 * HOUR_MS);
  await ask(tenantId);
  test.clock.advance(HOUR_MS / 2);
  const before = await sessionsOf(tenantId);
  await checkedAgain(tenantId);
  expect(await sessionsOf(tenantId)).toEqual(before);
  const { health } = (await viewOf(tenantId)).connection;
  expect(Date.parse(health.probedAt ?? '') - Date.parse(health.mintedAt ?? '')).toBeGreaterThanOrEqual(HOUR_MS / 2);
  expect(await stateOf(tenantId)).toBe('healthy');
});

it('a mint for a job proves the credential; overdue probes are made immediately with its token', async () => {
  const { tenantId } = await aConnectedClinic();
  // The planned check is late, such as when thousands of calls wait for the budget.
  const late = new Date(test.clock().getTime() + 80 * HOUR_MS).toISOString();
  await test.db('check_requests').where({ tenant_id: tenantId }).whereNull('finished_at').update({ due_at: late });
  test.clock.advance(30 * HOUR_MS);
  const [checks, sessions] = [await checksOf(tenantId), await sessionsOf(tenantId)];
  await ask(tenantId);
  await eventually('it is probed', async () => (await checksOf(tenantId)) > checks);
  expect(await sessionsOf(tenantId)).toHaveLength(sessions.length + 1);
  const { health } = (await viewOf(tenantId)).connection;
  for (const at of [health.mintedAt, health.probedAt])
    expect(test.clock().getTime() - Date.parse(at ?? '')).toBeLessThan(60_000);
});

it('a token that the API does not accept is dropped, and a new one is minted once', async () => {
  const { tenantId, serviceUserId } = await aConnectedClinic();
  const first = await ask(tenantId);
  test.emulator.setExtensionStatus(serviceUserId, 'Disabled'); // ends its sessions
  test.emulator.setExtensionStatus(serviceUserId, 'Enabled');
  const [before] = await sessionsOf(tenantId);
  await checkedAgain(tenantId);
  test.clock.advance(11_000); // if the budget had no room for the second mint, the next check makes it
  test.portal.look();
  await eventually('a new session has begun', async () => (await sessionsOf(tenantId)).length === 1);
  expect(await sessionsOf(tenantId)).not.toContain(before);
  expect(await stateOf(tenantId)).toBe('healthy');
  const second = await ask(tenantId);
  expect(textOf(second)).not.toBe(textOf(first));
  expect(await works(second)).toBe(200);
});

it('a refusal that a job gets is confirmed by a check before it counts; then no token is left', async () => {
  const { tenantId, jti } = await aConnectedClinic();
  await ask(tenantId);
  test.emulator.revokeJwt(jti);
  test.clock.advance(56 * 60_000); // nearly expired: RingCentral is asked
  expect(await works(await ask(tenantId))).toBe(200); // the old token still works
  await eventually('it is suspect', async () => (await viewOf(tenantId)).shown.suspect !== null);
  expect((await ask(tenantId)).kind).toBe('token');
  test.clock.advance(5 * 60_000);
  test.portal.look();
  await eventually('it fails', async () => (await stateOf(tenantId)) === 'failing');
  // One check judged the job's refusal, and another confirmed it.
  expect(await test.db('checks').where({ tenant_id: tenantId, verdict: 'refused' })).toHaveLength(2);
  expect(await ask(tenantId)).toMatchObject({ kind: 'refused', cause: 'credential_rejected' });
  const held = await test.db('access_tokens').where({ tenant_id: tenantId }).whereNotNull('serves_until');
  expect(held).toEqual([]);
});

it('SEC-27: replacing a credential deletes its token', async () => {
  const clinic = await aConnectedClinic();
  const { tenantId } = clinic;
  const first = await ask(tenantId);
  const before = await replaceJwt(test, clinic);
  const second = await ask(tenantId);
  expect(textOf(second)).not.toBe(textOf(first));
  expect(await works(first)).toBe(200); // a job that has the token can still use it
  const rows = await test.db('access_tokens').where({ credential_id: before }).whereNotNull('serves_until');
  expect(rows).toEqual([]);
});

it('a JWT that an attacker sealed in its place yields no token of another user, and none is kept', async () => {
  const { tenantId } = await aConnectedClinic();
  const stranger = addClinic(test.emulator, ['Other Fax']);
  const clientIds = [test.example.app.clientId];
  const { jwt } = test.emulator.createJwt({ extensionId: stranger.serviceUserId, clientIds });
  const [active] = await test.db('credentials').where({ tenant_id: tenantId, status: 'active' });
  const sealer = await publicKeySealer(JSON.parse(test.env.SEALING_KEYS_FILE ?? ''));
  const context = { table: 'credentials', tenantId, rowId: active.id, purpose: 'assertion' };
  await test
    .db('sealed_secrets')
    .where({ row_id: active.id })
    .update(await sealer.seal(jwt, context));
  test.clock.advance(HOUR_MS);
  expect(await ask(tenantId)).toMatchObject({ kind: 'later', because: 'account_mismatch' });
  // The mismatch is confirmed before it counts.
  const suspects = () => test.db('connections').where({ tenant_id: tenantId }).whereNotNull('suspect_since');
  await eventually('it is doubted', async () => (await suspects()).length === 1);
  expect(await ask(tenantId)).toMatchObject({ kind: 'later' });
  test.clock.advance(3 * 60_000);
  await eventually('it fails', async () => (await stateOf(tenantId)) === 'failing');
  expect(await ask(tenantId)).toMatchObject({ kind: 'refused', cause: 'account_mismatch' });
  const rows = await test.db('access_tokens').where({ owner_id: stranger.serviceUserId });
  expect(rows).toEqual([]);
});

it('SEC-18: no token is given for a tenant that is not connected or does not exist', async () => {
  const tenantId = await test.addTenant('Unconnected');
  expect(await ask(tenantId)).toEqual({ kind: 'not_connected', since: expect.any(Date) as Date });
  expect(await ask('absent')).toEqual({ kind: 'not_connected', since: null });
});

describe('a report that a token is no longer accepted', () => {
  const { report } = {
    report: (tenantId: string, token: string) => test.portal.services.tokens!.report(tenantId, sha256(token)),
  };

  it('does not drop a token that is accepted, so that one job cannot end the sessions of others', async () => {
    const { tenantId } = await aConnectedClinic();
    const token = textOf(await ask(tenantId));
    expect(await report(tenantId, token)).toBe('still_good');
    expect(textOf(await ask(tenantId))).toBe(token);
  });

  it('drops a token that is not accepted; does nothing for another tenant, nor for the same token within a minute', async () => {
    const { tenantId, serviceUserId } = await aConnectedClinic();
    const { tenantId: elsewhere } = await aConnectedClinic();
    const token = textOf(await ask(tenantId));
    test.emulator.setExtensionStatus(serviceUserId, 'Disabled');
    test.emulator.setExtensionStatus(serviceUserId, 'Enabled');
    expect(await report(elsewhere, token)).toBe('unknown');
    expect(await report(tenantId, 'another')).toBe('unknown');
    expect(await report(tenantId, token)).toBe('dropped');
    const next = await ask(tenantId);
    expect(await works(next)).toBe(200);
    const asked = () => test.emulator.requests.filter(({ path }) => path.endsWith('/extension/~')).length;
    const before = asked();
    expect(await report(tenantId, textOf(next))).toBe('still_good');
    expect(await report(tenantId, textOf(next))).toBe('unknown');
    expect(asked()).toBe(before + 1);
  });
});

it('SEC-23, SEC-30, SEC-34: no token that was ever given is in the database, the log, a mail or an audit row', async () => {
  const { tenantId } = await aConnectedClinic();
  expect((await ask(tenantId)).kind).toBe('token');
  const tokens = Object.fromEntries(test.issuedTokens().map((token, index) => [`token ${index}`, token]));
  expect(findIn(JSON.stringify(await everyRow(test.db)), tokens)).toEqual([]);
  expect(findIn(test.logs.join('\n'), tokens)).toEqual([]);
  expect(findIn(JSON.stringify(test.mail.messages()), tokens)).toEqual([]);
});
