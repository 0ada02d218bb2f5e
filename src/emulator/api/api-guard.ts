import type { Request, RequestHandler, Response } from 'express';
import { apiErrors, sendApiError, type ApiError } from './api-errors.js';
import { contextOf } from '../traffic/call-context.js';
import type { Core } from '../core.js';
import { reachesOthers } from '../world/permissions.js';
import { callOf, groupOf } from '../traffic/calls.js';
import { rateHeaders, type RateGroup } from '../traffic/rate-limits.js';
import type { Session } from '../world/sessions.js';
import type { Account, Extension } from '../world/world-types.js';

export type ApiNeeds = {
  /** app scope that the call needs; `Faxes` includes `ReadMessages` */
  scope?: string;
  /** user permissions, all required; for another extension each needs extended scope */
  permissions?: string[];
  /** the extension in the path must be the caller's own; otherwise the answer is CMN-404 */
  ownOnly?: boolean;
};

/** An admitted call: the caller, the target, and the origin to build links from. */
export type ApiCall = { session: Session; caller: Extension; account: Account; target: Extension; origin: string };

/** The rate group of a request. Throws when calls.ts has no entry for the route, which is a bug in the emulator. */
function groupOfRequest(req: Request): RateGroup {
  const name = callOf(req.method, req.baseUrl + req.path);
  if (!name) throw new Error(`no rate group is known for ${req.method} ${req.path}`);
  return groupOf(name);
}

/**
 * Runs before faults, so that a forced 429 starts a real penalty for the caller's token and the call's rate group.
 */
export const announceForced429 =
  (core: Core): RequestHandler =>
  (req, res, next) => {
    const token = bearerToken(req);
    const session = typeof token === 'string' ? core.sessions.find(token) : undefined;
    const name = callOf(req.method, req.originalUrl.split('?')[0] ?? '');
    if (session && name) {
      const context = contextOf(res);
      context.session = session; // the log then names the caller, whatever the answer is
      const key = `${session.extensionId}|${session.clientId}`;
      if (core.limits.isInPenalty(groupOf(name), key, context.arrivedAt)) context.violation = 'in_penalty';
      core.faults.onForced429(res, (seconds) =>
        core.limits.penalize(groupOf(name), key, context.arrivedAt + seconds * 1000),
      );
    }
    next();
  };

const one = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function bearerToken(req: Request): string | ApiError {
  const header = req.get('authorization');
  const inQuery = one(req.query['access_token']);
  if (header === undefined) return inQuery ?? apiErrors.noAuthorization;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? apiErrors.badAuthorization;
}

/** Returns RingCentral's errors as values; the first error that applies becomes the answer. */
function authenticate(core: Core, req: Request, at: number): Session | ApiError {
  const token = bearerToken(req);
  if (typeof token !== 'string') return token;
  const checked = core.sessions.checkAccess(token, at);
  if (checked.kind === 'live') return checked.session;
  if (checked.kind === 'unparsable') return apiErrors.unparsableToken;
  return checked.kind === 'expired' ? apiErrors.expiredToken : apiErrors.unknownToken;
}

const hasScope = (session: Session, scope: string) =>
  session.scopes.includes(scope) || (scope === 'ReadMessages' && session.scopes.includes('Faxes'));

function find(core: Core, req: Request, session: Session): ApiCall | ApiError {
  const caller = core.world.extensions.get(session.extensionId);
  const account = caller && core.world.accounts.get(caller.accountId);
  if (!account) return apiErrors.unknownToken;
  const accountId = one(req.params['accountId']) ?? '~';
  if (accountId !== '~' && accountId !== account.id) return apiErrors.notFound('accountId');
  const extensionId = one(req.params['extensionId']) ?? '~';
  const target = extensionId === '~' ? caller : core.world.extensions.get(extensionId);
  if (target?.accountId !== account.id) return apiErrors.notFound('extensionId');
  return { session, caller, account, target, origin: `${req.protocol}://${req.get('host') ?? 'localhost'}` };
}

function missing(needs: ApiNeeds, { caller, target }: ApiCall): ApiError | undefined {
  const other = target !== caller;
  if (other && needs.ownOnly) return apiErrors.otherExtension;
  for (const permission of needs.permissions ?? []) {
    const scopes = caller.permissions.get(permission);
    if (!scopes) return apiErrors.permissionMissing(permission);
    if (other && !reachesOthers(scopes)) return apiErrors.permissionNotExtended(permission);
  }
  return undefined;
}

/**
 * Checks every API call in this order: token (401), rate (429), app scope (403), resources named in the path (404),
 * user permission (403). RingCentral's real order is unknown; this one is assumed.
 */
export function apiCall(
  core: Core,
  needs: ApiNeeds,
  answer: (call: ApiCall, req: Request, res: Response) => void,
): RequestHandler {
  return (req, res) => {
    const context = contextOf(res);
    const session = authenticate(core, req, core.now().getTime());
    if ('status' in session) {
      sendApiError(res, session);
      return;
    }
    context.session = session;
    context.clientId = session.clientId;
    const taken = core.limits.take(
      groupOfRequest(req),
      `${session.extensionId}|${session.clientId}`,
      context.arrivedAt,
    );
    res.set(rateHeaders(taken));
    if (!taken.allowed) {
      if (taken.violation) context.violation = taken.violation;
      res.set('Retry-After', String(taken.retryAfterSeconds));
      sendApiError(res, apiErrors.rateExceeded);
      return;
    }
    if (needs.scope !== undefined && !hasScope(session, needs.scope)) {
      sendApiError(res, apiErrors.scopeMissing(needs.scope));
      return;
    }
    const call = find(core, req, session);
    if ('status' in call) {
      sendApiError(res, call);
      return;
    }
    const error = missing(needs, call);
    if (error) {
      sendApiError(res, error);
      return;
    }
    answer(call, req, res);
  };
}
