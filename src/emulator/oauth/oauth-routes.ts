import { createHash } from 'node:crypto';
import { Router, text, type Request, type RequestHandler, type Response } from 'express';
import { contextOf, noteErrorCode } from '../traffic/call-context.js';
import type { Core } from '../core.js';
import { unverifiedSubject } from '../world/jwt-credentials.js';
import { oauthBody, type Refusal } from '../world/oauth-answers.js';
import { rateHeaders, type Taken } from '../traffic/rate-limits.js';
import type { Session, TokenParameters } from '../world/sessions.js';
import { checkAssertion, checkClient, checkGrant, checkOwner, checkParameters, isDuplicated } from './token-checks.js';
import { claimedClientId, readTokenForm, type TokenForm } from './token-form.js';
import type { App } from '../world/world-types.js';

type Arrived = { form: TokenForm; taken: Taken };
const arrived = new WeakMap<Request, Arrived>();
const sha256 = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The bucket of ringcentral.md §4; who is asking is only claimed at this point. */
function bucketKey(core: Core, form: TokenForm, clientId: string | undefined): string {
  const { authScope } = core.settings;
  const known = core.sessions.find(form.fields.get('refresh_token') ?? form.fields.get('token') ?? '');
  const owner = known?.extensionId ?? unverifiedSubject(form.fields.get('assertion') ?? undefined);
  const account = owner === undefined ? undefined : core.world.extensions.get(owner)?.accountId;
  if (authScope === 'user') return `${clientId ?? '-'}|${owner ?? '-'}`;
  if (authScope === 'account') return `${clientId ?? '-'}|${account ?? '-'}`;
  return clientId ?? '-';
}

/** Counts the call the moment it is here, before any delay or fault. A wrong content type costs nothing (§10.2: 1, 2). */
const countArrival =
  (core: Core, kind: 'token' | 'revoke'): RequestHandler =>
  (req, res, next) => {
    const context = contextOf(res);
    const form = readTokenForm(req);
    const clientId = claimedClientId(form.client);
    const key = bucketKey(core, form, clientId);
    const limit = core.world.apps.get(clientId ?? '')?.authPerMinute ?? core.limits.limits.auth;
    const taken = core.limits[form.isForm ? 'take' : 'peek']('auth', key, context.arrivedAt, limit);
    const assertion = form.fields.get('assertion');
    const grantType = form.fields.get('grant_type');
    if (clientId !== undefined) context.clientId = clientId;
    if (assertion !== null) context.assertionSha256 = sha256(assertion);
    if (grantType !== null) context.grantType = grantType;
    if (taken.violation) context.violation = taken.violation;
    core.traffic.noteTokenCall({
      arrivedAt: context.arrivedAt,
      kind,
      clientId: clientId ?? null,
      grantType,
      assertionSha256: context.assertionSha256 ?? null,
      violation: taken.violation ?? null,
    });
    res.set(rateHeaders(taken));
    core.faults.onForced429(res, (seconds) => core.limits.penalize('auth', key, context.arrivedAt + seconds * 1000));
    arrived.set(req, { form, taken });
    next();
  };

function sendRefusal(core: Core, res: Response, { situation, values }: Refusal): void {
  const answer = core.answers[situation];
  noteErrorCode(res, answer.code);
  res
    .status(answer.status)
    .set(answer.headers ?? {})
    .set('Cache-Control', 'no-store')
    .json(oauthBody(answer, values));
}

/** Body seen on API calls; `error` and `error_description` beside it are [I] (ringcentral.md §3.4). */
function sendRateExceeded(res: Response, taken: Taken): void {
  const [errorCode, message] = ['CMN-301', 'Request rate exceeded'];
  noteErrorCode(res, errorCode);
  const errors = [{ errorCode, message }];
  res.status(429).set('Retry-After', String(taken.retryAfterSeconds)).json({ errorCode, message, errors });
}

/** Steps 1 to 3 of §10.2, the same at both endpoints. Where a duplicated parameter is noticed is [I]: before the client. */
function checkCaller(core: Core, form: TokenForm): App | Refusal {
  if (!form.isForm) return { situation: 'content_type_unsupported' };
  return isDuplicated(form) ?? checkClient(core.world, form.client);
}

/** Answers a call that may not go on; otherwise hands it to `answer`. */
const admitted =
  (core: Core, answer: (app: App, fields: URLSearchParams, req: Request, res: Response) => void): RequestHandler =>
  (req, res) => {
    const call = arrived.get(req);
    if (!call) throw new Error('a token call was answered before it was counted');
    const { form, taken } = call;
    if (form.isForm && !taken.allowed) {
      sendRateExceeded(res, taken);
      return;
    }
    const app = checkCaller(core, form);
    if ('situation' in app) sendRefusal(core, res, app);
    else answer(app, form.fields, req, res);
  };

