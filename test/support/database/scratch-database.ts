import { readPostgresUrl } from '../../../src/config.js';
import { migrate, openDatabase } from '../../../src/platform/database/database.js';
import { takeSchema } from '../../../src/demo/postgres-schema.js';

/** undefined: an SQLite file in a separate folder */
export type ScratchDatabase = { url: string | undefined; release: () => Promise<void> };

/**
 * What a bench or a drill works on: a migrated schema of its own where DATABASE_URL names PostgreSQL, which is gone
 * afterwards.
 *
 * @throws {Error} whose message is for the person who gave DATABASE_URL
 */
export async function aScratchDatabase(): Promise<ScratchDatabase> {
  const given = readPostgresUrl();
  if (given === null) return { url: undefined, release: () => Promise.resolve() };
  const { url, release } = await takeSchema(given, 'latchkey_scratch', true);
  const db = openDatabase(url);
  await migrate(db);
  await db.destroy();
  return { url, release };
}
