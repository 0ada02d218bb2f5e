import { TestPortal } from '../support/portal.js';
import { aConnectedClinic } from './connected-clinic.js';
import { askAt, authenticate } from './jobs.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate });
});
afterAll(() => test.close());

const ask = (tenantId: string, body?: unknown) => askAt(test.url, tenantId, body);
const sealed = (tenantId: string) =>
  test.db('sealed_secrets').where({ tenant_id: tenantId, owner_table: 'credentials' });
const refusalsOf = (tenantId: string) =>
  test.db('audit_events').where({ tenant_id: tenantId, action: 'token.refused' }).orderBy('seq');

it('a credential that no key opens gives all waiters a typed 503 with an audit row, and asks RingCentral nothing', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  await sealed(tenantId).update({ jwe: '{}' });
  const before = test.emulator.tokenCalls.length;
  const answers = await Promise.all([ask(tenantId), ask(tenantId)]);
  for (const { status, body } of answers)
    expect({ status, ...body }).toMatchObject({
      status: 503,
      cause: 'unavailable',
      fix_owner: 'isv',
      retryable: true,
      retry_at: expect.any(String) as string,
    });
  expect(test.emulator.tokenCalls).toHaveLength(before);
  expect(await refusalsOf(tenantId)).toHaveLength(2);
  expect(test.logs.join('\n')).toContain('a credential cannot be opened');
});

it('a credential that was destroyed after it was found gives a typed answer with an audit row, not an error', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  await sealed(tenantId).delete();
  const { status, body } = await ask(tenantId);
  expect({ status, cause: body.cause, retryable: body.retryable }).toEqual({
    status: 503,
    cause: 'token_pending',
    retryable: true,
  });
  expect(await refusalsOf(tenantId)).toHaveLength(1);
});

it('the least life of a token counts from the answer, not from the look before the audit row', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const first = await ask(tenantId);
  test.clock.advance(25 * 60_000);
  let hasSlept = false;
  test.db.on('query-response', (_rows: unknown, { sql }: { sql: string }) => {
    if (hasSlept || !/^insert into .audit_events/.test(sql)) return;
    hasSlept = true;
    test.clock.advance(10 * 60_000);
  });
  const { status, body } = await ask(tenantId, { min_ttl_seconds: 1800 });
  test.db.removeAllListeners('query-response');
  expect({ status, hasSlept }).toEqual({ status: 200, hasSlept: true });
  expect(body.access_token).not.toBe(first.body.access_token);
  expect(body.expires_in).toBeGreaterThanOrEqual(1800);
});

it('tokens that live shorter than a job asks for do for it, without an audit row for each try', async () => {
  const { tenantId } = await aConnectedClinic(test);
  const first = await ask(tenantId);
  const [answeredAt, servesUntil] = [0, 540].map((seconds) => new Date(test.clock().getTime() + seconds * 1000));
  await test
    .db('access_tokens')
    .where({ tenant_id: tenantId })
    .update({ answered_at: answeredAt?.toISOString(), serves_until: servesUntil?.toISOString() });
  const { status, body } = await ask(tenantId, { min_ttl_seconds: 1800 });
  expect({ status, token: body.access_token }).toEqual({ status: 200, token: first.body.access_token });
  const issued = await test.db('audit_events').where({ tenant_id: tenantId, action: 'token.issued' });
  expect(issued).toHaveLength(2);
});
