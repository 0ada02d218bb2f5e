import { everyRow, isPostgres } from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';
import { findIn } from '../security/support/secret-scan.js';
import { accessTokenCall } from '../../src/tokens/access-token-call.js';
import type { TokenAnswer } from '../../src/tokens/token-service.js';
import { eventually } from '../support/eventually.js';
import { aConnectedClinic, replaceJwt, stateOf } from './connected-clinic.js';
import { askAt, authenticate, jobKey, sha256, statusWith } from './jobs.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate, env: { REJECTION_CONFIRM_SECONDS: '180' } });
});
afterAll(() => test.close());

const ask = (tenantId: string, body?: unknown) => askAt(test.url, tenantId, body);
const minted = () => test.emulator.tokenCalls.length;
const rowsOf = async (tenantId: string) => {
  const actions = ['token.issued', 'token.refused'];
  const rows: { detail: string }[] = await test
    .db('audit_events')
    .where({ tenant_id: tenantId })
    .whereIn('action', actions)
    .orderBy('seq');
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown }));
};

it('answers with everything that a job needs to use the token', async () => {
  const { tenantId, accountId, serviceUserId } = await aConnectedClinic(test);
  const front = [...test.emulator.world.extensions.values()].find(
    (one) => one.accountId === accountId && one.type === 'FaxUser',
  )!;
  test.clock.advance(HOUR_MS);
  const sentAt = test.clock();
  const { status, headers, body } = await ask(tenantId, { purpose: 'faxes', job_id: 'run-7' });
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      access_token: expect.any(String) as string,
      token_type: 'Bearer',
      expires_in: expect.any(Number) as number,
      expires_at: expect.any(String) as string,
      issued_at: expect.any(String) as string,
      renewed: true,
      scope: 'ReadAccounts ReadMessages',
      server_url: test.emulator.url,
      media_url: test.emulator.url,
      account_id: accountId,
      owner_id: serviceUserId,
      fax_extensions: [front.id],
    },
  });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(await statusWith(test, body.access_token)).toBe(200);
  // The life of 3,600 s counts from the request, and its last minute is not used.
  const issuedAt = Date.parse(body.issued_at);
  const askedAt = test.emulator.tokenCalls.at(-1)?.arrivedAt ?? 0;
  expect(issuedAt).toBeGreaterThanOrEqual(sentAt.getTime());
  expect(issuedAt).toBeLessThanOrEqual(askedAt);
  expect(Date.parse(body.expires_at) - issuedAt).toBe(3540_000);
  expect(body.expires_in).toBeLessThanOrEqual(3540);
  expect(body.expires_in).toBeGreaterThan(3530);
  expect(await ask(tenantId)).toMatchObject({
    status: 200,
    body: { access_token: body.access_token, renewed: false, issued_at: body.issued_at },
  });
});

it('SEC-42: writes who asked, for what, from where, and what came of it', async () => {
  const { tenantId } = await aConnectedClinic(test);
  const { headers } = await ask(tenantId, { purpose: 'faxes', job_id: 'run-7' });
  const common = { actor_kind: 'api_key', actor_id: 'jobs', ip: '127.0.0.1' };
  const [token] = await test.db('access_tokens').where({ tenant_id: tenantId }).pluck('id');
  expect(await rowsOf(tenantId)).toMatchObject([
    {
      ...common,
      action: 'token.issued',
      outcome: 'ok',
      target: token,
      request_id: headers.get('x-request-id'),
      detail: { purpose: 'faxes', job_id: 'run-7' },
    },
  ]);
  const unconnected = await test.addTenant('Unconnected 1');
  await ask(unconnected);
  expect(await rowsOf(unconnected)).toMatchObject([
    {
      ...common,
      action: 'token.refused',
      outcome: 'refused',
      detail: { purpose: 'nightly-faxes', cause: 'not_connected' },
    },
  ]);
});

