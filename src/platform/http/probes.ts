import { Router } from 'express';
import { migrationState, type Knex } from '../database/database.js';

/**
 * Alive, and ready: a status word and nothing else, for whoever watches the process.
 *
 * @param holdsEveryKey whether all that is stored opens with the keys of this process
 */
export function probes(db: Knex, holdsEveryKey: () => Promise<boolean>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok');
  });
  router.get('/readyz', async (_req, res) => {
    // That the keys work is proved at the start. Whether one is missing, only the database knows.
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
