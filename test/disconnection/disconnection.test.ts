// Also on PostgreSQL: a disconnection, a check, a job and a claim decide about one connection.
import { verifyReceipt } from './verify-receipt.js';
import { newSigningKey } from '../../src/platform/signed-notes/signing-keys.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';
import { aConnectedClinic, paste, replaceJwt, stateOf, type Connected } from '../tokens/connected-clinic.js';
import { askAt, authenticate, statusWith } from '../tokens/jobs.js';

const DAY_MS = 86_400_000;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate, env: { AUDIT_SIGNING_KEY_FILE: newSigningKey() } });
  await test.portal.begin();
  await aConnectedClinic(test); // a proof needs another JWT that RingCentral accepts
});
afterAll(() => test.close());
afterEach(() => test.emulator.faults.clear());

const pageOf = ({ tenantId }: Pick<Connected, 'tenantId'>) => `/tenants/${tenantId}/disconnection`;
const press = async (visitor: Visitor, page: string, more: string, fields: Record<string, string> = {}) => {
  await visitor.get(page);
  return visitor.post(page + more, fields);
};
const disconnect = async (clinic: Connected) => {
  const answer = await press(clinic.member, pageOf(clinic), '');
  expect([answer.status, answer.headers.location]).toEqual([303, pageOf(clinic)]);
};
const credentials = ({ tenantId }: Connected) =>
  test.db('credentials').where({ tenant_id: tenantId }).orderBy(['submitted_at', 'id']) as Promise<
    Record<string, string | null>[]
  >;
const events = ({ tenantId }: Connected) =>
  test.db('events').where({ tenant_id: tenantId }).orderBy('at').pluck<string[]>('type');
const newest = async ({ tenantId }: Connected) =>
  (await test.db('disconnections').where({ tenant_id: tenantId }).orderBy('at', 'desc').first()) as Record<
    string,
    string | null
  >;
const receipt = async (clinic: Connected): Promise<string> => {
  await eventually('there is a receipt', async () => {
    test.portal.look();
    return (await newest(clinic)).receipt_at !== null;
  });
  return (await newest(clinic)).receipt ?? '';
};
const sayDeleted = async (clinic: Connected) => {
  const [id] = (await credentials(clinic)).filter(({ status }) => status === 'retired').map((one) => one.id ?? '');
  return press(clinic.member, pageOf(clinic), '/deletions', { credential_id: id ?? '' });
};
const destroyNow = async (clinic: Connected) =>
  press(clinic.member, pageOf(clinic), '/destruction', { disconnection_id: (await newest(clinic)).id ?? '' });

it('issuing stops with the disconnection, the state changes, and programs and people hear of it', async () => {
  const clinic = await aConnectedClinic(test);
  const { body } = await askAt(test.url, clinic.tenantId);
  expect(await statusWith(test, body.access_token)).toBe(200);
  await disconnect(clinic);
  const refused = await askAt(test.url, clinic.tenantId);
  expect([refused.status, refused.body.cause, refused.body.fix_owner]).toEqual([409, 'not_connected', 'tenant']);
  expect(await stateOf(test, clinic.tenantId)).toBe('disconnected');
  expect(await events(clinic)).toEqual([
    'invitation.accepted',
    'credential.pending',
    'connection.connected',
    'connection.disconnected',
  ]);
  const [credential] = await credentials(clinic);
  expect(credential).toMatchObject({ status: 'retired', retired_because: 'disconnected', remind_at: null });
  expect(await test.db('check_requests').where({ tenant_id: clinic.tenantId }).whereNull('finished_at')).toEqual([]);
  await eventually('a mail', () =>
    Promise.resolve(test.mail.messages().some(({ subject }) => /was disconnected/.test(subject))),
  );
  test.portal.look();
  await eventually('the token is revoked', async () => (await statusWith(test, body.access_token)) === 401);
});

