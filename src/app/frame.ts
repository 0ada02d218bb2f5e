// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Config } from '../config.js';
import { forwardedAddresses } from '../platform/addresses.js';
import type { Logger } from '../platform/log.js';

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
  return app.use(forwarded(isTrusted, onUntrusted), logged(runtime.log), securityHeaders(hsts), ...handlers);
}

/**
 * Gives a request an id and logs its end: who asked, from where, and the pattern of the route, not the URL, because
 * links contain tokens.
 */
const logged =
  (log: Logger): RequestHandler =>
  (req, res, next) => {
    const requestId = randomUUID();
    res.locals.requestId = requestId;
    res.set('X-Request-Id', requestId);
    const startedAt = performance.now();
    const { method, ip: address } = req;
    res.on('finish', () => {
      const ms = Math.round(performance.now() - startedAt);
      const route = routeOf(req, res);
      log.info({ requestId, method, route, ...callerOf(res), address, status: res.statusCode, ms }, 'request');
    });
    next();
  };

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
function forwarded(isTrusted: (address: string, hop: number) => boolean, onUntrusted: () => void): RequestHandler {
  let hasWarned = false;
  return (req, _res, next) => {
    const { headers } = req;
    const isUntrusted = proxyHeaders.some((name) => name in headers) && !isTrusted(req.socket.remoteAddress ?? '', 0);
    if (isUntrusted && !hasWarned) {
      hasWarned = true;
      onUntrusted();
    }
    const addresses = forwardedAddresses([headers['x-forwarded-for'] ?? ''].flat().join(','));
    if (addresses === '') delete headers['x-forwarded-for'];
    else headers['x-forwarded-for'] = addresses;
    next();
  };
}

/**
 * Headers of every answer: only our own code, no frames, no content sniffing, no caching by browsers or proxies.
 * Static files set their own `Cache-Control` afterwards.
 *
 * @param hsts false if the portal is not reached by https: then HSTS may not be sent
 */
export const securityHeaders = (hsts: false | { includeSubDomains: boolean }): RequestHandler[] => [
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
    strictTransportSecurity: hsts && { maxAge: 365 * 86_400, ...hsts },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  }),
  (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  },
];
