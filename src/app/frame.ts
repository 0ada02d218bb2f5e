// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Config } from '../config.js';
import type { Logger } from '../platform/log.js';

type Foundation = { https: boolean; config: Pick<Config, 'TRUST_PROXY'>; runtime: { log: Logger } };

/** The common parts of every answer: a request id, a log line, the security headers. */
export function frame({ https, config, runtime }: Foundation, handlers: RequestHandler[]): Express {
  const app = express();
  app.disable('etag'); // an answer that a browser must not keep has nothing to be compared with
  app.set('trust proxy', config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false);
  return app.use(logged(runtime.log), securityHeaders(https), ...handlers);
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

/**
 * Headers of every answer: only our own code, no frames, no content sniffing, no caching by browsers or proxies.
 * Static files set their own `Cache-Control` afterwards.
 *
 * @param https whether the portal is reached by https; only then may HSTS be sent
 */
export const securityHeaders = (https: boolean): RequestHandler[] => [
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
    strictTransportSecurity: https ? { maxAge: 365 * 86_400, includeSubDomains: true } : false,
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
