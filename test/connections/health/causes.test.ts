import {
  causes,
  doubtfulCauses,
  fixOwnerOf,
  isCause,
  isDoubtful,
  keepsPaste,
  warningOrder,
} from '../../../src/connections/health/causes.js';
import { causeTable } from '../cause-table.js';

describe('the table of causes', () => {
  it('contains exactly these causes', () => {
    expect(Object.keys(causes).sort()).toEqual(causeTable.map(([cause]) => cause).sort());
  });

  it.each(causeTable)('%s is fixed by %s, and a refused paste is %s', (cause, fixOwner, paste) => {
    expect(fixOwnerOf(cause)).toBe(fixOwner);
    expect(causes[cause].paste).toBe(paste);
    expect(keepsPaste(cause)).toBe(paste !== 'destroyed');
    expect(isCause(cause)).toBe(true);
  });

  it('requires confirmation only for a rejected credential or sign-in, another user or account, and an unclassified answer', () => {
    expect(causeTable.map(([cause]) => cause).filter(isDoubtful)).toEqual([
      'credential_rejected',
      'sign_in_again',
      'account_mismatch',
      'unclassified',
    ]);
    expect([...doubtfulCauses].sort()).toEqual([
      'account_mismatch',
      'credential_rejected',
      'sign_in_again',
      'unclassified',
    ]);
  });

  it('orders warnings by their need for action', () => {
    expect(warningOrder).toEqual([
      'no_fax_line',
      'session_too_short',
      'mailbox_filling',
      'expires_soon',
      'old_credential_alive',
      'environment_differs',
    ]);
  });

  it('does not accept property names of objects as causes', () => {
    for (const name of ['', 'constructor', '__proto__', 'toString']) expect(isCause(name)).toBe(false);
  });
});
