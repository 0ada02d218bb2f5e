// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type Express, type RequestHandler } from 'express';
import { securityHeaders } from '../platform/http/headers.js';
import type { Logger } from '../platform/log.js';

type Parts = {
  https: boolean;
  trustProxy: string[];
  log: Logger;
  /** Called in this order: the probes, the API, the pages. */
  handlers: RequestHandler[];
};

/** The common parts of every answer: a request id, a log line, the security headers. */
export function frame({ https, trustProxy, log, handlers }: Parts): Express {
  const app = express();
  app.disable('etag'); // an answer that a browser must not keep has nothing to be compared with
  app.set('trust proxy', trustProxy.length > 0 ? trustProxy : false);
  app.use(logged(log), securityHeaders(https), ...handlers);
  return app;
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
