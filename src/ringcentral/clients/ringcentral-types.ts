import type { Secret } from '../../platform/secret.js';
import type { BudgetAsk } from '../auth-budget/auth-budget-types.js';
import type { Environment, OurApp } from '../environments.js';
import type {
  AccessToken,
  ApiAccess,
  ApiOutcome,
  BudgetWait,
  ExtensionList,
  Identity,
  Outcome,
  SignInTokens,
} from '../catalogue/outcome.js';

/** What determines a call's place in the auth budget. */
export type BudgetPlace = Pick<BudgetAsk, 'lane' | 'tenantId' | 'maxWaitMs' | 'since' | 'keepsPlace'>;

export type MintRequest = BudgetPlace & {
  /** the customer's JWT credential (RFC 7523 §2.1) */
  assertion: Secret;
  environment: Environment;
  /** identifies this installation to RingCentral; we choose it, and it never changes for a connection */
  endpointId?: string;
  /** the scopes to request; default: all that we require */
  scopes?: readonly string[];
  /** Called immediately before the request is sent, after the wait for the auth budget; again for a second request. */
  onSend?: () => void;
};

/** Members of every call for a session that a person began by signing in. */
type SignInRequest = BudgetPlace & {
  environment: Environment;
  endpointId?: string;
  /** As in MintRequest. If it throws, nothing is sent, and the answer is `unreachable`. */
  onSend?: () => void;
};

export type ExchangeRequest = SignInRequest & {
  code: Secret;
  /** as it was sent when the sign-in began */
  redirectUri: string;
  /** of PKCE (RFC 7636 §4.1) */
  codeVerifier: Secret;
};

export type RefreshRequest = SignInRequest & { refreshToken: Secret };

export type RevokeRequest = BudgetPlace & {
  token: Secret;
  environment: Environment;
  /** with which the session began; default that for JWTs */
  app?: OurApp;
};

export type ProbeRequest = BudgetPlace & {
  environment: Environment;
  /** default that for JWTs */
  app?: OurApp;
  /** Tries only this one of the app's secrets; default the current one, then the previous one. */
  secret?: 'current' | 'previous';
};

/** The codes with which the invalid assertion or code was refused; none if a token was issued for it. */
export type Probed = { codes: string[] };

export type TokenClient = {
  /** credential → access token. One call, or two if the client secret was just changed. */
  mint: (request: MintRequest) => Promise<Outcome<AccessToken> | BudgetWait>;
  /**
   * authorization code → access token and refresh token. RingCentral accepts a code once: whatever the answer, the code
   * is spent. A refusal of the code is `sign_in_again`.
   */
  exchangeCode: (request: ExchangeRequest) => Promise<Outcome<SignInTokens> | BudgetWait>;
  /**
   * refresh token → access token and the next refresh token. It ends the access token of before. A refusal of the
   * refresh token is `sign_in_again`.
   */
  refresh: (request: RefreshRequest) => Promise<Outcome<SignInTokens> | BudgetWait>;
  /** Ends the token's whole session (RFC 7009). It does not revoke the credential: no API does. */
  revoke: (request: RevokeRequest) => Promise<Outcome<null> | BudgetWait>;
  /** Sends an invalid assertion, or code, to test our own app: `accepted` if RingCentral rejects only that. */
  probeApp: (request: ProbeRequest) => Promise<Outcome<Probed> | BudgetWait>;
};

export type ApiClient = {
  /** The cheapest proof that a token works, and of the user it acts as. */
  identity: (access: ApiAccess) => Promise<ApiOutcome<Identity>>;
  /** The company's name, for display. Never fails: null if RingCentral does not return it. */
  accountName: (access: ApiAccess) => Promise<string | null>;
  listExtensions: (access: ApiAccess) => Promise<ApiOutcome<ExtensionList>>;
  /** Whether this token reads the inbound faxes of an extension. The answer's body is dropped unread (SEC-54). */
  probeFaxLine: (access: ApiAccess, extensionId: string) => Promise<ApiOutcome<null>>;
};

export type RingCentralClient = TokenClient & ApiClient & { close: () => Promise<void> };
