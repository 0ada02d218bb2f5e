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
import { classifyTokenAnswer, unreadable } from './classify-answer.js';
import type { ClientSecret, SecretSource } from './client-secret.js';
import type { Answer, Failure, GuardedCall } from './guarded-call.js';
import { idMember, member, textMember } from './json-body.js';
import { tokenEndpointOf } from '../environments.js';
import type { AccessToken, BudgetWait, Outcome } from '../catalogue/outcome.js';
import type { BudgetPlace, MintRequest, Probed, ProbeRequest, RevokeRequest } from './ringcentral-types.js';

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
};

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'; // RFC 7523 §8.1
const WRONG_SECRET = 'OAU-146';
const TOKEN_PENALTY_MS = 60_000;
const DAY_SECONDS = 86_400;
const TOKEN_LIMIT = 4096;

/**
 * The token endpoint for one of our apps. Every call passes the auth budget. The library builds the grant and the
 * revocation. This code classifies the answer itself and drops the library's errors, which contain the body or the
 * request.
 */
export function createAppTokenClient({ app, requiredScopes, budget, call }: AppTokenClientOptions) {
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
    (assertion: Secret, scopes = requiredScopes, endpointId?: string): Exchange =>
    (configuration) =>
      genericGrantRequest(configuration, JWT_GRANT, {
        assertion: assertion.reveal(),
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
        ...(endpointId !== undefined && { endpoint_id: endpointId }),
      });

  return {
    mint({ assertion, endpointId, scopes = requiredScopes, onSend, ...place }: Omit<MintRequest, 'environment'>) {
      const exchange = grant(assertion, scopes, endpointId);
      const sending: Exchange = (configuration) => {
        onSend?.();
        return exchange(configuration);
      };
      return withSecrets(place, sending, readMintFor(scopes));
    },

    revoke: ({ token, ...place }: Omit<RevokeRequest, 'environment'>) =>
      withSecrets(place, (configuration) => tokenRevocation(configuration, token.reveal()), readRevocation),

    /** RingCentral checks the client and the grant before it looks at the assertion. */
    async probeApp({ secret, ...place }: Omit<ProbeRequest, 'environment'>): Promise<Outcome<Probed> | BudgetWait> {
      const junk = grant(new Secret('latchkey-doctor'));
      const source = secret && app.secret[secret];
      const answer = await (source ? once(place, source, junk, readMint) : withSecrets(place, junk, readMint));
      if (answer.kind !== 'refused' || answer.cause === 'app_misconfigured' || answer.cause === 'scope_missing')
        return answer.kind === 'accepted' ? { ...answer, value: { codes: [] } } : answer;
      return { kind: 'accepted', value: { codes: answer.codes }, requestId: answer.requestId };
    },
  };
}

export type AppTokenClient = ReturnType<typeof createAppTokenClient>;

/** The characters that a header can hold; a token with any other could not be sent. */
const headerText = /^[\x21-\x7e]+$/;

type Reader<T> = (answer: Answer | Failure, conforms: boolean) => Outcome<T>;

/** RingCentral expects ID and secret unencoded; the library's own Basic percent-encodes `-` and `_`. */
const rawBasic =
  (secret: Secret): ClientAuth =>
  (_as, client, _body, headers) => {
    headers.set('authorization', `Basic ${Buffer.from(`${client.client_id}:${secret.reveal()}`).toString('base64')}`);
  };

/**
 * Reads a token answer. An answer without a usable token (no text of at most 4 KB, a lifetime that is missing,
 * not a number or below 1 s, no owner) is `ringcentral_unavailable`: RingCentral accepted the credential, but there is
 * no token to use or no owner to compare. A lifetime above a day counts as a day. If no scopes are named, the token has
 * those we requested (RFC 6749 §5.1).
 */
const readMintFor =
  (requiredScopes: readonly string[]): Reader<AccessToken> =>
  (answer, conforms) => {
    const verdict = classifyTokenAnswer(answer);
    if (verdict.kind !== 'success') return verdict;
    const { json, requestId } = verdict.answer;
    const accessToken = textMember(json, 'access_token', TOKEN_LIMIT);
    const expiresInSeconds = Math.floor(Number(member(json, 'expires_in') ?? Number.NaN));
    const ownerId = idMember(json, 'owner_id');
    const scope = member(json, 'scope') ?? requiredScopes.join(' ');
    const isUsable =
      conforms &&
      accessToken !== null &&
      headerText.test(accessToken) &&
      expiresInSeconds >= 1 &&
      ownerId !== null &&
      typeof scope === 'string';
    if (!isUsable) return unreadable(verdict.answer);
    const value = {
      accessToken: new Secret(accessToken),
      expiresInSeconds: Math.min(expiresInSeconds, DAY_SECONDS),
      scopes: scope
        .slice(0, TOKEN_LIMIT)
        .split(' ')
        .filter((scope) => /^[\w.:-]{1,60}$/.test(scope)),
      ownerId,
    };
    return { kind: 'accepted', value, requestId };
  };

/** RFC 7009 §2.2: the status is 200, and the body has no meaning. */
function readRevocation(answer: Answer | Failure): Outcome<null> {
  if (answer.kind === 'answer' && answer.status === 200)
    return { kind: 'accepted', value: null, requestId: answer.requestId };
  const verdict = classifyTokenAnswer(answer);
  return verdict.kind === 'success' ? unreadable(verdict.answer) : verdict;
}

function rateFactsOf(answer: Answer | Failure): RateFacts {
  if (answer.kind === 'failure') return { penaltyMs: null, limit: null, remaining: null, windowSeconds: null };
  const { status, retryAfterMs, limit, remaining, windowSeconds } = answer;
  // RingCentral asks clients to wait after a 503 that names a time, as after a 429; all users of the budget wait.
  const penaltyMs = status === 503 ? retryAfterMs : status === 429 ? (retryAfterMs ?? TOKEN_PENALTY_MS) : null;
  return { penaltyMs, limit, remaining, windowSeconds };
}
