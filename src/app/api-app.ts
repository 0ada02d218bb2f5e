import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { portalErrorOf, RETRY_AFTER_S } from '../platform/http/error-handler.js';
import type { Logger } from '../platform/log.js';
import type { ApiCaller, ApiRoute } from './capability.js';

const titles = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'Service unavailable',
} as const;

/** What an API call fails with. */
export class Problem extends Error {
  constructor(readonly status: keyof typeof titles) {
    super(titles[status]);
  }
}

/** Who calls with this bearer key; null for a key that is unknown, malformed, revoked or expired. */
export type Authenticate = (key: string) => Promise<ApiCaller | null>;

type Parts = { routes: readonly ApiRoute[]; authenticate: Authenticate; log: Logger };

/**
 * The API: JSON bodies, bearer keys only, errors as `application/problem+json` (RFC 9457). It answers every request to
 * its path, with no HTML, no cookie and no redirect. Without a good key every path is 401, and a tenant that the key is
 * not for is 404.
 */
export function apiApp({ routes, authenticate, log }: Parts): Express {
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  const api = express.Router({ strict: true });
  api.use(
    requireKey(authenticate),
    requireJson,
    express.json({ limit: '64kb', strict: true, inflate: false, type: () => true }),
  );
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path);
    const methods = own.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    for (const route of own) api[route.method](expressPath(path), handlerOf(route));
    api.all(expressPath(path), (_req, res) => {
      res.set('Allow', methods.join(', '));
      throw new Problem(405);
    });
  }
  api.use(() => {
    throw new Problem(404);
  });
  api.use(onError(log));
  app.use('/api/v1', api);
  return app;
}

/** `{tenant}` as OpenAPI writes it, `:tenant` as express does. */
const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

const callers = new WeakMap<Request, ApiCaller>();

function requireKey(authenticate: Authenticate): RequestHandler {
  return async (req, res, next) => {
    res.locals.mount = '/api/v1';
    const [, key] = /^Bearer ([\w.~+/=-]{1,255})$/i.exec(req.get('Authorization') ?? '') ?? [];
    const caller = key === undefined ? null : await authenticate(key);
    if (!caller) throw new Problem(401);
    callers.set(req, caller);
    res.locals.keyId = caller.keyId;
    next();
  };
}

const methodsWithBody: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** A body of another type is refused: it would be read as JSON, or not at all. */
const requireJson: RequestHandler = (req, _res, next) => {
  const hasBody = (req.headers['content-length'] ?? '0') !== '0' || req.headers['transfer-encoding'] !== undefined;
  if (hasBody && !methodsWithBody.includes(req.method)) throw new Problem(400);
  if (hasBody && !req.is('application/json')) throw new Problem(415);
  next();
};

function handlerOf({ scope, request, response, handler }: ApiRoute): RequestHandler {
  return async (req, res) => {
    const caller = callers.get(req);
    if (!caller) throw new Problem(401);
    if (!caller.scopes.includes(scope)) throw new Problem(403);
    const params = req.params as Readonly<Record<string, string>>;
    const { tenant } = params;
    if (tenant !== undefined && caller.tenantIds !== null && !caller.tenantIds.includes(tenant)) throw new Problem(404);
    const parsed = request?.safeParse(req.body);
    if (parsed && !parsed.success) throw new Problem(422);
    const { requestId } = res.locals;
    const answer = await handler({ caller, params, query: req.query, body: parsed?.data, requestId });
    res.status(answer.status ?? 200).set(answer.headers ?? {});
    if (answer.body === undefined) res.end();
    else res.json(response ? response.parse(answer.body) : answer.body);
  };
}

const onError =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    const { requestId } = res.locals;
    if (problem.status >= 500) log.error({ err: error, requestId }, 'a request failed');
    sendProblem(res, problem, requestId);
  };

/** Every error as a problem. An error that is not known is a 500 and says no more. */
const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(portalErrorOf(error).status);

/** RFC 9457. The type is `about:blank` until there is a page for it; then the status says what it is. */
function sendProblem(res: Response, { status, message }: Problem, requestId: string): void {
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  if (status === 503) res.set('Retry-After', String(RETRY_AFTER_S));
  res.status(status).type('application/problem+json');
  res.send(JSON.stringify({ type: 'about:blank', title: message, status, instance: `urn:uuid:${requestId}` }));
}