it('SEC-39: writes the address that a trusted proxy names, and the own entry of the proxy only', async () => {
  const behind = await TestPortal.start({ authenticate, env: { TRUST_PROXY: '127.0.0.1,::1' } });
  try {
    const { tenantId } = await aConnectedClinic(behind);
    const from = async (header: string) =>
      (await askAt(behind.url, tenantId, undefined, { 'x-forwarded-for': header })).status;
    expect([await from('203.0.113.9'), await from('198.51.100.1, 203.0.113.10')]).toEqual([200, 200]);
    const issued = behind.db('audit_events').where({ tenant_id: tenantId, action: 'token.issued' });
    expect(await issued.orderBy('seq').pluck('ip')).toEqual(['203.0.113.9', '203.0.113.10']);
  } finally {
    await behind.close();
  }
});

it('answers 409 at once for a clinic that cannot get a token, with the cause and who fixes it', async () => {
  const unconnected = await test.addTenant('Unconnected 2');
  const [addedAt] = await test.db('tenants').where({ id: unconnected }).pluck('created_at');
  const before = minted();
  const { status, body } = await ask(unconnected);
  expect({ status, body }).toMatchObject({
    status: 409,
    body: {
      cause: 'not_connected',
      fix_owner: 'tenant',
      since: addedAt,
      retryable: false,
      reconnect_url: `${test.env.PUBLIC_URL}/tenants/${unconnected}/connection`,
    },
  });
  expect(minted()).toBe(before);
  const { tenantId, jti } = await aConnectedClinic(test);
  test.emulator.revokeJwt(jti);
  test.clock.advance(HOUR_MS);
  const first = await ask(tenantId); // not believed before it is confirmed
  expect(first).toMatchObject({ status: 503, body: { cause: 'refusal_unconfirmed', fix_owner: 'nobody' } });
  test.clock.advance(5 * 60_000);
  test.portal.look();
  await eventually('it fails', async () => {
    test.clock.advance(60_000);
    test.portal.look();
    return (await stateOf(test, tenantId)) === 'failing';
  });
  expect(await ask(tenantId)).toMatchObject({
    status: 409,
    body: { cause: 'credential_rejected', fix_owner: 'tenant', since: expect.any(String) as string },
  });
});

it('tells each caller a time of its own to come back, never before the true one, and asks RingCentral once', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  test.emulator.faults.add({ kind: 'rate_limited', call: 'token', retryAfter: 40 });
  const before = minted();
  const askedAt = test.clock().getTime();
  const first = await ask(tenantId);
  const all = [first, ...(await Promise.all(Array.from({ length: 20 }, () => ask(tenantId))))];
  test.emulator.faults.clear();
  expect(minted()).toBe(before + 1);
  const times = all.map(({ status, body, headers }) => {
    expect({ status, cause: body.cause }).toEqual({ status: 503, cause: 'rate_limited' });
    const at = Date.parse(body.retry_at ?? '');
    expect(at).toBeGreaterThanOrEqual(askedAt + 40_000);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(38);
    return at;
  });
  expect(new Set(times).size).toBeGreaterThan(15);
  test.clock.advance(110_000);
  expect((await ask(tenantId)).status).toBe(200);
});

it('a failure ends with the credential that it belongs to', async () => {
  const clinic = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  test.emulator.faults.add({ kind: 'unavailable', call: 'token', count: 1 });
  expect((await ask(clinic.tenantId)).status).toBe(503);
  test.emulator.faults.clear();
  const again = await test.db('token_flights').where({ tenant_id: clinic.tenantId }).first();
  const told = JSON.parse(again.told as string) as { toldUntil: string };
  const later = new Date(test.clock().getTime() + HOUR_MS).toISOString();
  await test
    .db('token_flights')
    .where({ tenant_id: clinic.tenantId })
    .update({ told: JSON.stringify({ ...told, toldUntil: later }) });
  expect((await ask(clinic.tenantId)).status).toBe(503);
  await replaceJwt(test, clinic);
  expect((await ask(clinic.tenantId)).status).toBe(200);
});

