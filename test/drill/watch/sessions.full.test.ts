// Runs for 80 s
import { aDatabaseUrl, isPostgres } from '../../support/database/databases.js';
import { runSessionDrill } from './session-drill.js';

/** A twentieth of the drill's size: a whole day on SQLite, and less on PostgreSQL, where every step takes longer. */
it('in a day of jobs, checks, presses and replacements, no token is revoked while a job uses it', async () => {
  const hours = isPostgres ? 4 : 24;
  const options = { jobs: 5, seed: 20261121, hours, ...(isPostgres ? { databaseUrl: await aDatabaseUrl() } : {}) };
  const { asks, presses, problems } = await runSessionDrill(options);
  expect(problems).toEqual([]);
  expect(asks).toBeGreaterThan(hours * 2);
  expect(presses).toBeGreaterThan(hours * 2);
}, 600_000);
