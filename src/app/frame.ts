// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type Express, type RequestHandler } from 'express';
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

/** Gives a request an id and logs its end: the method, not the URL, because links contain tokens. */
const logged =
  (log: Logger): RequestHandler =>
  (req, res, next) => {
    const requestId = randomUUID();
    res.locals.requestId = requestId;
    res.set('X-Request-Id', requestId);
    const startedAt = performance.now();
    res.on('finish', () => {
      const ms = Math.round(performance.now() - startedAt);
      log.info({ requestId, method: req.method, status: res.statusCode, ms }, 'request');
    });
    next();
  };

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