describe('min_ttl_seconds', () => {
  it('is how long the token lives at least: it is renewed earlier than without', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const first = await ask(tenantId, { min_ttl_seconds: 1800 });
    test.clock.advance(28 * 60_000);
    expect((await ask(tenantId, { min_ttl_seconds: 1800 })).body.access_token).toBe(first.body.access_token);
    test.clock.advance(2 * 60_000);
    expect((await ask(tenantId)).body.access_token).toBe(first.body.access_token);
    const second = await ask(tenantId, { min_ttl_seconds: 1800 });
    expect(second.body).toMatchObject({ renewed: true });
    expect(second.body.expires_in).toBeGreaterThanOrEqual(1800);
    expect(await statusWith(test, first.body.access_token)).toBe(200); // jobs that have it go on
  });

  it('still counts when the job is answered: a token with two seconds more is renewed', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const first = await ask(tenantId, { min_ttl_seconds: 1800 });
    test.clock.advance(Date.parse(first.body.expires_at) - 1_802_000 - test.clock().getTime());
    const second = await ask(tenantId, { min_ttl_seconds: 1800 });
    expect(second.body).toMatchObject({ renewed: true });
    expect(second.body.expires_in).toBeGreaterThan(3000);
  });

  it('gets no token that ends sooner: while RingCentral is down it is 503', async () => {
    const { tenantId } = await aConnectedClinic(test);
    await ask(tenantId);
    test.clock.advance(40 * 60_000);
    test.emulator.faults.add({ kind: 'unavailable', call: 'token' });
    const [least, any] = [await ask(tenantId, { min_ttl_seconds: 1800 }), await ask(tenantId)];
    test.emulator.faults.clear();
    expect([least.status, any.status]).toEqual([503, 200]);
    test.clock.advance(60_000);
  });
});

describe('scope', () => {
  it('fewer scopes than all are another session; a second such set is refused while the first is in use', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const full = await ask(tenantId);
    const narrow = await ask(tenantId, { scope: 'ReadMessages' });
    expect(narrow).toMatchObject({ status: 200, body: { scope: 'ReadMessages', renewed: true } });
    expect(narrow.body.access_token).not.toBe(full.body.access_token);
    const before = minted();
    expect((await ask(tenantId, { scope: 'ReadMessages' })).body.access_token).toBe(narrow.body.access_token);
    expect((await ask(tenantId, { scope: 'ReadMessages ReadAccounts' })).body.access_token).toBe(
      full.body.access_token,
    );
    const other = await ask(tenantId, { scope: 'ReadAccounts' });
    expect(other).toMatchObject({
      status: 422,
      body: { cause: 'other_scope_in_use', fix_owner: 'isv', retry_at: expect.any(String) as string },
    });
    expect(Date.parse(other.body.retry_at ?? '')).toBeGreaterThanOrEqual(Date.parse(narrow.body.expires_at));
    expect(await ask(tenantId, { scope: 'Faxes' })).toMatchObject({
      status: 422,
      body: { cause: 'scope_not_requested' },
    });
    expect(minted()).toBe(before);
    test.clock.advance(HOUR_MS);
    expect((await ask(tenantId, { scope: 'ReadAccounts' })).body.scope).toBe('ReadAccounts');
  });

  it('two sets at once: one of them wins', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const asked = ['ReadMessages', 'ReadAccounts', 'ReadMessages', 'ReadAccounts'];
    const answers = await Promise.all(asked.map((scope) => ask(tenantId, { scope })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 422, 422]);
    const tokens = answers.filter(({ status }) => status === 200).map(({ body }) => body.access_token);
    expect(new Set(tokens).size).toBe(1);
  });

  it('says which scopes the token has where RingCentral gives others than those requested', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const set = { scope: 'ReadAccounts ReadMessages' };
    test.emulator.faults.add({ kind: 'changed_members', call: 'token', set, count: 1 });
    const { body } = await ask(tenantId, { scope: 'ReadMessages' });
    test.emulator.faults.clear();
    expect(body.scope).toBe('ReadAccounts ReadMessages');
    expect((await ask(tenantId, { scope: 'ReadMessages' })).body.access_token).toBe(body.access_token);
  });

  it('a token with fewer scopes is not used for checks', async () => {
    const { tenantId } = await aConnectedClinic(test);
    test.clock.advance(30 * HOUR_MS);
    await ask(tenantId, { scope: 'ReadMessages' }); // the probes are due, and RingCentral is asked again for a full token
    const due = { due_at: test.clock().toISOString() };
    await test.db('check_requests').where({ tenant_id: tenantId }).whereNull('finished_at').update(due);
    const checks = async () => (await test.db('checks').where({ tenant_id: tenantId })).length;
    const before = await checks();
    test.portal.look();
    await eventually('it is checked', async () => (await checks()) > before);
    expect(await stateOf(test, tenantId)).toBe('healthy');
  });
});

