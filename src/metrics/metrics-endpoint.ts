import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { Gauges, Metrics } from './metrics.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * `/metrics` in the text format of Prometheus, in every process whatever its roles are. It is for holders of the token
 * only, because it says how many tenants there are.
 *
 * @param token undefined: there is no such page
 */
export function metricsEndpoint(metrics: Metrics, gauges: readonly Gauges[], token: string | undefined): Router {
  const router = Router();
  if (token === undefined) return router;
  const wanted = sha256(token);
  router.all('/metrics', (req, res, next) => {
    res.locals.mount = '/metrics';
    const [, given = ''] = /^Bearer (\S+)$/i.exec(req.get('Authorization') ?? '') ?? [];
    if (timingSafeEqual(sha256(given), wanted)) next();
    else res.set('WWW-Authenticate', 'Bearer').status(401).type('text').send('unauthorized');
  });
  router.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.text(gauges));
  });
  router.all('/metrics', (_req, res) => {
    res.set('Allow', 'GET, HEAD').status(405).type('text').send('method not allowed');
  });
  return router;
}
