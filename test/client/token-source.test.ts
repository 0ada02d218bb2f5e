import { createHash } from 'node:crypto';
import { NoTokenError } from '../../src/client/client.js';
import { aProblem, aStubPortal, aToken, type StubPortal } from './stub-portal.js';

const MINUTE_MS = 60_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
let portal: StubPortal;
beforeEach(async () => {
  portal = await aStubPortal();
});
afterEach(() => portal.close());

const ok = (accessToken: string, more: object = {}) => ({
  status: 200,
  body: aToken({ access_token: accessToken, ...more }),
});
const later = aProblem(503, { cause: 'budget', retryable: true, retry_at: '2026-11-30T10:00:00.000Z' });
const textOf = (answer: { kind: string; token?: { access_token: string } }) =>
  answer.token?.access_token ?? answer.kind;

it('keeps a token while it lives, and renews it five minutes before it expires', async () => {
  portal.will(ok('one'), ok('two'));
  const tokens = portal.client().tokens('x', { purpose: 'faxes' });
  expect([textOf(await tokens.get()), textOf(await tokens.get())]).toEqual(['one', 'one']);
  portal.advance(54 * MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('one');
  portal.advance(MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('two');
  expect(portal.seen.map(({ body }) => body)).toEqual([{ purpose: 'faxes' }, { purpose: 'faxes' }]);
});

it('counts the life of a token by its length, not by the time of day of the portal', async () => {
  portal.will(ok('one'), ok('two'));
  const tokens = portal.client({}, 24 * 60 * MINUTE_MS).tokens('x');
  expect([textOf(await tokens.get()), textOf(await tokens.get())]).toEqual(['one', 'one']);
});

it('a token of a minute is kept for three quarters of its life', async () => {
  portal.will(ok('one', { expires_in: 60 }), ok('two'));
  const tokens = portal.client().tokens('x');
  await tokens.get();
  portal.advance(44_000);
  expect(textOf(await tokens.get())).toBe('one');
  portal.advance(1000);
  expect(textOf(await tokens.get())).toBe('two');
});

it('gives out no token that lives shorter than the job asked for', async () => {
  portal.will(ok('one'), ok('two'), later);
  const tokens = portal.client({ maxWaitMs: 0 }).tokens('x', { min_ttl_seconds: 1800 });
  await tokens.get();
  portal.advance(29 * MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('one');
  portal.advance(MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('two');
  portal.advance(31 * MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('try_later');
});

it('asks once for all who wait', async () => {
  portal.will(ok('one'));
  const tokens = portal.client().tokens('x');
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get()));
  expect(new Set(all.map(textOf))).toEqual(new Set(['one']));
  expect(portal.seen).toHaveLength(1);
});

it('gives the old token while no new one can be had, until ten seconds before its end', async () => {
  portal.will(ok('one'), later, later);
  const tokens = portal.client({ maxWaitMs: 0 }).tokens('x');
  await tokens.get();
  portal.advance(58 * MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('one');
  portal.advance(MINUTE_MS + 51_000);
  expect(textOf(await tokens.get())).toBe('try_later');
});

it('a clinic that disconnected gets no old token', async () => {
  portal.will(ok('one'), aProblem(409, { cause: 'not_connected' }));
  const tokens = portal.client().tokens('x');
  await tokens.get();
  portal.advance(56 * MINUTE_MS);
  expect(textOf(await tokens.get())).toBe('connect_needed');
});

it('a failure is not kept: the next caller asks again', async () => {
  portal.will(aProblem(401), ok('one'));
  const tokens = portal.client().tokens('x');
  await expect(tokens.get()).rejects.toMatchObject({ status: 401 });
  expect(textOf(await tokens.get())).toBe('one');
});

describe('a token that RingCentral rejects', () => {
  it('is reported by its hash, once for all callers, and the call is repeated once with the present token', async () => {
    portal.will(ok('one'), ok('two'));
    const tokens = portal.client().tokens('x', { purpose: 'faxes' });
    const used: string[] = [];
    const call = () =>
      tokens.use(({ access_token: text }) => {
        used.push(text);
        return Promise.resolve({ status: text === 'one' ? 401 : 200 });
      });
    expect(await Promise.all([call(), call(), call()])).toEqual([{ status: 200 }, { status: 200 }, { status: 200 }]);
    expect(used).toEqual(['one', 'one', 'one', 'two', 'two', 'two']);
    expect(portal.seen.map(({ body }) => body)).toEqual([
      { purpose: 'faxes' },
      { purpose: 'faxes', rejected_token_sha256: sha256('one') },
    ]);
  });

  it('that stays rejected is the answer', async () => {
    portal.will(ok('one'), ok('one'));
    const used: string[] = [];
    const tokens = portal.client().tokens('x');
    const answer = await tokens.use(({ access_token: text }) => {
      used.push(text);
      return Promise.resolve({ status: 401 });
    });
    expect({ answer, used }).toEqual({ answer: { status: 401 }, used: ['one', 'one'] });
  });
});

it('without a token the call is not made, and the reason is in the error', async () => {
  portal.will(aProblem(409, { cause: 'credential_rejected', fix_owner: 'tenant' }));
  const work = () => Promise.reject(new Error('it was called'));
  const error: unknown = await portal
    .client()
    .tokens('x')
    .use(work)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NoTokenError);
  expect(error).toMatchObject({ reason: { kind: 'fix_needed', by: 'tenant' } });
});
