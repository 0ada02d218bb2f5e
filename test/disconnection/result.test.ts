import type { Credential } from '../../src/credentials/credential-types.js';
import { resultOf, resultOfAll } from '../../src/disconnection/result.js';

const disconnection = {
  id: 'one',
  tenantId: 'north',
  at: new Date('2026-11-30T12:00:00Z'),
  by: 'clinic' as const,
  accountId: null,
  sessionsEndBy: null,
  receipt: null,
  erasedReceipt: null,
};

it('a clinic that had no credential kept nothing', () => {
  expect(resultOfAll({ disconnection: { ...disconnection, credentials: [] }, credentials: [] })).toBe('nothing_kept');
});

it('of a credential that was erased before its receipt was made nothing counts as proved', () => {
  const credentials = [{ id: 'a', was: 'active' as const, revoked: 0, notRevoked: 0 }];
  expect(resultOfAll({ disconnection: { ...disconnection, credentials }, credentials: [] })).toBe('not_proved_dead');
});

describe('what the end of a JWT proved', () => {
  const [first, second] = [new Date('2026-11-30T12:00:00Z'), new Date('2026-11-30T12:05:00Z')];
  const tried = { at: second, answer: 'refused' as const, cause: 'credential_rejected' };
  const dead = { tried, refusedSince: first, provedDeadAt: second, appWorkedAt: second };
  it.each([
    ['refused twice, another JWT accepted between', 'proved_dead', dead, null, 'proved_dead'],
    [
      'refused twice and nothing else, by an earlier version',
      'proved_dead',
      { ...dead, appWorkedAt: null },
      null,
      'refused',
    ],
    ['its own time was over', 'proved_dead', { ...dead, appWorkedAt: null }, first, 'proved_dead'],
    [
      'refused for a week and nothing else',
      'not_proved_dead',
      { ...dead, provedDeadAt: null, appWorkedAt: null },
      null,
      'refused',
    ],
    [
      'refused once',
      'not_proved_dead',
      { ...dead, provedDeadAt: null, refusedSince: second, appWorkedAt: null },
      null,
      'not_proved_dead',
    ],
    [
      'accepted last',
      'not_proved_dead',
      { ...dead, tried: { ...tried, answer: 'works' as const }, provedDeadAt: null, refusedSince: null },
      null,
      'not_proved_dead',
    ],
    [
      'destroyed on request after two refusals',
      'on_request',
      { ...dead, provedDeadAt: null, appWorkedAt: null },
      null,
      'destroyed_on_request',
    ],
  ] as const)('%s', (_what, destroyedBecause, retired, expiresAt, expected) => {
    const retirement = { at: first, because: 'disconnected' as const, saidDeleted: null, ...retired };
    const credential = { method: 'jwt' as const, destroyedBecause, retirement, expiresAt } as unknown as Credential;
    expect(resultOf({ was: 'active', credential, revoked: 0, notRevoked: 0 })).toBe(expected);
  });
});
