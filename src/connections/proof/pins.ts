import type { Identity } from '../health/connection-store.js';

/** What ties a tenant to one RingCentral account. */
export type Pins = {
  /** Whom the credential that is checked acted as when it was first accepted; null for one not accepted yet. */
  ownerId: string | null;
  /** The account of the tenant's first success. */
  accountId: string | null;
  approvedAccountId: string | null;
};

/**
 * Sealing with a public key proves nobody's authorship, so every mint is compared with the pins.
 *
 * @param heldByAnother whether another tenant is connected to this very account
 * @returns why staff have to look first, or null
 */
export function pinsViolation(
  found: Pick<Identity, 'ownerId' | 'accountId'>,
  pins: Pins,
  heldByAnother: boolean,
): 'account_mismatch' | 'account_shared' | null {
  if (pins.ownerId !== null && pins.ownerId !== found.ownerId) return 'account_mismatch';
  if (found.accountId === pins.approvedAccountId) return null;
  // Who was there first is not asked because of who came to share it: that one was.
  if (pins.accountId !== null) return pins.accountId === found.accountId ? null : 'account_mismatch';
  return heldByAnother ? 'account_shared' : null;
}
