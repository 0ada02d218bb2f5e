import { portalIncidents } from './connections/checks/portal-incidents.js';
import { tokenEvidence } from './connections/checks/token-evidence.js';
import { claimedOwner } from './credentials/claimed-owner.js';
import { credentialKeeper } from './credentials/credential-service.js';
import { symmetricSealing } from './platform/sealing/sealing.js';
import type { PortalParts } from './portal-parts.js';
import type { RingCentral } from './portal-ringcentral.js';
import { forgetTokensOf, sessionKeeper } from './tokens/session-keeper.js';
import { tokenService } from './tokens/token-service.js';

export type PortalTokens = Awaited<ReturnType<typeof createTokens>>;

/** What opens credentials and tokens, in a process that has the private keys. */
export async function createTokens(parts: PortalParts, { client }: RingCentral) {
  const { config, outside, transaction, opener, tenants, writer, writing, checkEveryMs, poke } = parts;
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
      const status = (await credentials.findWithin(trx, tenantId, credentialId))?.status;
      return status === 'pending' || status === 'active';
    },
  });
  const incidents = portalIncidents(writing);
  const environmentOf = async (tenantId: string) => (await tenants.find(tenantId))?.environment ?? 'production';
  const intervals = { checkEveryMs, confirmMs: config.REJECTION_CONFIRM_SECONDS * 1000 };
  const evidence = tokenEvidence({
    db,
    transaction,
    world,
    credentials,
    environmentOf,
    writer,
    incidents,
    intervals,
    poke,
  });
  const service = tokenService({
    db,
    world,
    sessions,
    identity: client.identity,
    openAssertion: (tenantId, credentialId) => credentials.open(tenantId, credentialId),
    mayAsk: async (environment) => (await incidents.mayAsk(db, environment)) !== 'no',
    wasNotAsked: (environment) => incidents.wasNotAsked(db, environment),
    ...evidence,
  });
  return { credentials, sessions, incidents, environmentOf, intervals, service };
}
