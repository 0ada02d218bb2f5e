// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Config } from '../config.js';
import { forwardedAddresses } from '../platform/addresses.js';
import type { Logger } from '../platform/log.js';
import { isOfApi } from './api-app.js';

type Foundation = {
  https: boolean;
  config: Pick<Config, 'TRUST_PROXY' | 'HSTS_SUBDOMAINS'>;
  runtime: { log: Logger };
};

/** The common parts of every answer: a request id, a log line, the security headers. */
export function frame(
  { https, config, runtime }: Foundation,
  handlers: RequestHandler[],
  onUntrustedProxy: () => void = () => undefined,
): Express {
  const app = express();
  app.disable('etag'); // an answer that a browser must not keep has nothing to be compared with
  app.set('trust proxy', config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false);
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  const onUntrusted = () => {
    runtime.log.warn('a proxy header came from an address that TRUST_PROXY does not name, and is ignored');
    onUntrustedProxy();
  };
  const hsts = https && { includeSubDomains: config.HSTS_SUBDOMAINS === 'include' };
  app.disable('x-powered-by');
  const forwarded = onlyAddresses(isTrusted, onUntrusted);
  const [setHeaders, setHeadersOfApi] = [securityHeaders(hsts), securityHeadersOfApi(hsts)];
  // One handler, because each that express calls costs a request as much as what these do.
  const begin: RequestHandler = (req, res, next) => {
    forwarded(req);
    logEnd(runtime.log, req, res);
    if (isOfApi(req)) setHeadersOfApi(res);
    else setHeaders(res);
    next();
  };
  return app.use(begin, ...handlers);
}

/**
 * Gives a request an id and logs its end: who asked, from where, and the pattern of the route, not the URL, because
 * links contain tokens.
 */
function logEnd(log: Logger, req: Request, res: Response): void {
  const requestId = randomUUID();
  res.locals.requestId = requestId;
  res.setHeader('X-Request-Id', requestId);
  const startedAt = performance.now();
  const { method, ip: address } = req;
  res.on('finish', () => {
    const ms = Math.round(performance.now() - startedAt);
    const route = routeOf(req, res);
    log.info({ requestId, method, route, ...callerOf(res), address, status: res.statusCode, ms }, 'request');
  });
}

/** `/staff/tenants/:tenantId`; null if no route answered. */
function routeOf(req: Request, { locals: { mount } }: Response): string | null {
  if (mount === undefined) return null;
  const { path } = (req.route ?? {}) as { path?: unknown };
  return typeof path === 'string' && path !== '/' ? mount + path : mount;
}

/** The ids of the person, the hand-off link or the API key. */
function callerOf({ locals: { person, journey, keyId } }: Response): Record<string, string> {
  if (keyId !== undefined) return { keyId };
  if (journey?.by.handOffId !== undefined) return { handOffId: journey.by.handOffId };
  return person ? { personId: person.id } : {};
}

const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/**
 * Leaves only addresses in `X-Forwarded-For`. Warns once of a proxy that TRUST_PROXY does not name: it may be ours,
 * and then all visitors have its address; or someone reaches this process without passing ours.
 */
function onlyAddresses(isTrusted: (address: string, hop: number) => boolean, onUntrusted: () => void) {
  let hasWarned = false;
  return ({ headers, socket }: Request): void => {
    if (!proxyHeaders.some((name) => name in headers)) return;
    if (!hasWarned && !isTrusted(socket.remoteAddress ?? '', 0)) {
      hasWarned = true;
      onUntrusted();
    }
    const addresses = forwardedAddresses([headers['x-forwarded-for'] ?? ''].flat().join(','));
    if (addresses === '') delete headers['x-forwarded-for'];
    else headers['x-forwarded-for'] = addresses;
  };
}

type Hsts = false | { includeSubDomains: boolean };

const hstsOptions = (hsts: object) => ({ maxAge: 365 * 86_400, ...hsts });
const noStore = ['Cache-Control', 'no-store'] as const;

/**
 * Headers of every answer but those of the API: only our own code, no frames, no content sniffing, no caching by browsers or proxies.
 * Static files set their own `Cache-Control` afterwards.
 *
 * @param hsts false if the portal is not reached by https: then HSTS may not be sent
 */
export function securityHeaders(hsts: Hsts): (res: Response) => void {
  const fields = [
    ...fieldsOf(
      helmet({
        contentSecurityPolicy: {
          useDefaults: false,
          directives: {
            defaultSrc: ["'none'"],
            scriptSrc: ["'self'"],
            styleSrc: ["'self'"],
            imgSrc: ["'self'"],
            connectSrc: ["'self'"],
            formAction: ["'self'"],
            objectSrc: ["'none'"],
            baseUri: ["'none'"],
            frameAncestors: ["'none'"],
            reportUri: ['/csp-reports'],
          },
        },
        strictTransportSecurity: hsts && hstsOptions(hsts),
        referrerPolicy: { policy: 'no-referrer' },
        crossOriginOpenerPolicy: { policy: 'same-origin' },
        crossOriginResourcePolicy: { policy: 'same-origin' },
        xFrameOptions: { action: 'deny' },
      }),
    ),
    noStore,
  ];
  return setAll(fields);
}

/**
 * Headers of the API's answers, which no browser shows as a page: no frames, no content sniffing, no caching. Each more
 * costs a request as much as reading its body.
 */
function securityHeadersOfApi(hsts: Hsts): (res: Response) => void {
  const directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  return setAll([
    ...fieldsOf(helmet.contentSecurityPolicy({ useDefaults: false, directives })),
    ...fieldsOf(helmet.xContentTypeOptions()),
    ...(hsts ? fieldsOf(helmet.strictTransportSecurity(hstsOptions(hsts))) : []),
    noStore,
  ]);
}

const setAll = (fields: readonly Field[]) => (res: Response) => {
  for (const [name, value] of fields) res.setHeader(name, value);
};

type Helmet = ReturnType<typeof helmet>;
type Field = readonly [name: string, value: string];

/** The header fields of helmet, which are the same for every answer. It has a function for each. */
function fieldsOf(setFields: Helmet): Field[] {
  const fields: Field[] = [];
  const answer = {
    setHeader: (name: string, value: string) => fields.push([name, value]),
    removeHeader: () => undefined,
  };
  setFields(undefined as unknown as Parameters<Helmet>[0], answer as unknown as Parameters<Helmet>[1], () => undefined);
  return fields;
}
