import { Router } from 'express';
import { migrationState, type Knex } from '../database/database.js';

/**
 * Liveness and readiness for process monitors: only a status word.
 *
 * @param holdsEveryKey whether this process has the keys for everything that is stored
 */
export function probes(db: Knex, holdsEveryKey: () => Promise<boolean>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok');
  });
  router.get('/readyz', async (_req, res) => {
    // The startup proved that the keys work. Only the database knows whether one is missing.
    const ready = await migrationState(db)
      .then(async (state) => state === 'current' && (await holdsEveryKey()))
      .catch(() => false);
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ok' : 'unavailable');
  });
  return router;
}
