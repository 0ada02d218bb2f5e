import { Router, urlencoded, type Request, type Response } from 'express';
import { noteErrorCode } from '../traffic/call-context.js';
import { signInPage } from '../console/console-pages.js';
import type { Core } from '../core.js';
import { oauthBody, type Refusal } from '../world/oauth-answers.js';

const passedOn = [
  'client_id',
  'response_type',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'discovery',
];

/** The parameters of an authorization request, from the query (GET) or from our own form (POST). */
function parametersOf(source: unknown): Record<string, string> {
  const given = (typeof source === 'object' && source !== null ? source : {}) as Record<string, unknown>;
  const text = passedOn.map((name) => [name, given[name]]).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(text) as Record<string, string>;
}

/** Errors that must not be sent to the redirect URI, because the redirect URI itself is wrong. */
function check(core: Core, parameters: Record<string, string>): { redirectUri: string } | Refusal {
  const { client_id: clientId = '', redirect_uri: asked } = parameters;
  const app = core.world.apps.get(clientId);
  if (!app) return { situation: 'client_unknown', values: { clientId } };
  if (!app.grants.includes('authorization_code')) return { situation: 'grant_off' };
  const [first] = app.redirectUris;
  if (first === undefined) return { situation: 'redirect_uri_not_registered' };
  const redirectUri = asked ?? first;
  return app.redirectUris.includes(redirectUri) ? { redirectUri } : { situation: 'redirect_uri_not_of_app' };
}

function refuse(core: Core, res: Response, { situation, values }: Refusal): void {
  const answer = core.answers[situation];
  noteErrorCode(res, answer.code);
  res.status(answer.status).json(oauthBody(answer, values));
}

function back(res: Response, redirectUri: string, values: Record<string, string | undefined>): void {
  const to = new URL(redirectUri);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) to.searchParams.set(name, value);
  res.redirect(302, to.href);
}

/** Sign-in and consent on one page, with plain forms. Any user may consent; console access is not required. */
export function authorizeRoutes(core: Core): Router {
  const show = (req: Request, res: Response) => {
    const parameters = parametersOf(req.query);
    const checked = check(core, parameters);
    if ('situation' in checked) {
      refuse(core, res, checked);
    } else if (parameters['response_type'] !== 'code') {
      back(res, checked.redirectUri, { error: 'unsupported_response_type', state: parameters['state'] });
    } else {
      const { accounts } = signInPage(core.world, '', '');
      const app = core.world.app(parameters['client_id'] ?? '');
      // No form-action: browsers also apply it to the redirect that follows this page.
      res.set({ 'Content-Security-Policy': "default-src 'none'; style-src 'self'; script-src 'self'" });
      res.set('Cache-Control', 'no-store');
      const frame = { title: `Let ${app.name} in`, csrf: '', notice: null, user: null, control: null };
      res.render('console/authorize', { frame, page: { app: app.name, provider: app.provider, accounts, parameters } });
    }
  };
  const decide = (req: Request, res: Response) => {
    const parameters = parametersOf(req.body);
    const checked = check(core, parameters);
    if ('situation' in checked) {
      refuse(core, res, checked);
      return;
    }
    const { user, decision } = (req.body ?? {}) as Record<string, unknown>;
    const { state, client_id: clientId = '' } = parameters;
    const extension = core.world.extensions.get(typeof user === 'string' ? user : '');
    if (decision !== 'authorize' || !extension) {
      const description = 'Access denied by the resource owner';
      back(res, checked.redirectUri, { error: 'access_denied', error_description: description, state });
      return;
    }
    const { redirectUri } = checked;
    const { code_challenge: codeChallenge, code_challenge_method: codeChallengeMethod } = parameters;
    const authorization = { clientId, extensionId: extension.id, redirectUri, codeChallenge, codeChallengeMethod };
    const code = core.codes.issue(authorization, core.now().getTime());
    const origin = `${req.protocol}://${req.get('host') ?? ''}`;
    // Seen in RingCentral's SDK: a request with `discovery` gets the addresses of the next steps.
    const found = parameters['discovery'] === 'true' && {
      discovery_uri: `${origin}/.well-known/entry-points/external`,
      token_uri: `${origin}/restapi/oauth/token`,
    };
    back(res, redirectUri, { code, state, expires_in: '60', ...found });
  };
  return Router()
    .get('/authorize', show)
    .post('/authorize', urlencoded({ extended: false }), decide);
}
