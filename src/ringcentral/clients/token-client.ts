import {
  allowInsecureRequests,
  Configuration,
  customFetch,
  genericGrantRequest,
  tokenRevocation,
  type ClientAuth,
} from 'openid-client';
import { Secret } from '../../platform/secret.js';
import type { AuthBudget, RateFacts } from '../auth-budget/auth-budget-types.js';
import type { ClientSecret, SecretSource } from './client-secret.js';
import type { Answer, Failure, GuardedCall } from './guarded-call.js';
import { tokenEndpointOf, type OurApp } from '../environments.js';
import type { BudgetWait, Outcome } from '../catalogue/outcome.js';
import type {
  BudgetPlace,
  ExchangeRequest,
  MintRequest,
  Probed,
  ProbeRequest,
  RefreshRequest,
  RevokeRequest,
} from './ringcentral-types.js';
import { LONGEST_LIFE_SECONDS, readMintFor, readRevocation, readSignIn, type Reader } from './token-answers.js';

/** Our app in one environment, and that environment's address. */
export type RingCentralApp = {
  clientId: string;
  secret: ClientSecret;
  /** base of the REST API, without a slash at its end */
  serverUrl: string;
};

type AppTokenClientOptions = {
  app: RingCentralApp;
  /** requested by name, so that a token has no other scope (SEC-29) */
  requiredScopes: readonly string[];
  budget: Pick<AuthBudget, 'run'>;
  call: GuardedCall['call'];
  /** the redirect URI of an invalid code */
  callbackUrl?: string | undefined;
};

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'; // RFC 7523 §8.1
const WRONG_SECRET = 'OAU-146';
const TOKEN_PENALTY_MS = 60_000;
const LONGEST_LIFE = { access_token_ttl: String(LONGEST_LIFE_SECONDS) };
const JUNK = 'latchkey-doctor';
/** Only the shape matters (RFC 7636 §4.1). */
const JUNK_VERIFIER = JUNK.repeat(3);

/**
 * The token endpoint for one of our apps. Every call passes the auth budget. The library builds the grant and the
 * revocation. This code classifies the answer itself and drops the library's errors, which contain the body or the
 * request.
 */