it('a JWT that is said to be deleted is proved dead, and the signed receipt says so and no more', async () => {
  const clinic = await aConnectedClinic(test);
  await askAt(test.url, clinic.tenantId);
  await disconnect(clinic);
  expect((await clinic.member.get(pageOf(clinic))).text).toContain('We keep it sealed until');
  test.emulator.revokeJwt(clinic.jti);
  await sayDeleted(clinic);
  expect((await clinic.member.get(pageOf(clinic))).text).toContain('We will try it again to make sure.');
  expect((await newest(clinic)).receipt).toBeNull();
  test.clock.advance(2000);
  test.portal.look();
  const note = await receipt(clinic);
  expect(note).toContain('\nresult: proved_dead\n');
  expect(note).toMatch(
    /^credential: \S+ method=jwt was=active said-deleted=\S+ refused-since=\S+ other-jwt-accepted=\S+ proved-dead=\S+ destroyed=\S+ because=proved_dead result=proved_dead$/m,
  );
  expect(note).toContain('\nsigned: yes\n');
  const [credential] = await credentials(clinic);
  expect(note).not.toContain(String(credential?.fingerprint));
  const keys = (await test.visitor().get('/.well-known/latchkey-keys')).text.trim();
  expect(await verifyReceipt(note, keys)).toMatchObject({ code: 0 });
  expect(await verifyReceipt(note.replace('result: proved_dead', 'result: proved-dead'), keys)).toMatchObject({
    code: 1,
  });
  const page = (await clinic.member.get(pageOf(clinic))).text;
  expect(page).toContain('Nothing is open.');
  const id = (await newest(clinic)).id ?? '';
  const file = await clinic.member.get(`${pageOf(clinic)}/receipts/${id}`);
  expect(file.text).toBe(note);
  expect(file.headers['content-disposition']).toBe('attachment; filename=latchkey-receipt.txt');
});

it('a receipt counts what a job still has of a JWT that was replaced within the hour', async () => {
  const clinic = await aConnectedClinic(test);
  const { body } = await askAt(test.url, clinic.tenantId);
  await replaceJwt(test, clinic);
  await disconnect(clinic);
  await destroyNow(clinic);
  const note = await receipt(clinic);
  expect(await statusWith(test, body.access_token)).toBe(200);
  expect(note).toContain('\nsessions-not-revoked: 1\n');
  expect(note).toMatch(/^sessions-end-by: \S+$/m);
});

it('SEC-27: an answer that says nothing proves nothing: after seven days the receipt says "not proved dead"', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/token' });
  await sayDeleted(clinic);
  await eventually('it was tried', async () => (await credentials(clinic))[0]?.tried_answer === 'unclear');
  test.emulator.faults.clear();
  test.clock.advance(7 * DAY_MS + 1000);
  await test.portal.clean();
  const note = await receipt(clinic);
  expect(note).toContain('\nresult: not_proved_dead\n');
  expect(note).not.toMatch(/proved-dead=/);
  expect(note).toContain('It was not confirmed that RingCentral rejects it.');
});

it('"destroy now" destroys the JWT at once, and the receipt says that nothing was proved', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  await destroyNow(clinic);
  const [credential] = await credentials(clinic);
  expect(credential).toMatchObject({ status: 'destroyed', destroyed_because: 'on_request' });
  expect(await test.db('sealed_secrets').where({ row_id: String(credential?.id) })).toEqual([]);
  const note = await receipt(clinic);
  expect(note).toContain('\nresult: destroyed_on_request\n');
  expect(note).toContain('The JWT was destroyed because someone asked for that.');
  await destroyNow(clinic); // the second press finds nothing
  expect(await receipt(clinic)).toBe(note);
});

it('a clinic that disconnected connects again with the same JWT, and its receipt does not say that it is dead', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  const [first] = await credentials(clinic);
  const jwt = test.emulator.jwtOf(clinic.jti);
  await paste(test, clinic, jwt);
  expect((await askAt(test.url, clinic.tenantId)).status).toBe(200);
  expect((await events(clinic)).slice(-2)).toEqual(['credential.pending', 'connection.connected']);
  expect((await credentials(clinic)).find(({ id }) => id === first?.id)).toMatchObject({
    destroyed_because: 'superseded',
  });
  expect(await receipt(clinic)).toContain('\nresult: used_again\n');
  expect((await clinic.member.get(pageOf(clinic))).text).toContain('Earlier receipts');
});

it('a clinic that connects again with another JWT can still say that it deleted the first, and its receipt says so', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  const clientIds = [test.example.app.clientId];
  await paste(test, clinic, test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds }).jwt);
  await eventually('it is connected', async () => (await stateOf(test, clinic.tenantId)) === 'healthy');
  const page = await clinic.member.get(pageOf(clinic));
  for (const text of ['I deleted it', 'Destroy now', 'Your connection no longer uses it.'])
    expect(page.text).toContain(text);
  test.emulator.revokeJwt(clinic.jti);
  await sayDeleted(clinic);
  test.clock.advance(2000);
  test.portal.look();
  expect(await receipt(clinic)).toContain('\nresult: proved_dead\n');
  expect((await clinic.member.get(pageOf(clinic))).text).not.toContain('I deleted it');
});

