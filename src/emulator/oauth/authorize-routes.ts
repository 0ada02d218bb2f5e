import { Router, urlencoded, type Request, type Response } from 'express';
import { noteErrorCode } from '../traffic/call-context.js';
import { signInPage } from '../console/console-pages.js';
import type { Core } from '../core.js';
import { oauthBody } from '../world/oauth-answers.js';
import type { Extension } from '../world/world-types.js';
import { parametersOf, readRequest, usesSso, type AuthorizeRequest } from './authorize-request.js';
import { authorizeTexts } from './authorize-texts.js';

function back(res: Response, redirectUri: string, values: Record<string, string | undefined>): void {
  const to = new URL(redirectUri);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) to.searchParams.set(name, value);
  res.redirect(302, to.href);
}

/** @returns undefined when the request has been answered with an error */
function admitted(core: Core, source: unknown, res: Response): AuthorizeRequest | undefined {
  const read = readRequest(core, parametersOf(source));
  if ('situation' in read) {
    const answer = core.answers[read.situation];
    noteErrorCode(res, answer.code);
    res.status(answer.status).json(oauthBody(answer, read.values));
  } else if ('error' in read) {
    back(res, read.redirectUri, { error: read.error, state: read.state });
  } else return read;
  return undefined;
}

/** Without `login` in the prompt, only companies with single sign-on can sign in. */
function accountsOf(core: Core, { prompt }: AuthorizeRequest) {
  const { accounts } = signInPage(core.world, '', '');
  if (prompt.includes('login') || !prompt.includes('sso')) return accounts;
  const withSso = new Set([...core.world.accounts.values()].filter((one) => one.usesSso).map((one) => one.id));
  return accounts.filter(({ users }) =>
    users.some(({ id }) => withSso.has(core.world.extensions.get(id)?.accountId ?? '')),
  );
}

const originOf = (req: Request) => `${req.protocol}://${req.get('host') ?? ''}`;

function deny(res: Response, { redirectUri, parameters }: AuthorizeRequest): void {
  const description = 'Access denied by the resource owner';
  back(res, redirectUri, { error: 'access_denied', error_description: description, state: parameters['state'] });
}

function grant(core: Core, req: Request, res: Response, request: AuthorizeRequest, extension: Extension): void {
  const { parameters, redirectUri, app } = request;
  const { code_challenge: codeChallenge, code_challenge_method: codeChallengeMethod, state } = parameters;
  const authorization = {
    clientId: app.clientId,
    extensionId: extension.id,
    redirectUri,
    codeChallenge,
    codeChallengeMethod,
  };
  const code = core.codes.issue(authorization, core.now().getTime());
  // Seen in RingCentral's SDK: a request with `discovery` gets the addresses of the next steps.
  const found = parameters['discovery'] === 'true' && {
    discovery_uri: `${originOf(req)}/.well-known/entry-points/external`,
    token_uri: `${originOf(req)}/restapi/oauth/token`,
  };
  back(res, redirectUri, { code, state, expires_in: '60', ...found });
}

/** Leads to the company's own sign-in server, on another origin, and from there back to `/authorize/sso`. */
function leaveForSso(core: Core, req: Request, res: Response, request: AuthorizeRequest, extension: Extension): void {
  const { ssoPort } = core.settings;
  if (ssoPort === null) {
    res.status(501).json({ emulator: 'no server for single sign-on: set EMULATOR_SSO_PORT, or call listenSso()' });
    return;
  }
  const id = core.signIns.begin({
    returnTo: `${originOf(req)}/restapi/oauth/authorize/sso`,
    person: extension.name,
    company: core.world.account(extension.accountId).companyName,
    parameters: request.parameters,
    extensionId: extension.id,
  });
  res.redirect(302, `http://${req.hostname}:${ssoPort}/sso/start?request=${id}`);
}

/** Sign-in and consent on one page, with plain forms. Any user may consent; console access is not required. */
export function authorizeRoutes(core: Core): Router {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const show = (source: unknown, res: Response) => {
    const request = admitted(core, source, res);
    if (!request) return;
    const { app, parameters, brand, language } = request;
    const { heading, asks, ...texts } = authorizeTexts[language];
    // No form-action: browsers also apply it to the redirects that follow this page.
    res.set({ 'Content-Security-Policy': "default-src 'none'; style-src 'self'; script-src 'self'" });
    res.set('Cache-Control', 'no-store');
    const title = heading(app.name);
    const frame = { title, csrf: '', notice: null, user: null, control: null };
    const page = { ...texts, language, heading: title, asks: asks(app.name, app.provider, brand), parameters };
    res.render('console/authorize', { frame, page: { ...page, accounts: accountsOf(core, request) } });
  };
  const decide = (req: Request, res: Response) => {
    const { user, decision } = (req.body ?? {}) as Record<string, unknown>;
    if (decision === undefined) {
      show(req.body, res); // an app may send its request as a form
      return;
    }
    const request = admitted(core, req.body, res);
    if (!request) return;
    const extension = core.world.extensions.get(text(user));
    const isOffered = accountsOf(core, request).some(({ users }) => users.some(({ id }) => id === user));
    if (decision !== 'authorize' || !extension || !isOffered) deny(res, request);
    else if (usesSso(core, request, core.world.account(extension.accountId)))
      leaveForSso(core, req, res, request, extension);
    else grant(core, req, res, request, extension);
  };
  const returned = (req: Request, res: Response) => {
    const taken = core.signIns.take(text(req.query['request']), text(req.query['ticket']));
    if (!taken) {
      res.status(404).json({ emulator: 'this sign-in is unknown or was used' });
      return;
    }
    const request = admitted(core, taken.signIn.parameters, res);
    if (!request) return;
    const extension = core.world.extensions.get(taken.signIn.extensionId);
    if (!taken.hasSignedIn || !extension) deny(res, request);
    else grant(core, req, res, request, extension);
  };
  return Router()
    .get('/authorize', (req, res) => {
      show(req.query, res);
    })
    .post('/authorize', urlencoded({ extended: false }), decide)
    .get('/authorize/sso', returned);
}
