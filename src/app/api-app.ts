import { createHash } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { z, type ZodError } from 'zod';
import type { NoteRefusal, Refusal } from '../audit/refused-requests.js';
import { portalErrorOf } from '../platform/http/error-handler.js';
import { pathTable } from '../platform/path-table.js';
import { BodyCut, BodyTooLarge, DuplicateMember, parseJson, readBody } from '../platform/http/json-body.js';
import type { Logger } from '../platform/log.js';
import { keyLimits, type Limits } from './api-limits.js';
import type { ApiCaller, ApiRoute } from './capability.js';
import { causeOf, Problem, sendProblem, type MemberProblem } from './problem.js';

/** Who calls with this bearer key; null for a key that is unknown, malformed, revoked or expired. */
export type Authenticate = (key: string) => Promise<ApiCaller | null>;

/** The id of the tenant that a path names by its id or as `ref:<external_ref>`; undefined if there is none. */
export type TenantIdOf = (named: string, alsoLeft?: boolean) => Promise<string | undefined>;

type Parts = {
  routes: readonly ApiRoute[];
  /** The description, which is public. */
  document: object;
  authenticate: Authenticate;
  tenantIdOf: TenantIdOf;
  limits: Limits;
  noteRefusal: NoteRefusal;
  publicUrl: string;
  now: () => Date;
  log: Logger;
};

const BASE = '/api/v1';
const DESCRIPTION = '/openapi.json';

/** Whether a request is for the API. */
export const isOfApi = ({ path }: Request): boolean => path === BASE || path.startsWith(`${BASE}/`);

/** What a path of the API answers. */
type Place = { path: string; calls: Map<string, Call>; allow: string };
type Call = (req: Request, res: Response, params: Params) => Promise<void>;

/**
 * The API: JSON bodies, bearer keys only, errors as `application/problem+json` (RFC 9457). It answers every request to
 * its path, with no HTML, no cookie and no redirect. Without a good key every path is 401. A tenant that the key is not
 * for answers 404 like one that does not exist.
 *
 * Looks a path up by itself: the routers of express, which ask each route in turn, cost a request an eighth of its time.
 */
export function apiApp(parts: Parts): RequestHandler {
  const places = placesOf(parts);
  const description = JSON.stringify(parts.document);
  const etag = `"${createHash('sha256').update(description).digest('base64url')}"`;
  function describe(req: Request, res: Response): void {
    res.locals.mount = BASE + DESCRIPTION;
    res.set({ ETag: etag, 'Cache-Control': 'no-cache' }).type('application/json');
    if (req.fresh) res.status(304).end();
    else res.send(description);
  }

  async function answer(req: Request, res: Response): Promise<void> {
    res.locals.mount = BASE;
    const { method, path } = req;
    const read = method === 'HEAD' ? 'GET' : method;
    if (path === BASE + DESCRIPTION && read === 'GET') {
      describe(req, res);
      return;
    }
    await readKeyAndBody(req, res, parts.authenticate);
    const found = places.find(path.slice(BASE.length));
    if (!found) throw new Problem(404);
    const { value: place, params } = found;
    res.locals.mount = BASE + place.path;
    const call = place.calls.get(read);
    if (!call) {
      res.set('Allow', place.allow);
      throw new Problem(405);
    }
    await call(req, res, params);
  }

  const fail = onError(parts);
  return (req, res, next) => {
    if (!isOfApi(req)) next();
    else answer(req, res).catch((error: unknown) => fail(error, req, res, next));
  };
}

/** What each path answers. */
function placesOf({ routes, limits, now, tenantIdOf }: Parts) {
  const limited = keyLimits(limits, now);
  const places = pathTable<Place>((path) => ({ path: expressPath(path), calls: new Map(), allow: '' }));
  places.at(DESCRIPTION).allow = 'GET, HEAD';
  for (const route of routes) {
    const place = places.at(route.path);
    place.calls.set(route.method.toUpperCase(), callOf(route, limited(route), tenantIdOf));
    place.allow = [...place.calls.keys()].flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : name)).join(', ');
  }
  return places;
}

/** `{tenant}` as OpenAPI writes it, `:tenant` as the pages' routes, the log and the audit do. */
const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

declare global {
  namespace Express {
    interface Locals {
      /** Whose key the request has. */
      caller?: ApiCaller;
    }
  }
}

async function readKeyAndBody(req: Request, res: Response, authenticate: Authenticate): Promise<void> {
  const [, key] = /^Bearer ([\w.~+/=-]{1,255})$/i.exec(req.headers.authorization ?? '') ?? [];
  const caller = key === undefined ? null : await authenticate(key);
  if (!caller) throw new Problem(401);
  res.locals.caller = caller;
  res.locals.keyId = caller.keyId;
  req.body = await readJson(req);
}

const methodsWithBody: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

const MOST_BYTES = 65_536;