it('a token that RingCentral gives after the disconnection goes to no job, and its session is revoked', async () => {
  const clinic = await aConnectedClinic(test);
  await test
    .db('access_tokens')
    .where({ tenant_id: clinic.tenantId })
    .update({ serves_until: '2020-01-01T00:00:00.000Z' });
  test.emulator.clearLog();
  test.emulator.faults.add({ kind: 'slow', path: '/restapi/oauth/token', delayMs: 600, count: 1 });
  const asked = askAt(test.url, clinic.tenantId);
  await eventually(
    'the token is asked for',
    async () =>
      (await test.db('access_tokens').where({ tenant_id: clinic.tenantId }).whereNull('answered_at')).length > 0,
  );
  await disconnect(clinic);
  const answer = await asked;
  expect([answer.status, answer.body.cause]).toEqual([409, 'not_connected']);
  await eventually(
    'its session is over',
    async () => (await test.db('ending_sessions').where({ tenant_id: clinic.tenantId })).length === 0,
  );
  expect(await test.db('access_tokens').where({ tenant_id: clinic.tenantId }).whereNotNull('serves_until')).toEqual([]);
  const counted = test.db('disconnected_credentials').where({ tenant_id: clinic.tenantId });
  expect(await counted.pluck('sessions_revoked')).toEqual([2]);
  expect(await stateOf(test, clinic.tenantId)).toBe('disconnected');
});

it('the answer of a check that ran during the disconnection changes nothing', async () => {
  const clinic = await aConnectedClinic(test);
  test.emulator.faults.add({ kind: 'slow', path: '/restapi/oauth/token', delayMs: 600, count: 1 });
  const checking = press(clinic.member, `/tenants/${clinic.tenantId}/connection`, '/checks');
  await eventually(
    'the check runs',
    async () =>
      (
        await test
          .db('check_requests')
          .where({ tenant_id: clinic.tenantId })
          .whereNull('finished_at')
          .whereNotNull('lease_until')
      ).length > 0,
  );
  const other = await test.member(clinic.tenantId, 'Bob Reed');
  await disconnect({ ...clinic, member: other });
  await checking;
  await eventually('no call is open', () => Promise.resolve(test.emulator.tokenCalls.length > 0));
  expect(await stateOf(test, clinic.tenantId)).toBe('disconnected');
  expect((await events(clinic)).at(-1)).toBe('connection.disconnected');
  expect((await credentials(clinic)).map(({ status }) => status)).toEqual(['retired']);
});

it('a JWT that waits for an answer is destroyed, one that was replaced before is on the receipt too', async () => {
  const clinic = await aConnectedClinic(test);
  await replaceJwt(test, clinic);
  test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/token' });
  const clientIds = [test.example.app.clientId];
  const { jwt } = test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds });
  await press(clinic.member, `/tenants/${clinic.tenantId}/credentials/new`, '', {});
  await clinic.member.post(`/tenants/${clinic.tenantId}/credentials`, { assertion: jwt });
  await disconnect(clinic);
  expect((await credentials(clinic)).map((one) => one.destroyed_because ?? one.retired_because)).toEqual([
    'replaced',
    'disconnected',
    'disconnected',
  ]);
  expect(await stateOf(test, clinic.tenantId)).toBe('disconnected');
  test.emulator.faults.clear();
  await destroyNow(clinic);
  const lines = (await receipt(clinic)).split('\n').filter((line) => line.startsWith('credential: '));
  expect(lines.map((line) => / was=(\w+) .* result=(\w+)$/.exec(line)?.slice(1))).toEqual(
    expect.arrayContaining([
      ['retired', 'destroyed_on_request'],
      ['active', 'destroyed_on_request'],
      ['pending', 'not_proved_dead'],
    ]),
  );
});

it('a clinic whose connection failed gets no mail that it works again', async () => {
  const clinic = await aConnectedClinic(test);
  test.emulator.revokeJwt(clinic.jti);
  await press(clinic.member, `/tenants/${clinic.tenantId}/connection`, '/checks');
  test.clock.advance(2000);
  test.portal.look();
  await eventually('it fails', async () => (await stateOf(test, clinic.tenantId)) === 'failing');
  await disconnect(clinic);
  expect(await test.db('notices').where({ tenant_id: clinic.tenantId, kind: 'recovered' })).toEqual([]);
  expect(await test.db('incidents').where({ subject: clinic.tenantId }).whereNull('closed_at')).toEqual([]);
});

it('staff disconnect a clinic; an auditor reads the page and may not', async () => {
  const clinic = await aConnectedClinic(test);
  const page = `/staff/tenants/${clinic.tenantId}/disconnection`;
  const auditor = await test.staff('auditor');
  expect((await auditor.get(page)).text).not.toContain('Disconnect now');
  expect((await auditor.post(page, {})).status).toBe(403);
  expect(await stateOf(test, clinic.tenantId)).toBe('healthy');
  const operator = await test.staff('operator');
  expect((await press(operator, page, '')).status).toBe(303);
  expect(await newest(clinic)).toMatchObject({ by: 'staff' });
  expect((await clinic.member.get(pageOf(clinic))).text).toContain('Example Health did this.');
  expect((await operator.get(page)).text).toContain('Example Health did this.');
});

