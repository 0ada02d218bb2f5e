import type { Core } from '../core.js';
import type { Refusal } from '../world/oauth-answers.js';
import type { Account, App } from '../world/world-types.js';

const passedOn = [
  'client_id',
  'response_type',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'discovery',
  'prompt',
  'brandId',
  'brand_id',
  'ui_locales',
  'localeId',
];
const prompts = ['login', 'sso', 'consent', 'none'];

/** Partly documented and partly seen in public programs. */
const brands: Record<string, string> = {
  1210: 'RingCentral',
  3610: 'RingCentral Canada',
  6010: 'Avaya Cloud Office',
  7710: 'BT Cloud Work',
  7310: 'TELUS Business Connect',
  2110: 'Rainbow Office',
  2020: 'Unify Office',
  7010: 'Vodafone',
  4910: 'Frontier',
  4810: 'Symphony',
  4710: '1&1',
  4210: 'ecotel',
  3420: 'AT&T Office@Hand',
  2210: 'Verizon',
};

export type AuthorizeParameters = Record<string, string>;

export type AuthorizeRequest = {
  parameters: AuthorizeParameters;
  app: App;
  redirectUri: string;
  brand: string;
  language: 'en' | 'es';
  prompt: string[];
};
/** An error that the redirect URI gets. */
export type ReturnedError = { redirectUri: string; error: string; state: string | undefined };

/** The parameters of an authorization request, from the query (GET) or from our own form (POST). */
export function parametersOf(source: unknown): AuthorizeParameters {
  const given = (typeof source === 'object' && source !== null ? source : {}) as Record<string, unknown>;
  // RingCentral's SDK sends parameters without a value; they count as absent, and only `state` comes back empty.
  const text = passedOn
    .map((name) => [name, given[name]])
    .filter(([name, value]) => typeof value === 'string' && (value !== '' || name === 'state'));
  return Object.fromEntries(text) as AuthorizeParameters;
}

/** `ui_locales` is a list by preference (OIDC); `localeId` is seen in RingCentral's SDK, for example `es_419`. */
function languageOf({ ui_locales: locales = '', localeId = '' }: AuthorizeParameters): 'en' | 'es' {
  const wanted = [...locales.split(' '), localeId].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((language) => language === 'en' || language === 'es') ?? 'en';
}

/** The refusals are shown to the person, because the app or its redirect URI cannot be trusted with them. */
export function readRequest(
  { world }: Core,
  parameters: AuthorizeParameters,
): AuthorizeRequest | Refusal | ReturnedError {
  const { client_id: clientId = '', redirect_uri: asked, state, code_challenge_method: method = 'plain' } = parameters;
  const app = world.apps.get(clientId);
  if (!app) return { situation: 'client_unknown', values: { clientId } };
  if (!app.grants.includes('authorization_code')) return { situation: 'grant_off' };
  const [first] = app.redirectUris;
  if (first === undefined) return { situation: 'redirect_uri_not_registered' };
  const redirectUri = asked ?? first;
  if (!app.redirectUris.includes(redirectUri)) return { situation: 'redirect_uri_not_of_app' };
  const brandId = parameters['brandId'] ?? parameters['brand_id'] ?? '1210';
  const brand = brands[brandId];
  if (brand === undefined) return { situation: 'brand_unknown', values: { value: brandId } };
  if (parameters['response_type'] !== 'code') return { redirectUri, error: 'unsupported_response_type', state };
  const prompt = (parameters['prompt'] ?? 'login sso').split(' ').filter(Boolean);
  const isKnown = prompt.every((word) => prompts.includes(word)) && ['plain', 'S256'].includes(method);
  if (!isKnown) return { redirectUri, error: 'invalid_request', state };
  // No one is signed in when the page opens. Assumed: the answer is the error that OIDC names.
  if (prompt.includes('none')) return { redirectUri, error: 'login_required', state };
  return { parameters, app, redirectUri, brand, language: languageOf(parameters), prompt };
}

/** Whether a user of this company signs in at the company's own server. */
export function usesSso({ settings }: Core, { prompt }: AuthorizeRequest, account: Account): boolean {
  const isPasswordOnly =
    settings.loginPrompt === 'password_only' && prompt.includes('login') && !prompt.includes('sso');
  return account.usesSso && !isPasswordOnly;
}
