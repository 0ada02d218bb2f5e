import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import knex from 'knex';

/** One file a run with this version's tables, for every test file on SQLite to copy: to make them takes twenty times as long. */
export default async function make() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sqlite-'));
  const filename = join(folder, 'template.db');
  const db = knex({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    migrations: { directory: fileURLToPath(new URL('../migrations', import.meta.url)), loadExtensions: ['.cjs'] },
  });
  await db.migrate.latest();
  await db.destroy();
  process.env.TEST_SQLITE_TEMPLATE = filename;
}
