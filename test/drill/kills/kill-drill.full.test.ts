// On both databases: each ends the transactions and locks of a killed process in its own way.
// Runs for 270 s
import { startPostgres, type Postgres } from '../../../scripts/postgres.js';
import { migrate, openDatabase } from '../../../src/platform/database/database.js';
import { aDatabaseUrl, isPostgres } from '../../support/database/databases.js';
import { runKillDrill, type KillDrillOptions } from './kill-drill.js';

/**
 * On PostgreSQL: a separate server, which is restarted. Its address has a password, which must not appear anywhere.
 */
async function setUp(): Promise<{ options: Partial<KillDrillOptions>; server?: Postgres }> {
  if (!isPostgres) return { options: { databaseUrl: await aDatabaseUrl() } };
  const server = await startPostgres();
  const databaseUrl = Object.assign(new URL(server.url), { password: 'synthetic-database-password-17' }).href;
  const db = openDatabase(databaseUrl);
  await migrate(db);
  await db.destroy();
  return { options: { databaseUrl, each: 2, server: { restart: server.restart, everyKills: 25 } }, server };
}

const what = isPostgres ? '50 kills of four processes and two restarts of the database' : '50 kills of web and worker';

it(`loses no acknowledged JWT, does nothing partly or twice, and respects one budget in ${what}`, async () => {
  const { options, server } = await setUp();
  try {
    const result = await runKillDrill({ kills: 50, seed: 20261121, ...options });
    const { problems, acknowledged, submissions, restarts } = result;
    expect(problems).toEqual([]);
    expect(submissions).toBeGreaterThan(50);
    expect(acknowledged).toBeGreaterThan(10);
    expect(restarts).toBe(isPostgres ? 2 : 0);
  } finally {
    await server?.stop();
  }
}, 600_000); // three times its duration beside three other files