export function createAppTokenClient({ app, requiredScopes, budget, call, callbackUrl = '' }: AppTokenClientOptions) {
  const readMint = readMintFor(requiredScopes);
  let previousFirst = false; // true while RingCentral does not accept the new secret yet
  let refused: SecretSource | undefined; // refused in the last call, which had no room to try the other one

  type Exchange = (configuration: Configuration) => Promise<unknown>;

  /** Makes one call. Reads the secret before it gets a slot, because the call must then start immediately. */
  async function once<T>(place: BudgetPlace, source: SecretSource, exchange: Exchange, read: Reader<T>) {
    const secret = await source();
    const sent = await budget.run({ ...place, clientId: app.clientId }, async () => {
      const { answer, conforms } = await exchangeOver(secret, exchange);
      return { value: read(answer, conforms), facts: rateFactsOf(answer) };
    });
    return sent.kind === 'sent' ? sent.value : sent;
  }

  async function exchangeOver(secret: Secret, exchange: Exchange) {
    let answer: Answer | Failure = { kind: 'failure', failure: 'network' };
    const { serverUrl: issuer, clientId } = app;
    const endpoints = {
      token_endpoint: tokenEndpointOf(issuer),
      revocation_endpoint: `${issuer}/restapi/oauth/revoke`,
    };
    const configuration = new Configuration({ issuer, ...endpoints }, clientId, undefined, rawBasic(secret));
    // The transport accepts http for loopback only. The library marks this function as deprecated only as a warning.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (issuer.startsWith('http:')) allowInsecureRequests(configuration);
    configuration.timeout = 0; // the transport has the deadline
    configuration[customFetch] = async (url, { headers, body, method }) => {
      const text = body instanceof URLSearchParams ? body.toString() : '';
      answer = await call({ method: method === 'GET' ? 'GET' : 'POST', url, headers, body: text });
      if (answer.kind === 'failure') throw new Error(answer.failure);
      return Response.json(answer.json ?? null, { status: answer.status >= 200 ? answer.status : 502 });
    };
    const conforms = await exchange(configuration).then(
      () => true,
      () => false,
    );
    return { answer, conforms };
  }

  /** Tries the previous secret once if RingCentral refuses the current one. The next call starts with what worked. */
  async function withSecrets<T>(
    place: BudgetPlace,
    exchange: Exchange,
    read: Reader<T>,
  ): Promise<Outcome<T> | BudgetWait> {
    const { current, previous } = app.secret;
    if (!previous) return once(place, current, exchange, read);
    const [first, second] = previousFirst ? [previous, current] : [current, previous];
    const answer = await once(place, first, exchange, read);
    if (answer.kind === 'wait') return answer;
    const bothRefused = refused === second;
    refused = undefined;
    if (answer.kind !== 'refused' || !answer.codes.includes(WRONG_SECRET) || bothRefused) return answer;
    const again = await once(place, second, exchange, read);
    if (again.kind === 'refused' && again.codes.includes(WRONG_SECRET)) return answer;
    // The background lane never has room for two calls in a row: the next call tries the other secret first.
    if (again.kind === 'wait') refused = first;
    if (again.kind !== 'inconclusive') previousFirst = second === previous;
    return again;
  }

  const grant =
    (type: string, fields: Record<string, string>, onSend: () => void = () => undefined): Exchange =>
    async (configuration) => {
      onSend();
      return genericGrantRequest(configuration, type, fields);
    };
  const named = (endpointId?: string) => (endpointId === undefined ? {} : { endpoint_id: endpointId });

  /** We renew with the credential itself, so a refresh token would only keep the session alive. */
  const jwtFields = (assertion: Secret, scopes: readonly string[]) => ({
    assertion: assertion.reveal(),
    refresh_token_ttl: '0',
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  });
  const codeFields = ({
    code,
    redirectUri,
    codeVerifier,
  }: Pick<ExchangeRequest, 'code' | 'redirectUri' | 'codeVerifier'>) => ({
    code: code.reveal(),
    redirect_uri: redirectUri,
    code_verifier: codeVerifier.reveal(),
    ...LONGEST_LIFE,
  });
  const junkGrants: Record<OurApp, () => Exchange> = {
    jwt: () => grant(JWT_GRANT, jwtFields(new Secret(JUNK), requiredScopes)),
    sign_in: () => {
      const fields = { code: new Secret(JUNK), redirectUri: callbackUrl, codeVerifier: new Secret(JUNK_VERIFIER) };
      return grant('authorization_code', codeFields(fields));
    },
  };

  return {
    mint({ assertion, endpointId, scopes = requiredScopes, onSend, ...place }: Omit<MintRequest, 'environment'>) {
      const fields = { ...jwtFields(assertion, scopes), ...named(endpointId) };
      return withSecrets(place, grant(JWT_GRANT, fields, onSend), readMintFor(scopes));
    },

    exchangeCode({
      code,
      redirectUri,
      codeVerifier,
      endpointId,
      onSend,
      ...place
    }: Omit<ExchangeRequest, 'environment'>) {
      const fields = { ...codeFields({ code, redirectUri, codeVerifier }), ...named(endpointId) };
      return withSecrets(place, grant('authorization_code', fields, onSend), readSignIn);
    },

    refresh({ refreshToken, endpointId, onSend, ...place }: Omit<RefreshRequest, 'environment'>) {
      const fields = { refresh_token: refreshToken.reveal(), ...LONGEST_LIFE, ...named(endpointId) };
      return withSecrets(place, grant('refresh_token', fields, onSend), readSignIn);
    },

    revoke: ({ token, ...place }: Omit<RevokeRequest, 'environment' | 'app'>) =>
      withSecrets(place, (configuration) => tokenRevocation(configuration, token.reveal()), readRevocation),

    /** RingCentral checks the client and the grant before it looks at the assertion or the code. */
    async probeApp(
      as: OurApp,
      { secret, ...place }: Omit<ProbeRequest, 'environment' | 'app'>,
    ): Promise<Outcome<Probed> | BudgetWait> {
      const junk = junkGrants[as]();
      const source = secret && app.secret[secret];
      const answer = await (source ? once(place, source, junk, readMint) : withSecrets(place, junk, readMint));
      if (answer.kind !== 'refused' || answer.cause === 'app_misconfigured' || answer.cause === 'scope_missing')
        return answer.kind === 'accepted' ? { ...answer, value: { codes: [] } } : answer;
      return { kind: 'accepted', value: { codes: answer.codes }, requestId: answer.requestId };
    },
  };
}

export type AppTokenClient = ReturnType<typeof createAppTokenClient>;

/** RingCentral expects ID and secret unencoded; the library's own Basic percent-encodes `-` and `_`. */
const rawBasic =
  (secret: Secret): ClientAuth =>
  (_as, client, _body, headers) => {
    headers.set('authorization', `Basic ${Buffer.from(`${client.client_id}:${secret.reveal()}`).toString('base64')}`);
  };

function rateFactsOf(answer: Answer | Failure): RateFacts {
  if (answer.kind === 'failure') return { penaltyMs: null, limit: null, remaining: null, windowSeconds: null };
  const { status, retryAfterMs, limit, remaining, windowSeconds } = answer;
  // RingCentral asks clients to wait after a 503 that names a time, as after a 429; all users of the budget wait.
  const penaltyMs = status === 503 ? retryAfterMs : status === 429 ? (retryAfterMs ?? TOKEN_PENALTY_MS) : null;
  return { penaltyMs, limit, remaining, windowSeconds };
}
