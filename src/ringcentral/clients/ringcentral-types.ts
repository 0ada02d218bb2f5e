import type { Secret } from '../../platform/secret.js';
import type { BudgetAsk } from '../auth-budget/auth-budget-types.js';
import type { Environment } from '../environments.js';
import type {
  AccessToken,
  ApiAccess,
  ApiOutcome,
  BudgetWait,
  ExtensionList,
  Identity,
  Outcome,
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

export type RevokeRequest = BudgetPlace & { token: Secret; environment: Environment };

export type ProbeRequest = BudgetPlace & {
  environment: Environment;
  /** Tries only this one of the app's secrets; default the current one, then the previous one. */
  secret?: 'current' | 'previous';
};

/** The codes with which the invalid assertion was refused; none if a token was issued for it. */
export type Probed = { codes: string[] };

export type TokenClient = {
  /** credential → access token. One call, or two if the client secret was just changed. */
  mint: (request: MintRequest) => Promise<Outcome<AccessToken> | BudgetWait>;
  /** Ends the token's whole session (RFC 7009). It does not revoke the credential: no API does. */
  revoke: (request: RevokeRequest) => Promise<Outcome<null> | BudgetWait>;
  /** Sends an invalid assertion to test our own app: `accepted` if RingCentral rejects only the assertion. */
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
