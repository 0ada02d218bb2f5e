import type { SecretsRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { credentialVault } from '../credentials/credentials-capability.js';
import { sealedRefreshTokens } from '../credentials/sealed-refresh-token.js';
import { noteSessionEnd } from '../disconnection/disconnection-capability.js';
import { endTokensOf } from '../tokens/ringcentral-sessions.js';
import { tokenSessions } from '../tokens/tokens-capability.js';

/**
 * What opens a clinic's credential, and what its sessions at RingCentral are made from. The checks of the connections
 * need both, so they are made before the capabilities that own them.
 */
export function ringCentralAccess(foundation: Foundation) {
  const { db } = foundation.runtime;
  /** With a credential its tokens end, in the same transaction. */
  const onEnded = endTokensOf;
  /** A disconnection counts the ends of sessions for its receipt, in the same transaction. */
  const noteEnd = noteSessionEnd;
  const vault = credentialVault(foundation, { onEnded });
  const refreshTokens = ({ opener: sealing }: SecretsRole) => sealedRefreshTokens({ db, sealing });
  return { vault, onEnded, noteEnd, sessions: tokenSessions(foundation, { vault, refreshTokens, noteEnd }) };
}
