import { countedCall, type CallName, type CallOutcome } from '../../../src/ringcentral/clients/counted-call.js';
import type { Answer, Failure } from '../../../src/ringcentral/clients/guarded-call.js';

const answered = (status: number): Answer => ({
  kind: 'answer',
  status,
  json: {},
  requestId: null,
  retryAfterMs: null,
  limit: null,
  remaining: null,
  windowSeconds: null,
});

async function counted(path: string, answer: Answer | Failure): Promise<[CallName, CallOutcome][]> {
  const seen: [CallName, CallOutcome][] = [];
  const call = countedCall(
    () => Promise.resolve(answer),
    (...one) => void seen.push(one),
  );
  expect(await call({ method: 'GET', url: `https://platform.ringcentral.com/restapi${path}`, headers: {} })).toBe(
    answer,
  );
  return seen;
}

it.each([
  ['/oauth/token', 'token'],
  ['/oauth/revoke', 'revocation'],
  ['/v1.0/account/~/extension/~', 'identity'],
  ['/v2/accounts/~', 'account'],
  ['/v1.0/account/~/extension?perPage=1000&page=1', 'extensions'],
  ['/v1.0/account/~/extension/4711/message-store?messageType=Fax', 'message_store'],
  ['/v1.0/account/~/extension/4711', 'another'],
] as const)('a request to %s is counted as %s', async (path, name) => {
  expect(await counted(path, answered(200))).toEqual([[name, 'ok']]);
});

it.each([
  [answered(204), 'ok'],
  [answered(400), 'refused'],
  [answered(401), 'refused'],
  [answered(429), 'rate_limited'],
  [answered(500), 'unavailable'],
  [answered(503), 'unavailable'],
  [{ kind: 'failure', failure: 'time_out' }, 'failed'],
] as const)('%j is counted as %s', async (answer, outcome) => {
  expect(await counted('/oauth/token', answer)).toEqual([['token', outcome]]);
});