function openOrRenew(core: Core, app: App, fields: URLSearchParams, at: Date): Session | Refusal {
  const grant = checkGrant(app, fields.get('grant_type') ?? '');
  if (typeof grant === 'object') return grant;
  const parameters = checkParameters(app, fields);
  if ('situation' in parameters) return parameters;
  if (grant === 'authorization_code') return openByCode(core, app, fields, parameters, at.getTime());
  if (grant === 'refresh_token') return renew(core, app, fields, parameters, at.getTime());
  const owner = checkAssertion(core, app, fields.get('assertion') ?? '', at);
  return 'situation' in owner ? owner : core.sessions.open(app, owner, parameters, at.getTime());
}

/** ringcentral.md §5.3; the owner's and the account's state are those of the JWT grant [I]. */
function openByCode(
  core: Core,
  app: App,
  fields: URLSearchParams,
  parameters: TokenParameters,
  at: number,
): Session | Refusal {
  const authorization = core.codes.redeem(app, fields, at);
  if ('situation' in authorization) return authorization;
  const owner = checkOwner(core, app, authorization.extensionId);
  return 'situation' in owner ? owner : core.sessions.open(app, owner, parameters, at);
}

/** ringcentral.md §5.3. That the owner's state is looked at again is [I]. */
function renew(
  core: Core,
  app: App,
  fields: URLSearchParams,
  parameters: TokenParameters,
  at: number,
): Session | Refusal {
  const found = core.sessions.checkRefresh(fields.get('refresh_token') ?? '', at);
  if (found.kind !== 'live') return { situation: `refresh_token_${found.kind}` };
  if (found.session.clientId !== app.clientId) return { situation: 'refresh_token_unknown' };
  const owner = checkOwner(core, app, found.session.extensionId);
  if ('situation' in owner) return owner;
  if (found.again) return found.session;
  found.session.scopes = parameters.scopes;
  const { accessTtlSeconds: accessSeconds, refreshTtlSeconds: refreshSeconds } = parameters;
  core.sessions.refresh(found.session, { accessSeconds, refreshSeconds }, at);
  return found.session;
}

/** The fields and their order are those of ringcentral.md §2.5. */
const tokenBody = (session: Session, at: number) => ({
  access_token: session.accessToken,
  token_type: 'bearer',
  expires_in: Math.max(0, Math.floor((session.accessExpiresAt - at) / 1000)),
  ...(session.refreshToken === null
    ? {}
    : {
        refresh_token: session.refreshToken,
        refresh_token_expires_in: Math.max(0, Math.floor((session.refreshExpiresAt - at) / 1000)),
      }),
  scope: session.scopes.join(' '),
  owner_id: session.extensionId,
  endpoint_id: session.endpointId,
  session_id: session.id,
});

const answerToken = (core: Core) =>
  admitted(core, (app, fields, _req, res) => {
    const at = core.now();
    const session = openOrRenew(core, app, fields, at);
    if ('situation' in session) {
      sendRefusal(core, res, session);
      return;
    }
    contextOf(res).session = session;
    res.set('Cache-Control', 'no-store').json(tokenBody(session, at.getTime()));
  });

function revoke(core: Core, app: App, token: string): Session | Refusal | undefined {
  if (token === '') return { situation: 'revoke_token_missing' };
  const session = core.sessions.find(token);
  if (session && session.clientId !== app.clientId) return { situation: 'revoke_wrong_client' };
  if (session) core.sessions.revoke(session);
  return session;
}

/** ringcentral.md §5.1: 200 and nothing in it, also for a token nobody knows (RFC 7009 §2.2). The JWT lives on. */
const answerRevoke = (core: Core) =>
  admitted(core, (app, fields, req, res) => {
    const inQuery = typeof req.query['token'] === 'string' ? req.query['token'] : '';
    const ended = revoke(core, app, fields.get('token') ?? inQuery);
    if (ended && 'situation' in ended) {
      sendRefusal(core, res, ended);
      return;
    }
    if (ended) contextOf(res).session = ended;
    res.status(200).end();
  });

/** @param disturb faults and the artificial delay: after the arrival is counted, before the answer is worked out */
export function oauthRoutes(core: Core, disturb: RequestHandler[]): Router {
  const body = text({ type: () => true, limit: '1mb' });
  return Router()
    .post('/token', body, countArrival(core, 'token'), disturb, answerToken(core))
    .post('/revoke', body, countArrival(core, 'revoke'), disturb, answerRevoke(core));
}
