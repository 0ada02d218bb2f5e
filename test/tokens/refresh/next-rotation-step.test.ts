import { nextRotationStep } from '../../../src/tokens/refresh/next-rotation-step.js';
import type { RefreshToken } from '../../../src/tokens/refresh/refresh-token-types.js';
import type { SessionToken } from '../../../src/tokens/token-types.js';

const start = Date.parse('2026-11-21T09:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000);
const token: RefreshToken = {
  credentialId: 'one',
  tenantId: 'north',
  clientId: 'ours',
  environment: 'production',
  ownerId: '901',
  version: 3,
  beganAt: at(-86_400),
  obtainedAt: at(0),
  endsAt: at(604_800),
  idleSeconds: null,
  sessionEndsAt: null,
  attempt: null,
};
const access: SessionToken = {
  id: 'a',
  environment: 'production',
  askedAt: at(0),
  isIssued: false,
  endsAt: at(3600),
  servesUntil: at(3540),
  isWrittenOff: false,
};
const issued: SessionToken = { ...access, isIssued: true };
const step = (more: Partial<Parameters<typeof nextRotationStep>[0]>, seconds: number) =>
  nextRotationStep({ token, accessTokens: [], clientId: 'ours', forJob: true, now: at(seconds), ...more });
const check = { forJob: false };

it('a refresh is made if no access token is kept', () => {
  expect(step({}, 10)).toEqual({ do: 'refresh', recovers: false });
  expect(step(check, 10)).toEqual({ do: 'refresh', recovers: false });
});

it('a job that needs a newer token gets a refresh as long as no job has the present one', () => {
  expect(step({ accessTokens: [access] }, 10)).toEqual({ do: 'refresh', recovers: false });
});

it('a job waits until the token that another job has is over at RingCentral', () => {
  expect(step({ accessTokens: [issued] }, 3539)).toEqual({ do: 'hold', until: at(3600) });
  expect(step({ accessTokens: [{ ...issued, servesUntil: null }] }, 3599)).toEqual({ do: 'hold', until: at(3600) });
  expect(step({ accessTokens: [issued] }, 3600)).toEqual({ do: 'refresh', recovers: false });
});

it('a check uses the kept access token, also one that a job has, and never ends it', () => {
  expect(step({ ...check, accessTokens: [access] }, 10)).toEqual({ do: 'reuse', id: 'a' });
  expect(step({ ...check, accessTokens: [issued] }, 3539)).toEqual({ do: 'reuse', id: 'a' });
  expect(step({ ...check, accessTokens: [issued] }, 3541)).toEqual({ do: 'hold', until: at(3600) });
});

it('while another process rotates the token, the others wait', () => {
  const attempt = { since: at(0), by: 'another', until: at(70) };
  expect(step({ token: { ...token, attempt } }, 10)).toEqual({ do: 'hold', until: at(12) });
  expect(step({ token: { ...token, attempt } }, 69)).toEqual({ do: 'hold', until: at(70) });
});

it('an attempt without an answer is made again once no process is at it', () => {
  const recovery = { do: 'refresh', recovers: true };
  expect(step({ token: { ...token, attempt: { since: at(0), by: 'dead', until: at(70) } } }, 70)).toEqual(recovery);
  expect(step({ token: { ...token, attempt: { since: at(0), by: null, until: null } } }, 1)).toEqual(recovery);
});

it('under another client ID nothing is sent, also once the refresh token has ended', () => {
  expect(step({ clientId: 'another' }, 10)).toEqual({ do: 'refuse', isOver: false });
  expect(step({ clientId: null }, 604_799)).toEqual({ do: 'refuse', isOver: false });
  expect(step({ clientId: null }, 604_800)).toEqual({ do: 'refuse', isOver: true });
});
