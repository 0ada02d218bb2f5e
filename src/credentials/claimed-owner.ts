import type { Secret } from '../platform/secret.js';
import { decodeObject } from './inspect/read-jwt.js';

/**
 * The user that a JWT claims to act as (`sub` is the ID of an extension). The claim is not verified, so it is used for
 * counting only.
 *
 * @returns digits, or null if there is no such claim
 */
export function claimedOwner(assertion: Secret): string | null {
  const sub = decodeObject(assertion.reveal().split('.')[1] ?? '')?.['sub'];
  return typeof sub === 'string' && /^\d{1,20}$/.test(sub) ? sub : null;
}