describe('rejected_token_sha256', () => {
  it('the hash of the present token drops it if RingCentral does not accept it; then a new one is minted', async () => {
    const { tenantId, serviceUserId } = await aConnectedClinic(test);
    const dead = (await ask(tenantId)).body.access_token;
    test.emulator.setExtensionStatus(serviceUserId, 'Disabled'); // ends its sessions
    test.emulator.setExtensionStatus(serviceUserId, 'Enabled');
    const before = minted();
    const reports = Array.from({ length: 5 }, () => ask(tenantId, { rejected_token_sha256: sha256(dead) }));
    const tokens = (await Promise.all(reports)).map(({ body }) => body.access_token);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(dead);
    expect(await statusWith(test, tokens[0] ?? '')).toBe(200);
    expect(minted()).toBe(before + 1);
  });

  it('any other hash gets the present token without a call of RingCentral', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const { access_token: token } = (await ask(tenantId)).body;
    const before = test.emulator.requests.length;
    for (const hash of [sha256('another token'), sha256(token).replace(/^./, (digit) => (digit === '0' ? '1' : '0'))])
      expect((await ask(tenantId, { rejected_token_sha256: hash })).body.access_token).toBe(token);
    expect(test.emulator.requests.length).toBe(before);
  });

  it('a token that RingCentral accepts is given again: a job that errs ends no session of others', async () => {
    const { tenantId } = await aConnectedClinic(test);
    const { access_token: token } = (await ask(tenantId)).body;
    const before = minted();
    for (let time = 0; time < 3; time += 1)
      expect((await ask(tenantId, { rejected_token_sha256: sha256(token) })).body.access_token).toBe(token);
    expect(minted()).toBe(before);
  });
});

let odd = 0;
it.each([
  ['an unknown field', { scopes: 'ReadMessages' }],
  ['a purpose with a space', { purpose: 'nightly faxes' }],
  ['a purpose of 65 characters', { purpose: 'x'.repeat(65) }],
  ['a job id with a line break', { job_id: 'a\nb' }],
  ['a life above 1,800 s', { min_ttl_seconds: 1801 }],
  ['a negative life', { min_ttl_seconds: -1 }],
  ['a fraction', { min_ttl_seconds: 1.5 }],
  ['a number as text', { min_ttl_seconds: '60' }],
  ['a hash that is none', { rejected_token_sha256: 'abc' }],
  ['an empty scope', { scope: '' }],
  ['a scope with two spaces', { scope: 'ReadMessages  ReadAccounts' }],
  ['scopes as a list', { scope: ['ReadMessages'] }],
  ['null', { purpose: null }],
])('422 for %s, and nothing of it is repeated', async (_name, body) => {
  const tenantId = await test.addTenant(`Odd ${(odd += 1)}`);
  const answer = await ask(tenantId, body);
  expect({ status: answer.status, cause: answer.body.cause }).toEqual({ status: 422, cause: 'invalid_body' });
  for (const sent of Object.values(body).map(String)) if (sent.length > 5) expect(answer.text).not.toContain(sent);
});

it('a machine that sleeps for 20 minutes between the audit row and the answer gives out no dead token', async () => {
  const { tenantId } = await aConnectedClinic(test);
  const first = await ask(tenantId);
  test.clock.advance(50 * 60_000);
  let hasSlept = false;
  const sleep = ({ sql }: { sql: string }) => {
    if (hasSlept || !/^insert into .audit_events/.test(sql)) return;
    hasSlept = true;
    test.clock.advance(20 * 60_000);
  };
  test.db.on('query-response', (_rows: unknown, query: { sql: string }) => sleep(query));
  const { status, body } = await ask(tenantId);
  test.db.removeAllListeners('query-response');
  expect({ status, hasSlept }).toEqual({ status: 200, hasSlept: true });
  expect(body.access_token).not.toBe(first.body.access_token);
  expect(body.expires_in).toBeGreaterThan(3000);
  expect(await statusWith(test, body.access_token)).toBe(200);
});

