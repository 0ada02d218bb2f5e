import { Router, type Response } from 'express';
import { migrationState, type Knex } from '../database/database.js';

/**
 * Liveness and readiness for process monitors: only a status word.
 *
 * @param isReady the answer of every check that decides readiness, besides the state of the database
 */
export function probes(db: Knex, isReady: () => Promise<boolean>): Router {
  const answer = (res: Response, status: number, word: string) => res.status(status).type('text').send(word);
  const router = Router();
  router.get('/healthz', (_req, res) => void answer(res, 200, 'ok'));
  router.get('/readyz', async (_req, res) => {
    const ready = await migrationState(db)
      .then(async (state) => state === 'current' && (await isReady()))
      .catch(() => false);
    if (ready) answer(res, 200, 'ok');
    else answer(res, 503, 'unavailable');
  });
  router.all(['/healthz', '/readyz'], (_req, res) => {
    answer(res.set('Allow', 'GET, HEAD'), 405, 'method not allowed');
  });
  return router;
}
