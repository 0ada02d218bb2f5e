import type { Secret } from '../platform/secret.js';
import type { Environment } from '../ringcentral/environments.js';
import type { BudgetWait, Inconclusive, Refused } from '../ringcentral/catalogue/outcome.js';
import type { BudgetPlace } from '../ringcentral/clients/ringcentral-types.js';

/** A request for a session: its place in the budget, the tenant and the credential. */
export type SessionAsk = BudgetPlace & {
  tenantId: string;
  credentialId: string;
  environment: Environment;
  assertion: Secret;
  /** The user the credential acted as when it was accepted; any other is refused. null if it is not accepted yet. */
  pinnedOwnerId: string | null;
};

/** A session that has begun, with its token in plain text in memory. */
export type RingCentralSession = {
  id: string;
  tenantId: string;
  credentialId: string;
  environment: Environment;
  ownerId: string;
  accessToken: Secret;
  scopes: string[];
  mintedAt: Date;
  /** When the token expires, minus a margin. */
  servesUntil: Date;
};

/** The token acts as another user than the pinned one. The session was ended, and its token is not kept. */
export type ForeignOwner = { kind: 'foreign_owner'; found: { ownerId: string } };

/** Another session would end one that a job uses. There is room at `until`. */
export type SessionsFull = { kind: 'full'; until: Date };

export type MintAnswer =
  /** `requestId`: of RingCentral's answer with the token. */
  | { kind: 'minted'; session: RingCentralSession; requestId: string | null }
  | Refused
  | Inconclusive
  | BudgetWait
  | ForeignOwner
  | SessionsFull;
