import { aboutSignIn, overdueWatch } from '../../../src/connections/health/overdue-sign-ins.js';
import { overdueRenewal } from '../../../src/tokens/refresh/renewals.js';
import type { RefreshToken } from '../../../src/tokens/refresh/refresh-token-types.js';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-01T00:00:00.000Z');
const after = (hours: number) => new Date(start + hours * HOUR);
const renewed: RefreshToken = {
  ...{ credentialId: 'one', tenantId: 'north', clientId: 'ours', environment: 'production', ownerId: '901' },
  ...{ version: 3, beganAt: after(-500), obtainedAt: after(0), endsAt: after(7 * 24) },
  ...{ idleSeconds: null, sessionEndsAt: null, attempt: null },
};
const found = (token: RefreshToken, hours: number) => {
  const overdue = overdueRenewal(token, after(hours));
  return overdue && (overdue.isUrgent ? 'urgent' : 'overdue');
};

it.each([
  ['a life of 7 days', renewed, [71.9, 72, 119.9, 120], [null, 'overdue', 'overdue', 'urgent']],
  ['an idle limit beyond that', { ...renewed, idleSeconds: 30 * 86_400 }, [71.9, 72, 120], [null, 'overdue', 'urgent']],
  ['an idle limit of 26 hours', { ...renewed, idleSeconds: 26 * 3600 }, [24.9, 25], [null, 'urgent']],
  ['a life of 2 days', { ...renewed, endsAt: after(48) }, [24.9, 25], [null, 'urgent']],
])(
  'a sign-in is overdue, and then urgent, days before its end, but not while daily renewals are: %s',
  (_what, token, hours, expected) => {
    expect(hours.map((one) => found(token, one))).toEqual(expected);
  },
);

it('overdue sign-ins of one environment are told as such once they are an hour old, whatever another one has', async () => {
  let now = after(100);
  const overdue = (environment: 'production' | 'biz') => overdueRenewal({ ...renewed, environment }, after(100))!;
  let all = [overdue('production')];
  const watch = overdueWatch({ db: undefined as never, world: { now: () => now } }, () => Promise.resolve(all));
  expect([...(await watch())]).toEqual([['production', 'just_now']]);
  all = [overdue('production'), overdue('biz')];
  now = after(101);
  expect([...(await watch())]).toEqual([
    ['production', 'for_long'],
    ['biz', 'just_now'],
  ]);
  all = [overdue('biz')];
  now = after(102);
  expect([...(await watch())]).toEqual([['biz', 'for_long']]);
  all = [overdue('production')];
  expect([...(await watch())]).toEqual([['production', 'just_now']]);
});

it('the end that is told is the first of the two that RingCentral named', () => {
  expect(overdueRenewal(renewed, after(100))?.endsAt).toEqual(after(168));
  expect(overdueRenewal({ ...renewed, idleSeconds: 110 * 3600 }, after(100))?.endsAt).toEqual(after(110));
});

it('a refresh that brings no new refresh token is no reason to warn again', () => {
  const [first, second] = [renewed, { ...renewed, version: 4 }].map((token) => overdueRenewal(token, after(130)));
  expect(aboutSignIn(first!)).toBe(aboutSignIn(second!));
});
