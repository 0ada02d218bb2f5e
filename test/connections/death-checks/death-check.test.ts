// Also on PostgreSQL: a claim, a death check and the end of its week decide about one row.
import { TestPortal } from '../../support/portal.js';
import { eventually } from '../../support/eventually.js';
import { aConnectedClinic, replaceJwt, stateOf, type Connected } from '../../tokens/connected-clinic.js';
import { askAt, authenticate } from '../../tokens/jobs.js';

const DAY_MS = 86_400_000;
const origin = {};

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate });
});
afterAll(() => test.close());

async function aRetired() {
  const clinic = await aConnectedClinic(test);
  const token = await askAt(test.url, clinic.tenantId);
  const old = await replaceJwt(test, clinic);
  return { ...clinic, old, token: token.body.access_token };
}
const row = (id: string) => test.db('credentials').where({ id }).first() as Promise<Record<string, string | null>>;
const acts = (target: string) =>
  test
    .db('audit_events')
    .where({ target })
    .whereNotIn('action', ['credential.submitted', 'credential.judged', 'token.issued'])
    .orderBy('seq')
    .select('action', 'outcome', 'actor_kind');
const ciphertexts = (id: string) => test.db('sealed_secrets').where({ row_id: id });
const sessionsWith = (id: string) => test.db('access_tokens').where({ credential_id: id, answered_at: null });
async function say({ tenantId, old, member }: Connected & { old: string }) {
  expect(member).toBeDefined();
  const [by = ''] = await test.db('memberships').where({ tenant_id: tenantId }).pluck<string[]>('person_id');
  return test.portal.services.connections.sayDeleted(tenantId, old, { personId: by }, origin);
}
const tried = (id: string, answer: string) =>
  eventually(`it is tried: ${answer}`, async () => (await row(id)).tried_answer === answer);

it('SEC-27: a replaced JWT stays sealed, no job gets a token with it, and the token that a job has lives on', async () => {
  const clinic = await aRetired();
  expect(await row(clinic.old)).toMatchObject({ status: 'retired', retired_because: 'replaced', tried_at: null });
  expect(await ciphertexts(clinic.old)).toHaveLength(1);
  const next = await askAt(test.url, clinic.tenantId);
  expect(next.status).toBe(200);
  expect(next.body.access_token).not.toBe(clinic.token);
  const uses = await fetch(`${test.emulator.url}/restapi/v1.0/account/~/extension/~`, {
    headers: { authorization: `Bearer ${clinic.token}` },
  });
  expect(uses.status).toBe(200);
  expect(await test.db('access_tokens').where({ credential_id: clinic.old }).whereNotNull('serves_until')).toEqual([]);
});

it('a JWT that is said to be deleted is tried at once; if it works, its session is ended and no token is kept', async () => {
  const clinic = await aRetired();
  const sessions = await test.db('access_tokens').where({ credential_id: clinic.old }).pluck<string[]>('id');
  expect(await say(clinic)).toMatchObject({ kind: 'queued' });
  await tried(clinic.old, 'works');
  // The session of the death check was ended at RingCentral, so nothing is left of it.
  expect(await test.db('access_tokens').where({ credential_id: clinic.old }).pluck('id')).toEqual(sessions);
  expect(await sessionsWith(clinic.old)).toEqual([]);
  expect(await acts(clinic.old)).toEqual([
    { action: 'credential.retired', outcome: 'ok', actor_kind: 'portal' },
    { action: 'credential.said_deleted', outcome: 'ok', actor_kind: 'person' },
    { action: 'credential.death_checked', outcome: 'ok', actor_kind: 'person' },
  ]);
  type Request = { lane: string; trigger: string; due_at: string };
  const requests = test.db('check_requests').where({ credential_id: clinic.old });
  const [next] = (await requests.whereNull('finished_at')) as Request[];
  expect(next).toMatchObject({ lane: 'background', trigger: 'schedule' });
  expect(Date.parse(next?.due_at ?? '') - test.clock().getTime()).toBeGreaterThan(DAY_MS - 60_000);
  const uses = await fetch(`${test.emulator.url}/restapi/v1.0/account/~/extension/~`, {
    headers: { authorization: `Bearer ${clinic.token}` },
  });
  expect(uses.status).toBe(200);
});

