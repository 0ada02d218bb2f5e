import type { Identity } from '../health/connection-store.js';

/** What binds a tenant to one RingCentral account. */
export type Pins = {
  /** The user of the checked credential when it was first accepted; null if it has not been accepted yet. */
  ownerId: string | null;
  /** The account of the tenant's first success. */
  accountId: string | null;
  approvedAccountId: string | null;
};

/**
 * Anyone can seal with the public key, so a sealed credential proves no authorship; every mint is compared with the
 * pins.
 *
 * @param isOfAnother whether another tenant is connected to the same account
 * @returns why staff must decide first, or null
 */
export function pinsViolation(
  found: Pick<Identity, 'ownerId' | 'accountId'>,
  pins: Pins,
  isOfAnother: boolean,
): 'account_mismatch' | 'account_shared' | null {
  if (pins.ownerId !== null && pins.ownerId !== found.ownerId) return 'account_mismatch';
  if (found.accountId === pins.approvedAccountId) return null;
  // A tenant that was connected first is not questioned because another tenant came to share the account.
  if (pins.accountId !== null) return pins.accountId === found.accountId ? null : 'account_mismatch';
  return isOfAnother ? 'account_shared' : null;
}
