import { claimedOwner } from './credentials/claimed-owner.js';
import { credentialKeeper } from './credentials/credential-service.js';
import { symmetricSealing } from './platform/sealing.js';
import type { PortalParts } from './portal-parts.js';
import type { RingCentral } from './portal-ringcentral.js';
import { forgetTokensOf, sessionKeeper } from './tokens/session-keeper.js';

export type PortalTokens = Awaited<ReturnType<typeof createTokens>>;

/** What opens credentials and tokens, in a process that has the private keys. */
export async function createTokens({ config, outside, transaction, opener }: PortalParts, { client }: RingCentral) {
  const { db, world, log } = outside;
  if (!opener) throw new Error('this process opens no secrets');
  const credentials = credentialKeeper({ db, world, opener, onEnded: forgetTokensOf });
  const sessions = sessionKeeper({
    db,
    transaction,
    world,
    log,
    sealing: await symmetricSealing(config.SEALING_KEYS_FILE),
    ringcentral: client,
    claimedOwner,
    isLiving: async (trx, tenantId, credentialId) => {
      const status = (await credentials.find(tenantId, credentialId, trx))?.status;
      return status === 'pending' || status === 'active';
    },
  });
  return { credentials, sessions };
}
