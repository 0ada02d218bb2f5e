import { createHash } from 'node:crypto';
import { Router, text, type Request, type RequestHandler, type Response } from 'express';
import { contextOf, noteErrorCode } from '../traffic/call-context.js';
import type { Core } from '../core.js';
import { unverifiedSubject } from '../world/jwt-credentials.js';
import { oauthBody, type Refusal } from '../world/oauth-answers.js';
import { rateHeaders, type Taken } from '../traffic/rate-limits.js';
import { absoluteEnd, type Opening, type Session, type TokenParameters } from '../world/sessions.js';
import { checkAssertion, checkClient, checkGrant, checkOwner, checkParameters, isDuplicated } from './token-checks.js';
import { claimedClientId, readTokenForm, type TokenForm } from './token-form.js';
import type { App, Extension } from '../world/world-types.js';

type Arrived = { form: TokenForm; taken: Taken };
const arrived = new WeakMap<Request, Arrived>();
const sha256 = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The rate bucket of a token call. The caller's identity is still unverified at this point. */
function bucketKey(core: Core, form: TokenForm, clientId: string | undefined): string {
  const { authScope } = core.settings;
  const known = core.sessions.find(form.fields.get('refresh_token') ?? form.fields.get('token') ?? '');
  const byCode = core.codes.ownerOf(form.fields.get('code') ?? '');
  const owner = known?.extensionId ?? byCode ?? unverifiedSubject(form.fields.get('assertion') ?? undefined);
  const account = owner === undefined ? undefined : core.world.extensions.get(owner)?.accountId;
  if (authScope === 'user') return `${clientId ?? '-'}|${owner ?? '-'}`;
  if (authScope === 'account') return `${clientId ?? '-'}|${account ?? '-'}`;
  return clientId ?? '-';
}

/** Counts the call on arrival, before any delay or fault. A call with the wrong content type is not counted. */
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

/** The body has been seen on API calls; `error` and `error_description` beside it are assumed. */
function sendRateExceeded(res: Response, taken: Taken): void {
  const [errorCode, message] = ['CMN-301', 'Request rate exceeded'];
  noteErrorCode(res, errorCode);
  const errors = [{ errorCode, message }];
  res.status(429).set('Retry-After', String(taken.retryAfterSeconds)).json({ errorCode, message, errors });
}

/**
 * Checks that both endpoints share: content type, duplicate parameters, client. That duplicates are checked before
 * the client is assumed.
 */
function checkCaller(core: Core, form: TokenForm): App | Refusal {
  if (!form.isForm) return { situation: 'content_type_unsupported' };
  return isDuplicated(form) ?? checkClient(core.world, form.client);
}

/** Answers a call that was rejected; passes the others to `answer`. */
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
    if ('situation' in app) {
      core.codes.spend(form.fields.get('code') ?? '');
      sendRefusal(core, res, app);
    } else answer(app, form.fields, req, res);
  };

function openOrRenew(core: Core, app: App, fields: URLSearchParams, at: Date): Session | Refusal {
  const grant = checkGrant(app, fields.get('grant_type') ?? '');
  if (typeof grant === 'object') return grant;
  const parameters = checkParameters(app, fields, core.sessions.rules.zeroRefreshTtl);
  if ('situation' in parameters) return parameters;
  if (grant === 'authorization_code') return openByCode(core, app, fields, parameters, at.getTime());
  if (grant === 'refresh_token') return renew(core, app, fields, parameters, at.getTime());
  const owner = checkAssertion(core, app, fields.get('assertion') ?? '', at);
  return 'situation' in owner
    ? owner
    : core.sessions.open(app, owner, parameters, at.getTime(), openingOf(core, owner, false));
}

function openingOf(core: Core, { accountId }: Extension, isSignIn: boolean): Opening {
  const { sessionIdleSeconds: idleSeconds, sessionAbsoluteSeconds: absoluteSeconds } = core.world.account(accountId);
  return { isSignIn, limits: { idleSeconds, absoluteSeconds } };
}

