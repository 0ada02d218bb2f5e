import { resultOfAll } from '../../src/disconnection/result.js';

const disconnection = {
  id: 'one',
  tenantId: 'north',
  at: new Date('2026-11-30T12:00:00Z'),
  by: 'clinic' as const,
  accountId: null,
  sessionsEndBy: null,
  receipt: null,
};

it('a clinic that had no credential kept nothing', () => {
  expect(resultOfAll({ disconnection: { ...disconnection, credentials: [] }, credentials: [] })).toBe('nothing_kept');
});

it('of a credential that was erased before its receipt was made nothing counts as proved', () => {
  const credentials = [{ id: 'a', was: 'active' as const, revoked: 0, notRevoked: 0 }];
  expect(resultOfAll({ disconnection: { ...disconnection, credentials }, credentials: [] })).toBe('not_proved_dead');
});