it('the waits of a request are 15 seconds at most together, however often a token ends before it is told', async () => {
  let now = Date.parse('2026-11-29T12:00:00Z');
  const waits: (number | undefined)[] = [];
  const short = { kind: 'token', session: { id: 'short', servesUntil: new Date(now) }, isRenewed: true };
  const call = accessTokenCall({
    world: { now: () => new Date(now), randomBytes: (size) => Buffer.alloc(size), wait: () => Promise.resolve() },
    log: { error: () => undefined },
    tokens: {
      currentToken: ({ maxWaitMs }) => {
        waits.push(maxWaitMs);
        now += 6_000;
        return Promise.resolve(short as unknown as TokenAnswer);
      },
      report: () => Promise.resolve('unknown'),
    },
    audit: {
      append: () => {
        now += 20 * 60_000; // the machine sleeps, which is no wait
        return Promise.resolve();
      },
    },
    onAnswer: () => undefined,
    scopes: ['ReadMessages'],
    addressesOf: () => ({ serverUrl: '', mediaUrl: '' }),
    fixOwnerOf: () => 'nobody',
    reconnectUrlOf: () => '',
  });
  const caller = { keyId: 'jobs', name: 'Jobs', purpose: 'jobs', scopes: ['tokens:issue'], tenantIds: null };
  const asked = { caller, params: { tenant: 'north' }, query: {}, body: {}, requestId: 'one', origin: {} };
  await expect(call.handler(asked)).rejects.toMatchObject({ status: 503, details: { cause: 'token_pending' } });
  expect(waits).toEqual([15_000, 9_000, 3_000]);
});

it('replacing a credential takes effect on the next request', async () => {
  const clinic = await aConnectedClinic(test);
  const first = await ask(clinic.tenantId);
  await replaceJwt(test, clinic);
  const second = await ask(clinic.tenantId);
  expect(second.status).toBe(200);
  expect(second.body.access_token).not.toBe(first.body.access_token);
});

it('without its audit row no token leaves: 503, which is said in the log', async () => {
  const { tenantId } = await aConnectedClinic(test);
  const { access_token: token } = (await ask(tenantId)).body;
  await (isPostgres
    ? test.db.raw(
        `create function no_audit() returns trigger language plpgsql as $$ begin raise 'planted'; end $$;
         create trigger no_audit before insert on audit_events for each row when (new.action like 'token.%') execute function no_audit()`,
      )
    : test.db.raw(
        `create trigger no_audit before insert on audit_events when new.action like 'token.%' begin select raise(abort, 'planted'); end`,
      ));
  const answers = await Promise.all([ask(tenantId), ask(tenantId), ask(await test.addTenant('Unconnected 3'))]);
  await test.db.raw(isPostgres ? 'drop trigger no_audit on audit_events' : 'drop trigger no_audit');
  for (const { status, body, text } of answers) {
    expect({ status, cause: body.cause }).toEqual({ status: 503, cause: 'audit_unavailable' });
    expect(text).not.toContain(token);
  }
  expect(test.logs.join('\n')).toContain('an audit row was not committed');
  expect((await ask(tenantId)).status).toBe(200);
});

it('SEC-23, SEC-30, SEC-42: no token and no key that was used here is in the database, the log or a mail', async () => {
  const planted = Object.fromEntries(test.issuedTokens().map((token, index) => [`token ${index}`, token]));
  const secrets = { ...planted, key: jobKey };
  expect(findIn(JSON.stringify(await everyRow(test.db)), secrets)).toEqual([]);
  expect(findIn(test.logs.join('\n'), secrets)).toEqual([]);
  expect(findIn(JSON.stringify(test.mail.messages()), secrets)).toEqual([]);
});