/** The authorization code grant. The owner and account are checked as in the JWT grant (assumed). */
function openByCode(
  core: Core,
  app: App,
  fields: URLSearchParams,
  parameters: TokenParameters,
  at: number,
): Session | Refusal {
  const authorization = core.codes.redeem(app, fields, at);
  const code = fields.get('code') ?? '';
  if ('situation' in authorization) {
    core.sessions.endReplayed(core.codes.sessionOf(code));
    return authorization;
  }
  const owner = checkOwner(core, app, authorization.extensionId);
  if ('situation' in owner) return owner;
  const session = core.sessions.open(app, owner, parameters, at, openingOf(core, owner, true));
  core.codes.noteSession(code, session.id);
  return session;
}

/** The refresh grant. That the owner is checked again is assumed. */
function renew(
  core: Core,
  app: App,
  fields: URLSearchParams,
  parameters: TokenParameters,
  at: number,
): Session | Refusal {
  const found = core.sessions.checkRefresh(fields.get('refresh_token') ?? '', at);
  if (found.kind === 'limit_reached') return { situation: 'session_limit_reached' };
  if (found.kind === 'reused') {
    core.sessions.endReused(found.session);
    return { situation: 'refresh_token_unknown' };
  }
  if (found.kind !== 'live') return { situation: `refresh_token_${found.kind}` };
  if (found.session.clientId !== app.clientId) return { situation: 'refresh_token_unknown' };
  const owner = checkOwner(core, app, found.session.extensionId);
  if ('situation' in owner) return owner;
  if (found.again) {
    core.sessions.answerAgain(found.session, at);
    return found.session;
  }
  found.session.scopes = parameters.scopes;
  const { accessTtlSeconds: accessSeconds, refreshTtlSeconds: refreshSeconds } = parameters;
  core.sessions.refresh(found.session, { accessSeconds, refreshSeconds }, at);
  return found.session;
}

/** The fields and their order match RingCentral's documented response. */
const tokenBody = (session: Session, at: number) => ({
  access_token: session.accessToken,
  token_type: 'bearer',
  expires_in: Math.max(0, Math.floor((session.accessExpiresAt - at) / 1000)),
  ...(session.refreshToken === null || !session.showsRefresh
    ? {}
    : {
        refresh_token: session.refreshToken,
        refresh_token_expires_in: Math.max(0, Math.floor((session.refreshExpiresAt - at) / 1000)),
      }),
  scope: session.scopes.join(' '),
  owner_id: session.extensionId,
  endpoint_id: session.endpointId,
  session_id: session.id,
  ...limitsIn(session, at),
});

/** Reported only where the account enforces a limit (documented). */
function limitsIn(session: Session, at: number) {
  const end = absoluteEnd(session);
  const { idleSeconds } = session.limits;
  return {
    ...(end !== null && {
      session_expires_in: Math.max(0, Math.floor((end - at) / 1000)),
      session_expiration_time: new Date(end).toISOString(),
    }),
    ...(idleSeconds !== null && { session_idle_timeout: idleSeconds }),
  };
}

const answerToken = (core: Core) =>
  admitted(core, (app, fields, _req, res) => {
    const at = core.now();
    const session = openOrRenew(core, app, fields, at);
    if ('situation' in session) {
      core.codes.spend(fields.get('code') ?? ''); // a code that failed for any reason is dead
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

/** Always answers 200 with an empty body, also for an unknown token (RFC 7009 §2.2). The JWT stays valid. */
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

/**
 * @param disturb faults and the artificial delay; they run after the arrival is counted and before the answer is
 * built
 */
export function oauthRoutes(core: Core, disturb: RequestHandler[]): Router {
  const body = text({ type: () => true, limit: '1mb' });
  return Router()
    .post('/token', body, countArrival(core, 'token'), disturb, answerToken(core))
    .post('/revoke', body, countArrival(core, 'revoke'), disturb, answerRevoke(core));
}
