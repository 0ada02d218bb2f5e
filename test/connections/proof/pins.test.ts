import { pinsViolation } from '../../../src/connections/proof/pins.js';
import { mergeFaxLines } from '../../../src/connections/proof/fax-lines.js';
import type { FaxLine } from '../../../src/connections/proof/fax-line-store.js';

const found = { ownerId: '1', accountId: '10' };
const none = { ownerId: null, accountId: null, approvedAccountId: null };

describe('the pins of a tenant', () => {
  it.each([
    ['a first success', none, false, null],
    ['the same owner and account', { ...none, ownerId: '1', accountId: '10' }, false, null],
    ['another user of the account in a replacement', { ...none, accountId: '10' }, false, null],
    ['another owner of the credential in use', { ...none, ownerId: '2', accountId: '10' }, false, 'account_mismatch'],
    ['another account', { ...none, accountId: '11' }, false, 'account_mismatch'],
    ['another account that staff approved', { ...none, accountId: '11', approvedAccountId: '10' }, false, null],
    ['an account of another tenant', none, true, 'account_shared'],
    ['its own account, which another tenant may share', { ...none, ownerId: '1', accountId: '10' }, true, null],
    ['a shared account that staff approved', { ...none, approvedAccountId: '10' }, true, null],
    [
      'another owner, whatever staff approved',
      { ownerId: '2', accountId: '10', approvedAccountId: '10' },
      false,
      'account_mismatch',
    ],
  ])('%s', (_title, pins, shared, violation) => {
    expect(pinsViolation(found, pins, shared)).toBe(violation);
  });
});

describe('fax lines after a listing', () => {
  const extension = (id: string, type: string, name = `Line ${id}`) => ({
    id,
    type,
    name,
    extensionNumber: id,
    status: 'Enabled',
  });
  const selected = (lines: FaxLine[]) => lines.filter((line) => line.selected).map((line) => line.extensionId);

  it('select fax users, offer the owner’s own line and other users, and omit other types', () => {
    const lines = mergeFaxLines(
      [],
      [extension('1', 'User'), extension('2', 'FaxUser'), extension('3', 'User'), extension('4', 'IvrMenu')],
      '1',
    );
    expect(selected(lines)).toEqual(['2']);
    expect(lines.map((line) => line.extensionId)).toEqual(['1', '2', '3']);
  });

  it('keep people’s choices, and keep a selected line visible if it no longer exists', () => {
    const before = mergeFaxLines(
      [],
      [extension('1', 'User'), extension('2', 'FaxUser'), extension('5', 'FaxUser')],
      '1',
    );
    const chosen = before.map((line) => ({ ...line, selected: line.extensionId === '5' }));
    const lines = mergeFaxLines(chosen, [extension('1', 'User'), extension('2', 'FaxUser')], '1');
    expect(selected(lines)).toEqual(['5']);
    expect(lines.find((line) => line.extensionId === '5')?.listed).toBe(false);
  });

  it('keep two hundred lines of a very large account, fax users first', () => {
    const users = Array.from({ length: 500 }, (_, index) =>
      extension(String(1000 + index), index % 5 === 0 ? 'FaxUser' : 'User'),
    );
    const lines = mergeFaxLines([], users, '1003');
    expect(lines).toHaveLength(200);
    expect(lines.filter((line) => line.type === 'FaxUser')).toHaveLength(100);
    expect(lines[0]?.extensionId).toBe('1003');
  });
});
