import type { EndedCredential, Outcome, Result } from './disconnection-types.js';
import { results } from './disconnection-types.js';

/** Whether nothing more can come: every credential is destroyed, and no session waits to be revoked. */
export const isOver = ({ credentials, isRevoking }: Outcome): boolean =>
  !isRevoking && credentials.every(({ credential }) => credential.status === 'destroyed');

/** What was proved of one destroyed credential. Whatever is not known to be proved counts as not proved. */
export function resultOf({ credential, revoked, notRevoked }: EndedCredential): Result {
  if (credential.method === 'authorization_code') return revoked > 0 && notRevoked === 0 ? 'revoked' : 'not_revoked';
  switch (credential.destroyedBecause) {
    case 'proved_dead':
      return 'proved_dead';
    case 'on_request':
      return 'destroyed_on_request';
    case 'superseded':
      return 'used_again';
    default:
      return 'not_proved_dead';
  }
}

/** The worst of all credentials; pure. */
export function resultOfAll({ credentials }: Pick<Outcome, 'credentials'>): Result {
  const found = credentials.map((one) => results.indexOf(resultOf(one)));
  return results[Math.max(0, ...found)] ?? 'not_proved_dead';
}
