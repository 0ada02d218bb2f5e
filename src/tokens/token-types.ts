import type { Secret } from '../platform/secret.js';
import type { Environment } from '../ringcentral/environments.js';
import type { AccessToken, BudgetWait, Inconclusive, Refused } from '../ringcentral/catalogue/outcome.js';
import type { BudgetPlace } from '../ringcentral/clients/ringcentral-types.js';

/** Who asks RingCentral for a session, and for whom. */
export type SessionAsk = BudgetPlace & {
  tenantId: string;
  credentialId: string;
  environment: Environment;
  assertion: Secret;
  /** Whom the credential acted as when it was accepted: any other owner is refused. null for one not accepted yet. */
  pinnedOwnerId: string | null;
};

/** A session that has begun, with its token in memory. */
export type RingCentralSession = {
  id: string;
  tenantId: string;
  credentialId: string;
  environment: Environment;
  ownerId: string;
  accessToken: Secret;
  scopes: string[];
  mintedAt: Date;
  /** The token is good until then, a margin taken off. */
  servesUntil: Date;
};

/** It acts as another user than the credential did: the session was ended, and its token is not kept. */
export type ForeignOwner = { kind: 'foreign_owner'; found: Pick<AccessToken, 'ownerId'> };

/** Another session would end one that a job uses: there is room at `until`. */
export type SessionsFull = { kind: 'full'; until: Date };

export type MintAnswer =
  { kind: 'minted'; session: RingCentralSession } | Refused | Inconclusive | BudgetWait | ForeignOwner | SessionsFull;
