import { perRole, type Capability, type SecretsRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { Knex } from '../platform/database/database.js';
import type { Secret } from '../platform/secret.js';
import { ringCentralSessions } from './ringcentral-sessions.js';
import { tokenService, type TokenEvidence } from './token-service.js';

type Vault = (role: SecretsRole) => {
  findWithin: (trx: Knex, tenantId: string, id: string) => Promise<{ status: string } | undefined>;
  open: (tenantId: string, id: string) => Promise<Secret>;
};

type SessionsGiven = {
  vault: Vault;
  /** The user that a credential claims to act as; null if there is no such claim. */
  claimedOwner: (assertion: Secret) => string | null;
};

/** The sessions of a process that calls RingCentral. Created before the capability, because checks need them too. */
export const tokenSessions = ({ runtime, transaction }: Foundation, { vault, claimedOwner }: SessionsGiven) =>
  perRole((role: SecretsRole) =>
    ringCentralSessions({
      db: runtime.db,
      transaction,
      world: runtime.world,
      log: runtime.log,
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

type Given = { sessions: TokenSessions; vault: Vault; evidence: TokenEvidence };

/** Access tokens for jobs. */
export function tokensCapability({ runtime }: Foundation, { sessions, vault, evidence }: Given) {
  return {
    service: perRole((role: SecretsRole) =>
      tokenService({
        db: runtime.db,
        world: runtime.world,
        sessions: sessions(role),
        identity: role.ringcentral.identity,
        openAssertion: (tenantId, credentialId) => vault(role).open(tenantId, credentialId),
        ...evidence,
      }),
    ),
    housekeeping: (worker) => [sessions(worker).prune],
  } satisfies Capability & Record<string, unknown>;
}
