import { Router } from 'express';
import { migrationState, type Knex } from '../database.js';

/** Alive, and ready: a status word and nothing else, for whoever watches the process. */
export function probes(db: Knex): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok');
  });
  router.get('/readyz', async (_req, res) => {
    // Keys are proved at the start: without them this process does not listen.
    const ready = await migrationState(db).then(
      (state) => state === 'current',
      () => false,
    );
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ok' : 'unavailable');
  });
  return router;
}
