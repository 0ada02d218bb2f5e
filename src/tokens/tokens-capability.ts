import { perRole, type Capability, type SecretsRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { CredentialVault } from '../credentials/credentials-capability.js';
import { decodeObject } from '../credentials/inspect/read-jwt.js';
import type { Secret } from '../platform/secret.js';
import { ringCentralSessions } from './ringcentral-sessions.js';
import { tokenService, type TokenEvidence } from './token-service.js';

/** The user that a JWT claims to act as (`sub`), in digits. The claim is not verified: it is used for counting only. */
function claimedOwner(assertion: Secret): string | null {
  const sub = decodeObject(assertion.reveal().split('.')[1] ?? '')?.['sub'];
  return typeof sub === 'string' && /^\d{1,20}$/.test(sub) ? sub : null;
}

/** The sessions of a process that calls RingCentral. Created before the capability, because checks need them too. */
export const tokenSessions = ({ runtime, transaction }: Foundation, vault: CredentialVault) =>
  perRole((role: SecretsRole) =>
    ringCentralSessions({
      ...runtime,
      transaction,
      sealing: role.tokenSealing,
      ringcentral: role.ringcentral,
      claimedOwner,
      isLiving: async (trx, tenantId, credentialId) => {
        const status = (await vault(role).findWithin(trx, tenantId, credentialId))?.status;
        return status === 'pending' || status === 'active';
      },
    }),
  );

export type TokenSessions = ReturnType<typeof tokenSessions>;

type Given = { sessions: TokenSessions; vault: CredentialVault; evidence: TokenEvidence };

/** Access tokens for jobs. */
export function tokensCapability({ runtime }: Foundation, { sessions, vault, evidence }: Given) {
  return {
    service: perRole((role: SecretsRole) =>
      tokenService({
        ...runtime,
        sessions: sessions(role),
        identity: role.ringcentral.identity,
        openAssertion: (tenantId, credentialId) => vault(role).open(tenantId, credentialId),
        ...evidence,
      }),
    ),
    housekeeping: (worker) => [sessions(worker).prune],
  } satisfies Capability & Record<string, unknown>;
}
