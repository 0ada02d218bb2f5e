import type { Portal } from '../../src/portal.js';
import type { TokenAnswer } from '../../src/tokens/token-service.js';
import { TestPortal } from '../support/portal.js';
import { anotherProcess } from '../support/processes/another-process.js';
import { aConnectedClinic } from './connected-clinic.js';
import { askAt, authenticate } from './jobs.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
let others: Portal[];
beforeAll(async () => {
  test = await TestPortal.start({ authenticate });
  others = [await anotherProcess(test), await anotherProcess(test), await anotherProcess(test)];
});
afterAll(async () => {
  await test.close();
  for (const other of others) await other.close();
});

const minted = () => test.emulator.tokenCalls.length;
const textOf = (answer: TokenAnswer): string => (answer.kind === 'token' ? answer.session.accessToken.reveal() : '');

it('50 simultaneous requests for a cold tenant, over as many connections, are one call of RingCentral, and get one token', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const before = minted();
  const answers = await Promise.all(Array.from({ length: 50 }, () => askAt(test.url, tenantId)));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.access_token}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  expect(minted()).toBe(before + 1);
});

it('SEC-41: in four processes they are still one call', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const before = minted();
  const processes = [test.portal, ...others];
  const asks = Array.from({ length: 200 }, (_, index) =>
    processes[index % 4]!.services.tokens!.currentToken({ tenantId }),
  );
  const tokens = new Set((await Promise.all(asks)).map(textOf));
  expect(tokens.size).toBe(1);
  expect([...tokens][0]).not.toBe('');
  expect(minted()).toBe(before + 1);
});

it('one of the callers that wait for one call of RingCentral is told that the token was renewed', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const answers = await Promise.all(Array.from({ length: 20 }, () => askAt(test.url, tenantId)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(answers.filter(({ body }) => body.renewed)).toHaveLength(1);
});

it('a flight goes on when its first caller has stopped waiting', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const before = minted();
  const service = test.portal.services.tokens!;
  test.emulator.faults.add({ kind: 'slow', call: 'token', delayMs: 300, count: 1 });
  expect(await service.currentToken({ tenantId, maxWaitMs: 20 })).toMatchObject({ kind: 'later', because: 'busy' });
  expect(await service.currentToken({ tenantId })).toMatchObject({ kind: 'token', isRenewed: false });
  expect(minted()).toBe(before + 1);
});

it('the flight of a process that died ends with its lease: another process mints within 15 seconds', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const now = test.clock().getTime();
  await test.db('token_flights').insert({
    tenant_id: tenantId,
    kind: 'full',
    number: 1,
    held_by: 'a dead process',
    held_until: new Date(now + 12_000).toISOString(), // as long as any lease
  });
  const service = test.portal.services.tokens!;
  const before = minted();
  expect(await service.currentToken({ tenantId, maxWaitMs: 50 })).toMatchObject({ kind: 'later', because: 'busy' });
  expect(minted()).toBe(before);
  test.clock.advance(12_000);
  expect(await service.currentToken({ tenantId })).toMatchObject({ kind: 'token' });
  expect(minted()).toBe(before + 1);
});
