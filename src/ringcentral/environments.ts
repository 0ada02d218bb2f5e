/** The RingCentral environment of an account. `biz` is the separate one for AT&T Office@Hand and Verizon. */
export type Environment = 'production' | 'biz' | 'sandbox';

export type EnvironmentAddresses = {
  /** Base of the REST API, without a slash at its end. */
  readonly serverUrl: string;
  readonly tokenEndpoint: string;
  readonly mediaUrl: string;
  readonly loginUrl: string;
  /** `iss` of the JWT credentials made here (RFC 7519 §4.1.1). */
  readonly issuers: readonly string[];
  /** `aud` of the JWT credentials made here (RFC 7519 §4.1.3): the token endpoint. */
  readonly audiences: readonly string[];
};

const at = (domain: string): EnvironmentAddresses => {
  const serverUrl = `https://platform.${domain}`;
  const tokenEndpoint = `${serverUrl}/restapi/oauth/token`;
  return {
    serverUrl,
    tokenEndpoint,
    mediaUrl: `https://media.${domain}`,
    loginUrl: `https://login.${domain}`,
    issuers: [serverUrl],
    audiences: [tokenEndpoint],
  };
};

/**
 * The only table of RingCentral's addresses. Claims of a JWT are looked up here and never used as addresses
 * (SEC-25). The claims of `biz` are inferred from its host: no such token has been published, so a
 * disagreement between `production` and `biz` is only ever a warning.
 */
export const environments: Readonly<Record<Environment, EnvironmentAddresses>> = {
  production: at('ringcentral.com'),
  biz: at('ringcentral.biz'),
  sandbox: at('devtest.ringcentral.com'),
};

export const environmentNames = ['production', 'biz', 'sandbox'] as const satisfies readonly Environment[];

/** Sandbox and live accounts never share a credential; `production` and `biz` may. */
export const isLive = (environment: Environment): boolean => environment !== 'sandbox';

export const isEnvironment = (name: string): name is Environment =>
  environmentNames.some((environment) => environment === name);

/** The environment whose JWT credentials name this issuer. */
export const environmentOfIssuer = (issuer: string): Environment | null =>
  environmentNames.find((name) => environments[name].issuers.includes(issuer.replace(/\/$/, ''))) ?? null;

/** The environment whose token endpoint this audience is. */
export const environmentOfAudience = (audience: string): Environment | null =>
  environmentNames.find((name) => environments[name].audiences.includes(audience)) ?? null;
