import { isRefusedAgain, type Credential } from '../credentials/credential-types.js';
import type { EndedCredential, Outcome, Result } from './disconnection-types.js';
import { results } from './disconnection-types.js';

/** Whether nothing more can come: every credential is destroyed, and no session waits to be revoked. */
export const isOver = ({ credentials, isRevoking }: Outcome): boolean =>
  !isRevoking && credentials.every(({ credential }) => credential.status === 'destroyed');

/** What was proved of one destroyed credential. Whatever is not known to be proved counts as not proved. */
export function resultOf({ credential, revoked, notRevoked, neverExchanged }: EndedCredential): Result {
  if (neverExchanged) return 'never_exchanged';
  if (credential.method === 'authorization_code') return revoked > 0 && notRevoked === 0 ? 'revoked' : 'not_revoked';
  switch (credential.destroyedBecause) {
    case 'proved_dead':
      return isProved(credential) ? 'proved_dead' : 'refused';
    case 'on_request':
      return 'destroyed_on_request';
    case 'superseded':
      return 'used_again';
    case 'not_proved_dead':
      return credential.retirement && isRefusedAgain(credential.retirement) ? 'refused' : 'not_proved_dead';
    default:
      return 'not_proved_dead';
  }
}

/** An earlier version called a JWT dead without another one that was accepted. Its own time proves its end alone. */
const isProved = ({ retirement, expiresAt }: Credential): boolean => {
  const at = retirement?.provedDeadAt;
  return retirement?.appWorkedAt != null || (at != null && expiresAt !== null && expiresAt <= at);
};

/** The worst of all credentials; pure. Of one that was erased before its receipt was made nothing is known any more. */
export function resultOfAll({ disconnection, credentials }: Pick<Outcome, 'disconnection' | 'credentials'>): Result {
  const known: Result[] = credentials.map(resultOf);
  if (credentials.length < disconnection.credentials.length) known.push('not_proved_dead');
  return results[Math.max(0, ...known.map((one) => results.indexOf(one)))] ?? 'not_proved_dead';
}
