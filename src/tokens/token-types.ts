import type { Knex } from '../platform/database/database.js';
import type { Secret } from '../platform/secret.js';
import type { AppName, Environment } from '../ringcentral/environments.js';
import type { BudgetWait, Inconclusive, Refused } from '../ringcentral/catalogue/outcome.js';
import type { BudgetPlace } from '../ringcentral/clients/ringcentral-types.js';

/** A request for a session: its place in the budget, the tenant and the credential. */
export type SessionAsk = BudgetPlace & {
  tenantId: string;
  credentialId: string;
  environment: Environment;
  /** null for a credential that a person gave by signing in */
  assertion: Secret | null;
  /** The user the credential acted as when it was accepted; any other is refused. null if it is not accepted yet. */
  pinnedOwnerId: string | null;
  /** The scopes to request, if they are fewer than all. */
  narrowedTo?: string | null;
  /** The id of the installation that RingCentral names the session by; default the tenant's. */
  endpointOf?: string;
};

/** A session that has begun, with its token in plain text in memory. */
export type RingCentralSession = {
  id: string;
  tenantId: string;
  credentialId: string;
  environment: Environment;
  ownerId: string;
  accessToken: Secret;
  /** Those that RingCentral named: what was requested may be more or less. */
  scopes: string[];
  /** When it was requested. */
  askedAt: Date;
  mintedAt: Date;
  /** When the token expires, minus a margin. */
  servesUntil: Date;
};

/** An access token of the session that may still be valid at RingCentral. */
export type SessionToken = {
  id: string;
  environment: Environment;
  askedAt: Date;
  /** Given to a job, which uses it until it ends. */
  isIssued: boolean;
  /** When RingCentral stops accepting it. */
  endsAt: Date;
  /** Until when it may be used; null if it is not kept. */
  servesUntil: Date | null;
  /** RingCentral was asked to end it, and did not. */
  isWrittenOff: boolean;
};

/** The token acts as another user than the pinned one. The session was ended, and its token is not kept. */
export type ForeignOwner = { kind: 'foreign_owner'; found: { ownerId: string } };

/** A job uses the access token that a refresh would end, or another process is refreshing it. Ask again at `until`. */
export type Held = { kind: 'held'; until: Date };

/** Another session would end one that a job uses. There is room at `until`. */
export type SessionsFull = { kind: 'full'; until: Date };

export type MintAnswer =
  /** `requestId`: of RingCentral's answer with the token. `isKept`: RingCentral was not asked. */
  | { kind: 'minted'; session: RingCentralSession; requestId: string | null; isKept?: true }
  | Refused
  | Inconclusive
  | BudgetWait
  | ForeignOwner
  | Held
  | SessionsFull;

/** The user that a tenant's tokens act as, and whether a token may be requested. */
export type TokenSubject = {
  credentialId: string;
  environment: Environment;
  ownerId: string;
  accountId: string;
  /** The extensions whose faxes are read. */
  faxExtensions: readonly string[];
  /** Why RingCentral refuses the credential, and since when, once a refusal is confirmed; else null. */
  failing: { cause: string; since: Date } | null;
  /** When a refusal that is not confirmed yet will be checked again; no other call is made before. */
  askedAgainAt: Date | null;
};

/**
 * A tenant without a credential in use. `since`: since when its connection is as it is; null for an absent tenant.
 * `waitsFor`: why a credential that works is not in use; null if there is none.
 */
export type NotConnected = { credentialId: null; since: Date | null; waitsFor: 'not_confirmed' | null };

/** What tokens need to know from a tenant's connection, and what they report to it. */
export type TokenEvidence = {
  subjectOf: (tenantId: string) => Promise<TokenSubject | NotConnected>;
  /** Whether RingCentral may be asked with this app of ours; not while it refuses the app. After a yes, ask or call `wasNotAsked`. */
  mayAsk: (app: AppName) => Promise<boolean>;
  wasNotAsked: (app: AppName) => Promise<void>;
  /** Called for every mint, because each is evidence about the credential. */
  onMinted: (tenantId: string, credentialId: string) => Promise<void>;
  onRefused: (tenantId: string, credentialId: string) => Promise<void>;
  /** RingCentral may have rotated a refresh token without our knowledge: a check must recover the session soon. */
  onUnanswered: (tenantId: string, credentialId: string) => Promise<void>;
  /** Who can fix a cause; undefined for one that no connection can have. */
  fixOwnerOf: (cause: string) => 'tenant' | 'isv' | 'ringcentral' | 'nobody' | undefined;
};

/**
 * `revoked`: RingCentral said so. `not_revoked`: it ended by itself, or RingCentral did not revoke it. `found`: the token of
 * a session that counted as not revocable arrived after all, and will be revoked.
 */
export type SessionEnd = 'revoked' | 'not_revoked' | 'found';
/** Runs in the transaction in which the portal writes off a session of a credential that is no longer used. */
export type NoteEnd = (trx: Knex, tenantId: string, credentialId: string, how: SessionEnd) => Promise<void>;

/** The context that the ciphertext of a token is bound to. It identifies the token's row. */
export const tokenContextOf = (tenantId: string, id: string) => ({
  table: 'access_tokens',
  tenantId,
  rowId: id,
  purpose: 'access_token',
});