it('a second press, and a clinic that never connected, have nothing to disconnect', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  await disconnect(clinic);
  expect(await test.db('disconnections').where({ tenant_id: clinic.tenantId })).toHaveLength(1);
  const tenantId = await test.addTenant('Silent Clinic');
  const member = await test.member(tenantId);
  expect((await member.get(pageOf({ tenantId }))).text).toContain('There is nothing to disconnect.');
  await member.post(pageOf({ tenantId }), {});
  expect(await test.db('disconnections').where({ tenant_id: tenantId })).toEqual([]);
});

it('a session that a death check began before its process died is counted on the receipt, with its end', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  const [one] = await credentials(clinic);
  const now = test.clock().getTime();
  const of = { tenant_id: clinic.tenantId, credential_id: one?.id, environment: 'production' };
  const asked = new Date(now + 1000).toISOString();
  const endsAt = new Date(now + 3_600_000).toISOString();
  await test.db('access_tokens').insert({ id: 'left', ...of, asked_at: asked, answered_at: asked, ends_at: endsAt });
  await destroyNow(clinic);
  const note = await receipt(clinic);
  expect(note).toContain('\nsessions-not-revoked: 1\n');
  expect(note).toContain(`\nsessions-end-by: ${endsAt}\n`);
});

it('a session of a death check that RingCentral refuses to end is counted once on the receipt, with its end', async () => {
  const clinic = await aConnectedClinic(test);
  await disconnect(clinic);
  const waiting = () => test.db('ending_sessions').where({ tenant_id: clinic.tenantId });
  const untilNone = () =>
    eventually('nothing waits to be revoked', async () => {
      test.portal.look();
      return (await waiting()).length === 0;
    });
  await untilNone();
  test.emulator.faults.add({ kind: 'status', call: 'revoke', status: 400, code: 'OAU-213', error: 'invalid_grant' });
  await sayDeleted(clinic);
  await eventually('it was tried', async () => (await credentials(clinic))[0]?.tried_answer === 'works');
  await untilNone();
  const [left, ...others] = await test
    .db('access_tokens')
    .where({ tenant_id: clinic.tenantId })
    .pluck<string[]>('ends_at');
  expect(others).toEqual([]);
  await destroyNow(clinic);
  const note = await receipt(clinic);
  expect(note).toContain('\nsessions-not-revoked: 1\n');
  expect(note).toContain(`\nsessions-end-by: ${left}\n`);
});

it('a session that waits to be revoked when the clinic disconnects is counted once on the receipt', async () => {
  const clinic = await aConnectedClinic(test);
  const old = await replaceJwt(test, clinic);
  test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/revoke' });
  const member = await test.member(clinic.tenantId);
  const page = `/tenants/${clinic.tenantId}/connection`;
  expect((await press(member, page, '/deletions', { credential_id: old })).status).toBe(303);
  const waiting = () => test.db('ending_sessions').where({ tenant_id: clinic.tenantId });
  await eventually('it waits', async () => (await waiting()).length === 1);
  await disconnect({ ...clinic, member });
  const before = (await waiting()).length;
  test.emulator.faults.clear();
  test.clock.advance(61_000);
  await destroyNow({ ...clinic, member });
  const note = await receipt(clinic);
  expect(note).toContain(`\nsessions-revoked: ${before}\n`);
  // That of the check of the first JWT, whose token was deleted when it was replaced.
  expect(note).toContain('\nsessions-not-revoked: 1\n');
});

it('a request under way when the clinic disconnects may get a token, which RingCentral rejects once its session is revoked', async () => {
  const clinic = await aConnectedClinic(test);
  const { tenantId } = clinic;
  const issued = { issued_at: test.clock().toISOString() };
  await test.db('access_tokens').where({ tenant_id: tenantId }).update(issued); // by another process
  let gone: Promise<unknown> | undefined;
  // The request has read the token that jobs have, and has not opened it.
  const onResponse = (_rows: unknown, { sql, bindings = [] }: { sql: string; bindings?: unknown[] }) => {
    if (gone || !sql.includes('access_token_secrets') || !bindings.includes(tenantId)) return;
    const actor = { kind: 'command_line' } as const;
    gone = test.portal.services.disconnection.disconnect(tenantId, { by: 'operator', actor });
  };
  test.db.on('query-response', onResponse);
  const { status, body } = await askAt(test.url, tenantId);
  test.db.removeListener('query-response', onResponse);
  await gone;
  expect([status, await stateOf(test, tenantId)]).toEqual([200, 'disconnected']);
  expect((await askAt(test.url, tenantId)).status).toBe(409);
  await eventually('the token is revoked', async () => {
    test.portal.look();
    return (await statusWith(test, body.access_token)) === 401;
  });
});
