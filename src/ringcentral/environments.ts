/** The RingCentral environment of an account. `biz` is the separate one for AT&T Office@Hand and Verizon. */
export type Environment = 'production' | 'biz' | 'sandbox';

export const environmentNames = ['production', 'biz', 'sandbox'] as const satisfies readonly Environment[];

/**
 * The only table of RingCentral's addresses: the base of the REST API, without a slash at its end. Claims of a JWT are
 * looked up here and never used as addresses (SEC-25). The claims of `biz` are inferred from its host: no such token
 * has been published, so a disagreement between `production` and `biz` is only ever a warning.
 */
export const serverUrls: Readonly<Record<Environment, string>> = {
  production: 'https://platform.ringcentral.com',
  biz: 'https://platform.ringcentral.biz',
  sandbox: 'https://platform.devtest.ringcentral.com',
};

/** Where documents such as faxes are fetched. */
export const mediaUrls: Readonly<Record<Environment, string>> = {
  production: 'https://media.ringcentral.com',
  biz: 'https://media.ringcentral.biz',
  sandbox: 'https://media.devtest.ringcentral.com',
};

/** With which of our apps RingCentral is called: that for JWTs, or that with which people sign in. */
export type OurApp = 'jwt' | 'sign_in';

/** One of our apps in one environment, by the name under which its incidents are stored. */
export type AppName = Environment | `${Environment} sign_in`;

export const appNameOf = (environment: Environment, app: OurApp): AppName =>
  app === 'jwt' ? environment : `${environment} sign_in`;

export const appNamed = (name: AppName): { environment: Environment; app: OurApp } =>
  isEnvironment(name)
    ? { environment: name, app: 'jwt' }
    : { environment: name.replace(/ sign_in$/, '') as Environment, app: 'sign_in' };

export const tokenEndpointOf = (serverUrl: string): string => `${serverUrl}/restapi/oauth/token`;

export const authorizeEndpointOf = (serverUrl: string): string => `${serverUrl}/restapi/oauth/authorize`;

/** Sandbox and live accounts never share a credential; `production` and `biz` may. */
export const isLive = (environment: Environment): boolean => environment !== 'sandbox';

export const isEnvironment = (name: string): name is Environment =>
  environmentNames.some((environment) => environment === name);

/** The environment whose JWT credentials name this issuer (RFC 7519 §4.1.1). */
export const environmentOfIssuer = (issuer: string): Environment | null =>
  environmentNames.find((name) => serverUrls[name] === issuer.replace(/\/$/, '')) ?? null;

/** The environment whose token endpoint this audience is (RFC 7519 §4.1.3). */
export const environmentOfAudience = (audience: string): Environment | null =>
  environmentNames.find((name) => tokenEndpointOf(serverUrls[name]) === audience) ?? null;
