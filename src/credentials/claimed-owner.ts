import type { Secret } from '../platform/secret.js';
import { decodeObject } from './inspect/read-jwt.js';

/**
 * Whom a JWT says it acts as (ringcentral.md §1.2 `sub`): nobody has proved it, so it may only be counted by.
 *
 * @returns digits, or null where it says nothing of the kind
 */
export function claimedOwner(assertion: Secret): string | null {
  const sub = decodeObject(assertion.reveal().split('.')[1] ?? '')?.['sub'];
  return typeof sub === 'string' && /^\d{1,20}$/.test(sub) ? sub : null;
}
