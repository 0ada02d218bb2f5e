import type { Secret } from '../../platform/secret.js';
import type { Environment, OurApp } from '../environments.js';

/** Why RingCentral, or the network, did not give what was requested. Stable: stored, displayed and matched on. */
export type RingCentralCause =
  | 'app_not_permitted'
  | 'third_party_access_missing'
  | 'owner_inactive'
  | 'account_inactive'
  | 'wrong_user_type'
  | 'owner_locked'
  | 'account_restricted'
  | 'credential_damaged'
  | 'credential_expired'
  | 'credential_rejected'
  | 'sign_in_again'
  | 'permission_missing'
  | 'extension_not_visible'
  | 'scope_missing'
  | 'app_misconfigured'
  | 'rate_limited'
  | 'ringcentral_unavailable'
  | 'unreachable'
  | 'unclassified';

/** Causes that say nothing about the credential: the same call may succeed later. */
export type TransientCause = 'rate_limited' | 'ringcentral_unavailable' | 'unreachable' | 'owner_locked';

export type RefusalCause = Exclude<RingCentralCause, TransientCause>;

export type Accepted<T> = {
  kind: 'accepted';
  value: T;
  /** RCRequestId, for RingCentral's support */
  requestId: string | null;
};

/** RingCentral refused: a retry is useless until someone changes something. */
export type Refused = {
  kind: 'refused';
  cause: RefusalCause;
  /** RingCentral's error codes in the order of the body; the OAuth `error` if there is none. Never a text. */
  codes: string[];
  status: number;
  requestId: string | null;
  /** the permission or scope RingCentral named, such as `ReadMessages` */
  permission?: string;
};

/** RingCentral or we could not finish the call. It says nothing about the credential and changes no state. */
export type Inconclusive = {
  kind: 'inconclusive';
  cause: TransientCause;
  codes: string[];
  /** null if no answer came */
  status: number | null;
  requestId: string | null;
  /** how long RingCentral asks clients to wait before a retry; null if it names no time */
  retryAfterMs: number | null;
};

/** Always three answers: inconclusive is neither yes nor no. */
export type Outcome<T> = Accepted<T> | Refused | Inconclusive;

/** Nothing was sent: our own auth budget has no slot before `until`. RingCentral is not the cause. */
export type BudgetWait = { kind: 'wait'; until: Date };

/** The API no longer accepts this access token: drop it and mint once. Never a cause by itself. */
export type TokenRejected = { kind: 'token_rejected'; codes: string[]; status: number; requestId: string | null };

export type ApiOutcome<T> = Outcome<T> | TokenRejected;

/** What the token endpoint returned for a credential. */
export type AccessToken = {
  accessToken: Secret;
  /** seconds, 1 to 86,400 */
  expiresInSeconds: number;
  scopes: string[];
  /** the extension the token acts as; digits */
  ownerId: string;
};

/** What the token endpoint returned for an authorization code or a refresh token. */
export type SignInTokens = AccessToken & {
  /** null if the answer names none: then the one that was sent stays valid */
  refreshToken: Secret | null;
  /** seconds, 1 to 30 days; null if the answer names none */
  refreshExpiresInSeconds: number | null;
  /** the limits that the account enforces on a session, in seconds; null if the answer names none */
  session: { idleSeconds: number | null; endsInSeconds: number | null };
};

/** The user a token acts as. `extensionId` and `accountId` are digits in text: int64 exceeds a JavaScript number. */
export type Identity = {
  extensionId: string;
  accountId: string;
  name: string | null;
  extensionNumber: string | null;
  /** User, FaxUser, Department … as RingCentral calls it */
  type: string | null;
  /** Enabled, Disabled, Frozen, NotActivated, Unassigned */
  status: string | null;
  /** whether RingCentral says that the user is an administrator; null if it says nothing */
  admin: boolean | null;
  /** null if RingCentral lists none in a form that we can read */
  roles: Role[] | null;
};

/** The customer chooses the name: display it, never match on it. */
export type Role = { id: string; name: string | null };

export type Extension = {
  id: string;
  extensionNumber: string | null;
  name: string | null;
  type: string | null;
  status: string | null;
};

export type ExtensionList = {
  extensions: Extension[];
  /** false when the account has more extensions than we read */
  complete: boolean;
};

/** A token, its environment and the user whose calls it makes. */
export type ApiAccess = {
  accessToken: Secret;
  environment: Environment;
  /** the user the token acts as: RingCentral counts API calls by user and app */
  ownerId: string;
  /** with which the token was obtained; default that for JWTs */
  app?: OurApp;
};
