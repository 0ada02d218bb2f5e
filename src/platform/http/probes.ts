import { Router } from 'express';
import { migrationState, type Knex } from '../database/database.js';

/**
 * Liveness and readiness for process monitors: only a status word.
 *
 * @param isReady the answer of every check that decides readiness, besides the state of the database
 */
export function probes(db: Knex, isReady: () => Promise<boolean>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok');
  });
  router.get('/readyz', async (_req, res) => {
    const ready = await migrationState(db)
      .then(async (state) => state === 'current' && (await isReady()))
      .catch(() => false);
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ok' : 'unavailable');
  });
  return router;
}
