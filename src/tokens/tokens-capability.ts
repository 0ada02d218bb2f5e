import { perRole, type Capability, type Declaration, type SecretsRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { groupedAudit } from '../audit/grouped-audit.js';
import type { Config } from '../config.js';
import type { CredentialVault } from '../credentials/credentials-capability.js';
import { decodeObject } from '../credentials/inspect/read-jwt.js';
import type { Secret } from '../platform/secret.js';
import { mediaUrls, serverUrls, type Environment } from '../ringcentral/environments.js';
import { accessTokenCall } from './access-token-call.js';
import type { RefreshTokenVault } from './refresh/refresh-token-types.js';
import { endingSessions } from './ending/ending-sessions.js';
import { ringCentralSessions } from './ringcentral-sessions.js';
import { tokenActs } from './token-acts.js';
import { tokenHoldings } from './token-holdings.js';
import { tokenService } from './token-service.js';
import type { NoteEnd, TokenEvidence } from './token-types.js';

/** The user that a JWT claims to act as (`sub`), in digits. The claim is not verified: it is used for counting only. */
function claimedOwner(assertion: Secret): string | null {
  const sub = decodeObject(assertion.reveal().split('.')[1] ?? '')?.['sub'];
  return typeof sub === 'string' && /^\d{1,20}$/.test(sub) ? sub : null;
}

/** The sessions of a process that calls RingCentral. Created before the capability, because checks need them too. */
export const tokenSessions = (
  { runtime, transaction, isv }: Foundation,
  {
    vault,
    refreshTokens,
    noteEnd,
  }: { vault: CredentialVault; refreshTokens: (role: SecretsRole) => RefreshTokenVault; noteEnd: NoteEnd },
) =>
  perRole((role: SecretsRole) =>
    ringCentralSessions({
      ...runtime,
      transaction,
      sealing: role.tokenSealing,
      ringcentral: role.ringcentral,
      claimedOwner,
      noteEnd,
      refreshTokens: refreshTokens(role),
      signInClientId: (environment) => isv.signInAppFor(environment)?.clientId ?? null,
      isLiving: async (trx, tenantId, credentialId) => {
        const status = (await vault(role).findWithin(trx, tenantId, credentialId))?.status;
        return status === 'pending' || status === 'active';
      },
      onSessionEnd: (trx, tenantId, credentialId, at) => vault(role).limitExpiry(trx, tenantId, credentialId, at),
    }),
  );

export type TokenSessions = ReturnType<typeof tokenSessions>;

type Given = { sessions: TokenSessions; vault: CredentialVault; evidence: TokenEvidence; noteEnd: NoteEnd };

/** Sessions of a clinic that disconnected are revoked within this time, as far as the auth budget has room. */
const END_EVERY_MS = 5_000;

/** What this capability says of itself without a configuration. */
export const tokens: Declaration = { audit: tokenActs, holds: tokenHoldings };

/** Access tokens for jobs. */
export function tokensCapability(foundation: Foundation, { sessions, vault, evidence, noteEnd }: Given) {
  const { runtime, transaction, config, metrics } = foundation;
  const service = perRole((role: SecretsRole) =>
    tokenService({
      ...runtime,
      sessions: sessions(role),
      identity: role.ringcentral.identity,
      openAssertion: (tenantId, credentialId) => vault(role).open(tenantId, credentialId),
      ...evidence,
    }),
  );
  const audit = groupedAudit(runtime);
  return {
    service,
    api: (role) => [
      accessTokenCall({
        ...runtime,
        ...evidence,
        tokens: service(role),
        audit,
        onAnswer: metrics.recorder.token,
        scopes: config.RINGCENTRAL_REQUIRED_SCOPES,
        addressesOf: (environment) => addressesOf(config, environment),
        reconnectUrlOf: (tenantId) => `${config.PUBLIC_URL}/tenants/${tenantId}/connection`,
      }),
    ],
    loops: (worker) => {
      const { tokenSealing: sealing, ringcentral } = worker;
      const round = endingSessions({ ...runtime, transaction, sealing, ringcentral, noteEnd });
      return [{ name: 'ending sessions', everyMs: END_EVERY_MS, round }];
    },
    housekeeping: (worker) => [
      sessions(worker).prune,
      () => sessions(worker).findUnanswered(evidence.onUnanswered),
      sessions(worker).endSignIns,
    ],
  } satisfies Capability & Record<string, unknown>;
}

/** Where a program calls RingCentral, and where it fetches documents. */
function addressesOf(
  { RINGCENTRAL_SERVER_URL: production, RINGCENTRAL_ENVIRONMENTS_FILE: file }: Config,
  environment: Environment,
): { serverUrl: string; mediaUrl: string } {
  const known = { serverUrl: serverUrls[environment], mediaUrl: mediaUrls[environment] };
  if (environment === 'biz' && file?.biz) return file.biz;
  // A server that is not RingCentral's own has its documents at its own origin.
  if (environment === 'production' && production !== known.serverUrl)
    return { serverUrl: production, mediaUrl: production };
  return known;
}