/** Reads the body. One of another type, coding or character set would be read as JSON in UTF-8, or not at all. */
async function readJson(req: Request): Promise<unknown> {
  const { headers } = req;
  const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
  if (hasBody && !methodsWithBody.includes(req.method)) throw new Problem(400);
  if (hasBody && headers['content-type'] !== 'application/json') requireJsonType(req);
  if (hasBody && (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw new Problem(415);
  return hasBody ? bodyOf(req) : undefined;
}

function requireJsonType(req: Request): void {
  if (!req.is('application/json')) throw new Problem(415);
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(req.get('Content-Type') ?? '') ?? [];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') throw new Problem(415);
}

async function bodyOf(req: Request): Promise<unknown> {
  try {
    const bytes = await readBody(req, MOST_BYTES);
    return bytes.length > 0 ? jsonOf(bytes) : undefined;
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new Problem(413);
    if (error instanceof BodyCut) throw new Problem(400);
    throw error;
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof DuplicateMember)
      throw new Problem(422, { errors: [{ pointer: '', code: 'duplicate_member' }] });
    throw new Problem(400, { cause: 'invalid_json' });
  }
}

const noMembers = z.strictObject({});

function callOf(route: ApiRoute, count: (res: Response) => void, tenantIdOf: TenantIdOf): Call {
  const { scope, query = noMembers, request = noMembers, response, responseStatus = 200, handler } = route;
  return async (req, res, given) => {
    count(res);
    const { caller, requestId } = res.locals;
    if (!caller) throw new Problem(401);
    if (!caller.scopes.includes(scope)) throw new Problem(403);
    const idOf = (named: string) => tenantIdOf(named, route.alsoLeft);
    const params = await withTenantId(given, caller, res, idOf);
    const asked = query.safeParse(req.url.includes('?') ? req.query : {});
    if (!asked.success) throw new Problem(400, { cause: 'invalid_query', errors: memberProblems(asked.error) });
    const sent = request.safeParse(req.body === undefined ? {} : req.body);
    if (!sent.success) throw new Problem(422, { errors: memberProblems(sent.error) });
    const origin = { ip: req.ip, requestId };
    const idempotencyKey = route.idempotent && idempotencyKeyOf(req);
    const answer = await handler({
      caller,
      params,
      query: asked.data,
      body: sent.data,
      requestId,
      origin,
      idempotencyKey,
    });
    res.status(responseStatus).set(answer.headers ?? {});
    if (answer.text !== undefined) sendJson(res, answer.text);
    else if (response) sendJson(res, JSON.stringify(response.parse(answer.body)));
    else res.end();
  };
}

/** Like `res.json`, without what express looks up for other types and for caches. A text leaves in one write. */
function sendJson(res: Response, text: string): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

/** Any visible ASCII, in quotation marks or without. */
function idempotencyKeyOf(req: Request): string | undefined {
  const key = req.get('Idempotency-Key');
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Problem(400, { cause: 'invalid_idempotency_key' });
  return key;
}

type Params = Readonly<Record<string, string>>;

/** What a key that is not for every tenant asks about others is noted, whether or not there is such a tenant. */
async function withTenantId(
  params: Params,
  { tenantIds }: ApiCaller,
  { locals }: Response,
  tenantIdOf: TenantIdOf,
): Promise<Params> {
  if (params.tenant === undefined) return params;
  const tenant = await tenantIdOf(params.tenant);
  if (tenant === undefined || (tenantIds !== null && !tenantIds.includes(tenant))) {
    if (tenantIds !== null) locals.refusal = { action: 'access.denied', tenantId: tenant, target: tenant };
    throw new Problem(404);
  }
  locals.tenantId = tenant;
  return { ...params, tenant };
}

/** Names only members that the schema has: what was sent is not repeated. */
const memberProblems = ({ issues }: ZodError): MemberProblem[] =>
  issues.map(({ path, code }) => ({
    pointer: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    code: code === 'unrecognized_keys' ? 'unknown_member' : code,
  }));

const onError =
  ({ log, now, publicUrl, noteRefusal }: Parts): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    const { requestId } = res.locals;
    // What a call says about itself, such as that RingCentral does not answer, is no failure of the portal.
    if (problem.status >= 500 && error !== problem) log.error({ err: error, requestId }, 'a request failed');
    sendProblem(res, problem, { publicUrl, now: now() });
    const refusal = refusalOf(problem, res);
    if (!refusal) return;
    const actor = { kind: 'api_key', id: res.locals.keyId ?? '' } as const;
    // After the answer: if the answer waited for the row, its time would tell another tenant from an absent one.
    void noteRefusal({
      refusal,
      actor,
      origin: { ip: req.ip, requestId },
      route: `${req.method} ${res.locals.mount ?? BASE}`,
    });
  };

/** What the audit has of a refused call: a tenant or a right that the key does not have, and its limits. */
function refusalOf(problem: Problem, { locals: { refusal, tenantId } }: Response): Refusal | undefined {
  if (refusal) return refusal;
  const detail = { cause: causeOf(problem) };
  if (problem.status === 429) return { action: 'request.throttled', tenantId, detail };
  return problem.status === 403 ? { action: 'access.denied', tenantId, detail } : undefined;
}

/** Every error as a problem. An error that is not known is a 500 and says no more. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { status, details } = portalErrorOf(error);
  return new Problem(status, { retryAt: details.retryAt });
}