it('a session of a death check that cannot be ended now is kept sealed, and revoked as soon as that is possible', async () => {
  const clinic = await aRetired();
  test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/revoke' });
  const kept = () => test.db('ending_sessions').where({ credential_id: clinic.old }).pluck<string[]>('id');
  await say(clinic);
  await tried(clinic.old, 'works');
  const [id, ...others] = await kept();
  expect([typeof id, others]).toEqual(['string', []]);
  expect(await test.db('access_token_secrets').where({ id })).toEqual([]); // no job can get its token
  test.emulator.faults.clear();
  test.clock.advance(61_000);
  await eventually('it is revoked', async () => {
    test.portal.look();
    return (await kept()).length === 0;
  });
  expect(await test.db('access_tokens').where({ id })).toEqual([]);
});

it('an old JWT that works is the warning old_credential_alive, and no longer once it is proved dead or destroyed', async () => {
  const [one, other] = [await aRetired(), await aRetired()];
  for (const clinic of [one, other]) {
    await say(clinic);
    await eventually('it is warned of', async () => (await stateOf(test, clinic.tenantId)) === 'warning');
    const { shown } = await test.portal.services.connections.view(clinic.tenantId);
    expect(shown).toMatchObject({ state: 'warning', cause: 'old_credential_alive' });
    expect((await askAt(test.url, clinic.tenantId)).status).toBe(200);
  }
  test.emulator.revokeJwt(one.jti);
  await say(one);
  await tried(one.old, 'refused');
  expect(await stateOf(test, one.tenantId)).toBe('healthy');
  test.clock.advance(7 * DAY_MS);
  await test.portal.clean();
  expect(await row(other.old)).toMatchObject({ destroyed_because: 'not_proved_dead', tried_answer: 'works' });
  const { health } = (await test.portal.services.connections.view(other.tenantId)).connection;
  expect(health.oldCredentialAliveSince).toBeUndefined();
});

it('two refusals prove it dead: the ciphertext is destroyed, and each act is in the audit', async () => {
  const clinic = await aRetired();
  test.emulator.revokeJwt(clinic.jti);
  await say(clinic);
  await tried(clinic.old, 'refused');
  expect(await row(clinic.old)).toMatchObject({ status: 'retired', proved_dead_at: null });
  await aConnectedClinic(test); // RingCentral accepts another JWT meanwhile, so the next refusal proves it
  test.clock.advance(2000);
  await eventually('it is proved dead', async () => (await row(clinic.old)).status === 'destroyed');
  expect(await row(clinic.old)).toMatchObject({
    destroyed_because: 'proved_dead',
    proved_dead_at: expect.any(String) as string,
    tried_cause: 'credential_rejected',
  });
  expect(await ciphertexts(clinic.old)).toEqual([]);
  expect(await test.db('check_requests').where({ credential_id: clinic.old }).whereNull('finished_at')).toEqual([]);
  expect(await acts(clinic.old)).toEqual([
    { action: 'credential.retired', outcome: 'ok', actor_kind: 'portal' },
    { action: 'credential.said_deleted', outcome: 'ok', actor_kind: 'person' },
    { action: 'credential.death_checked', outcome: 'refused', actor_kind: 'person' },
    { action: 'credential.death_checked', outcome: 'refused', actor_kind: 'portal' },
    { action: 'credential.proved_dead', outcome: 'ok', actor_kind: 'portal' },
    { action: 'credential.destroyed', outcome: 'ok', actor_kind: 'portal' },
  ]);
  expect(await say(clinic)).toEqual({ kind: 'nothing' });
});

it('a JWT that takes the place of its replacement again is no old JWT: no one is asked to delete it', async () => {
  const clinic = await aConnectedClinic(test);
  const { jwt } = test.emulator.createJwt({
    extensionId: clinic.serviceUserId,
    clientIds: [test.example.app.clientId],
  });
  const pasteAgain = async (assertion: string) => {
    await clinic.member.get(`/tenants/${clinic.tenantId}/credentials/new`);
    await clinic.member.post(`/tenants/${clinic.tenantId}/credentials`, { assertion });
  };
  const statuses = async () =>
    (await test.db('credentials').where({ tenant_id: clinic.tenantId }).orderBy(['submitted_at', 'id'])).map(
      (one: Record<string, string | null>) => one.destroyed_because ?? one.status,
    );
  await pasteAgain(jwt);
  await replaceJwt(test, clinic);
  await pasteAgain(jwt);
  await eventually('it is in use again', async () => (await statuses()).at(-1) === 'active');
  expect(await statuses()).toEqual(['retired', 'superseded', 'retired', 'active']);
});
