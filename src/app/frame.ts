// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a request id decides nothing
import { randomUUID } from 'node:crypto';
import express, { type Express, type RequestHandler } from 'express';
import type { Config } from '../config.js';
import { securityHeaders } from '../platform/http/headers.js';
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
