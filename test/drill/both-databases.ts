import { startPostgres } from '../../scripts/postgres.js';
import { readPostgresUrl } from '../../src/config.js';
import { migrate, openDatabase } from '../../src/platform/database/database.js';
import { aScratchDatabase } from '../support/database/scratch-database.js';
import type { Drilled } from './drill-types.js';

type OnDatabase = (databaseUrl: string | undefined) => Promise<Drilled>;

/**
 * Runs on an SQLite file, and then on a PostgreSQL server that is started for it; or only on the server of DATABASE_URL, if
 * that is given.
 */
export async function onBothDatabases(run: OnDatabase): Promise<Drilled> {
  if (readPostgresUrl() !== null) return onScratchDatabase(run);
  const found: Drilled[] = [await onScratchDatabase(run), await onPostgres(run)];
  const names = ['SQLite', 'PostgreSQL'];
  return {
    count: found.map(({ count }, index) => `${names[index]}: ${count}`).join('; '),
    problems: found.flatMap(({ problems }, index) => problems.map((problem) => `${names[index]}: ${problem}`)),
  };
}

export async function onScratchDatabase(run: OnDatabase): Promise<Drilled> {
  const { url, release } = await aScratchDatabase();
  return run(url).finally(release);
}

/** On the server of DATABASE_URL, or one that is started for it. */
export async function onPostgres(run: OnDatabase): Promise<Drilled> {
  if (readPostgresUrl() !== null) return onScratchDatabase(run);
  const server = await startPostgres();
  try {
    const db = openDatabase(server.url);
    await migrate(db);
    await db.destroy();
    return await run(server.url);
  } finally {
    await server.stop();
  }
}
