import { createRequire } from 'node:module';
import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import knex, { type Knex } from 'knex';
import { migrationsFolder } from './paths.js';

export type { Knex };

/** Runs `work` in one transaction: all of it is durable when the promise resolves, none of it otherwise. */
export type Transaction = <T>(work: (db: Knex) => Promise<T>) => Promise<T>;

const require = createRequire(import.meta.url);
const SqliteClient = require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client;

/**
 * A deferred transaction that reads before it writes fails at once when another process wrote in between
 * (SQLITE_BUSY_SNAPSHOT; the busy timeout does not help). Ours all write, so they take the lock at the start.
 */
class ImmediateSqliteClient extends SqliteClient {
  // knex's own hook, not in its published types
  _query(connection: SqliteConnection, query: { sql: string }): Promise<unknown> {
    const immediate = query.sql === 'BEGIN;' ? Object.assign(query, { sql: 'BEGIN IMMEDIATE;' }) : query;
    const prototype = SqliteClient.prototype as unknown as { _query: (c: unknown, q: unknown) => Promise<unknown> };
    const done = prototype._query.call(this, connection, immediate);
    return query.sql === 'COMMIT;' ? done.catch((error: unknown) => rolledBack(connection, error)) : done;
  }
}

type SqliteConnection = {
  pragma: (source: string, options?: { simple: boolean }) => unknown;
  exec: (sql: string) => unknown;
  inTransaction: boolean;
};

/**
 * A commit that fails may leave the transaction open, and knex would go on with the connection: every later write would
 * seem to succeed and never be durable.
 */
function rolledBack(connection: SqliteConnection, error: unknown): never {
  if (connection.inTransaction) connection.exec('ROLLBACK');
  throw error;
}

const wantedPragmas = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, busy_timeout: 5000 } as const;

/** Sets the pragmas and reads them back: a setting SQLite ignored would cost data long after the start. */
function preparePragmas(connection: SqliteConnection, inMemory: boolean): void {
  for (const [name, value] of Object.entries(wantedPragmas)) {
    const wanted = name === 'journal_mode' && inMemory ? 'memory' : value;
    connection.pragma(`${name} = ${wanted}`);
    const found = connection.pragma(name, { simple: true });
    if (found !== wanted) throw new Error(`SQLite did not take the pragma ${name}`);
  }
}

/**
 * Opens `sqlite:<path>` or `sqlite::memory:`. Nothing is read or written yet, and no table is made: see `migrate`.
 *
 * SQLite has one connection here, so code inside a transaction must use the handle it was given.
 */
export function openDatabase(url: string): Knex {
  if (!url.startsWith('sqlite:')) throw new Error('DATABASE_URL must start with sqlite:');
  const filename = url.slice('sqlite:'.length);
  const inMemory = filename === ':memory:';
  if (!inMemory) prepareFile(filename);
  return knex({
    client: ImmediateSqliteClient,
    connection: { filename },
    useNullAsDefault: true,
    log: silent, // it would write to standard output; whoever asked gets the error
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: SqliteConnection, done: (error: Error | null) => void) => {
        try {
          preparePragmas(connection, inMemory);
          done(null);
        } catch (error) {
          done(error as Error);
        }
      },
    },
    migrations,
  });
}

const nothing = () => undefined;
const silent = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing };

function prepareFile(filename: string): void {
  try {
    mkdirSync(dirname(filename), { recursive: true, mode: 0o700 });
    // SQLite gives its log files the mode of the database: nobody else on the machine may read them.
    closeSync(openSync(filename, 'a', 0o600));
  } catch {
    // SQLite cannot open it either, and whoever asks it first is told.
  }
}

const migrations = {
  directory: migrationsFolder,
  loadExtensions: ['.cjs'],
};

/** Brings the database up to this version's tables. */
export async function migrate(db: Knex): Promise<void> {
  await db.migrate.latest();
}

/** @returns 'current', or why this version must not run on the database; it changes nothing there */
export async function migrationState(db: Knex): Promise<'current' | 'behind' | 'ahead'> {
  // By name: knex's own status counts, so a database that is as much ahead as behind would pass for current.
  const ours = readdirSync(migrationsFolder).filter((file) => file.endsWith('.cjs'));
  const rows = (await db.schema.hasTable('knex_migrations'))
    ? await db<{ name: string }>('knex_migrations').select()
    : [];
  const done = rows.map(({ name }) => name);
  if (done.some((name) => !ours.includes(name))) return 'ahead';
  return ours.every((name) => done.includes(name)) ? 'current' : 'behind';
}

export const transactionOn =
  (db: Knex): Transaction =>
  (work) =>
    db.transaction((trx) => work(trx));

/** The one form in which times are stored: it sorts as text. */
export const iso = (at: Date): string => at.toISOString();
export const fromIso = (text: string): Date => new Date(text);
export const fromIsoOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));
export const isoOrNull = (at: Date | null): string | null => (at === null ? null : at.toISOString());
