import {
  allowInsecureRequests,
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  ResponseBodyError,
  type CustomFetch,
} from 'openid-client';
import { createHash } from 'node:crypto';
import type { World } from '../../platform/world.js';
import type { CompanyClaims } from './company-claims.js';

/** The company's sign-in server, as the operator configured it. */
export type IssuerSettings = { issuer: string; clientId: string; clientSecret: string };

/** What binds an answer to its request. Each is 256 random bits in base64url. */
export type Expected = { state: string; nonce: string; verifier: string };

export type IssuerFailure =
  /** The person, or the company for the person, said no. */
  | 'denied'
  /** The server does not answer, or answers that it cannot. */
  | 'down'
  /** The answer proves nothing: someone else's, not signed, too old, for another app. */
  | 'failed';

/** `code` is the library's name for what is wrong. It contains nothing of the answer. */
export type Read = { kind: 'proved'; claims: CompanyClaims } | { kind: IssuerFailure; code: string };

export type CompanyIssuer = {
  /** What the person is told they leave for. */
  host: string;
  /** @param again asks the company to prove again who the person is, whatever session it has */
  leave: (
    expected: Expected,
    again: boolean,
  ) => Promise<{ kind: 'leave'; url: string } | { kind: 'down'; code: string }>;
  /** @param query what the company returned, without its question mark */
  read: (query: string, expected: Expected) => Promise<Read>;
  /** What is wrong with the settings or the server; null if a sign-in can begin. */
  problem: () => Promise<string | null>;
};

type Dependencies = {
  settings: IssuerSettings;
  /** Registered at the company. Never taken from a request, whose host anyone may choose. */
  callbackUrl: string;
  world: Pick<World, 'now'>;
  fetch: CustomFetch;
};

/** The metadata is read again after this time. Keys are read when a token is signed with an unknown one. */
const METADATA_KEPT_MS = 3600_000;
const DEADLINE_SECONDS = 10;
/** How far the company's clock may be from ours. */
const SKEW_SECONDS = 30;
/** Longer than a browser session of staff: a sign-in at the company that is older does not begin one here. */
const MOST_AGE_SECONDS = 12 * 3600;

/**
 * OpenID Connect (Core 1.0, authorization code flow) with PKCE (RFC 7636), state and nonce, and the issuer's name in
 * the answer where it promises one (RFC 9207). The library checks signature, `iss`, `aud`, `exp` and `nonce`, the
 * times by the machine's own clock.
 */
export function companyIssuer({ settings, callbackUrl, world, fetch }: Dependencies): CompanyIssuer {
  let known: { configuration: Configuration; at: Date } | undefined;

  async function configurationOf(): Promise<Configuration> {
    const now = world.now();
    if (known && now.getTime() - known.at.getTime() < METADATA_KEPT_MS) return known.configuration;
    const { issuer, clientId, clientSecret } = settings;
    const isPlain = issuer.startsWith('http:');
    // The configuration accepts http for loopback only. The library marks this function as deprecated only as a warning.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const execute = isPlain ? [allowInsecureRequests] : [];
    const found = await discovery(new URL(issuer), clientId, undefined, undefined, {
      [customFetch]: fetch,
      timeout: DEADLINE_SECONDS,
      execute,
    });
    const metadata = found.serverMetadata();
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authentication = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
    const configuration = new Configuration(
      metadata,
      clientId,
      { client_secret: clientSecret, [clockTolerance]: SKEW_SECONDS },
      authentication(clientSecret),
    );
    configuration[customFetch] = fetch;
    configuration.timeout = DEADLINE_SECONDS;
    enableNonRepudiationChecks(configuration);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
    if (isPlain) allowInsecureRequests(configuration);
    known = { configuration, at: now };
    return configuration;
  }

  return {
    host: new URL(settings.issuer).host,

    async leave({ state, nonce, verifier }, again) {
      try {
        const url = buildAuthorizationUrl(await configurationOf(), {
          redirect_uri: callbackUrl,
          scope: 'openid',
          state,
          nonce,
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
          max_age: String(again ? 0 : MOST_AGE_SECONDS),
        });
        return { kind: 'leave', url: url.href };
      } catch (error) {
        return { kind: 'down', code: codeOf(error) };
      }
    },

    async read(query, { state, nonce, verifier }) {
      const currentUrl = new URL(callbackUrl);
      currentUrl.search = query;
      try {
        const answer = await authorizationCodeGrant(await configurationOf(), currentUrl, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = answer.claims();
        return claims ? { kind: 'proved', claims } : { kind: 'failed', code: 'no_id_token' };
      } catch (error) {
        return { kind: failureOf(error), code: codeOf(error) };
      }
    },

    async problem() {
      try {
        const metadata = (await configurationOf()).serverMetadata();
        if (metadata.authorization_endpoint === undefined) return 'names no authorization endpoint';
        if (metadata.code_challenge_methods_supported?.includes('S256') === false)
          return 'does not support PKCE (S256)';
        return null;
      } catch (error) {
        return `does not give its metadata (${codeOf(error)})`;
      }
    },
  };
}

/** Answers with which a company says that the person may not, or need not, sign in. */
const denials = [
  'access_denied',
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
];

function failureOf(error: unknown): IssuerFailure {
  if (error instanceof AuthorizationResponseError) {
    if (denials.includes(error.error)) return 'denied';
    return ['server_error', 'temporarily_unavailable'].includes(error.error) ? 'down' : 'failed';
  }
  if (error instanceof ResponseBodyError) return error.status >= 500 ? 'down' : 'failed';
  if (!(error instanceof ClientError)) return 'down'; // from the transport
  if (error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT') return 'down';
  return error.cause instanceof Response && error.cause.status >= 500 ? 'down' : 'failed';
}

/** Messages of the library are not used: they may contain the answer. */
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  const text = [code, cause?.code, name].find((one) => typeof one === 'string');
  return typeof text === 'string' ? text.slice(0, 60) : 'unknown';
}
