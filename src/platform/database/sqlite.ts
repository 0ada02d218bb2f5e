import { createRequire } from 'node:module';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { PATIENCE_MS } from './patience.js';

const require = createRequire(import.meta.url);
const SqliteClient = require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client;

/**
 * A deferred transaction that reads before it writes fails immediately if another process wrote in between
 * (SQLITE_BUSY_SNAPSHOT; the busy timeout does not help). All our transactions write, so they take the write lock at
 * the start.
 */
class ImmediateSqliteClient extends SqliteClient {
  // knex's own hook, not in its published types
  _query(connection: SqliteConnection, query: { sql: string }): Promise<unknown> {
    const immediate = query.sql === 'BEGIN;' ? Object.assign(query, { sql: 'BEGIN IMMEDIATE;' }) : query;
    const prototype = SqliteClient.prototype as unknown as { _query: (c: unknown, q: unknown) => Promise<unknown> };
    const kept = { prepare: (sql: string) => keptStatement(connection, sql) };
    const done = whenUnlocked(connection, () => prototype._query.call(this, kept, immediate));
    return query.sql === 'COMMIT;' ? done.catch((error: unknown) => rolledBack(connection, error)) : done;
  }
}

/** More than the portal has; statements over lists of different lengths are different ones. */
const MOST_KEPT = 500;

/**
 * Compiles a statement once for a connection, because that takes as long as running it. Keeps the last ones used. Only
 * those that have no effect while they are compiled; SQLite compiles them again after a change of the schema.
 */
function keptStatement(connection: SqliteConnection, sql: string): unknown {
  if (!/^(?:select|insert|update|delete|begin|commit)\b/i.test(sql)) return connection.prepare(sql);
  const statements = (connection.statements ??= new Map<string, unknown>());
  const statement = statements.get(sql) ?? connection.prepare(sql);
  statements.delete(sql);
  statements.set(sql, statement);
  const [oldest] = statements.keys();
  if (statements.size > MOST_KEPT && oldest !== undefined) statements.delete(oldest);
  return statement;
}

const RETRY_MS = 25;

/**
 * Runs a statement again while another process holds the lock. SQLite's own wait (`busy_timeout`) would block this whole
 * process, so it is off. A statement that was busy has changed nothing.
 *
 * The patience is that of all statements together: those that queued behind the first one are not each given it again.
 */
async function whenUnlocked<T>(connection: SqliteConnection, run: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      const done = await run();
      connection.busy = undefined;
      return done;
    } catch (error) {
      if (!isBusy(error)) throw error;
      const now = performance.now();
      const { since, seen } = connection.busy ?? { since: now, seen: now };
      // Not seen busy for that long: this is another wait than the one that was given up.
      connection.busy = { since: now - seen > PATIENCE_MS ? now : since, seen: now };
      if (now - connection.busy.since > PATIENCE_MS) throw error;
      await delay(RETRY_MS);
    }
}

/** Not SQLITE_BUSY_SNAPSHOT, which waiting does not end. */
const isBusy = (error: unknown): boolean =>
  /^SQLITE_BUSY(_RECOVERY|_TIMEOUT)?$/.test(String((error as { code?: unknown }).code));

type SqliteConnection = {
  /** The compiled statements by their SQL, the last one used at the end. */
  statements?: Map<string, unknown>;
  /** When the database was first and last found locked, if it was at the last try. */
  busy: { since: number; seen: number } | undefined;
  pragma: (source: string, options?: { simple: boolean }) => unknown;
  exec: (sql: string) => unknown;
  prepare: (sql: string) => { pluck: () => { get: () => unknown } };
  inTransaction: boolean;
};

/**
 * A failed commit can leave the transaction open, and knex would reuse the connection: every later write would seem
 * to succeed and never be durable.
 */
function rolledBack(connection: SqliteConnection, error: unknown): never {
  if (connection.inTransaction) connection.exec('ROLLBACK');
  throw error;
}

/**
 * Earlier versions can lose a committed transaction of a WAL file that two connections reset at once.
 *
 * @throws with the code SQLITE_TOO_OLD
 */
export function refuseOldVersion(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major * 1e6 + minor * 1e3 + patch < 3_051_003)
    throw Object.assign(new Error('SQLite is older than 3.51.3'), { code: 'SQLITE_TOO_OLD' });
}

/** `secure_delete`: what is deleted or replaced is overwritten with zeros; `temp_store`: no copies in other files. */
const wantedPragmas = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  secure_delete: 1,
  temp_store: 2,
  busy_timeout: 0,
} as const;

/**
 * Sets the pragmas and reads them back, because an ignored setting would cause data loss much later. The wait for a
 * lock is set last: until then the driver's own applies.
 */
function preparePragmas(connection: SqliteConnection, inMemory: boolean): void {
  for (const [name, value] of Object.entries(wantedPragmas)) {
    const wanted = name === 'journal_mode' && inMemory ? 'memory' : value;
    connection.pragma(`${name} = ${wanted}`);
    const found = connection.pragma(name, { simple: true });
    if (found !== wanted) throw new Error(`SQLite did not accept the pragma ${name}`);
  }
}

/**
 * Opens a file or `:memory:`. There is one connection, so an open transaction blocks everything else in this process.
 */
export function openSqlite(filename: string, settings: Knex.Config, mustExist = false): Knex {
  const inMemory = filename === ':memory:';
  if (!inMemory && mustExist && !existsSync(filename))
    throw Object.assign(new Error('there is no such file'), { code: 'NO_DATABASE_FILE' });
  if (!inMemory) prepareFile(filename);
  return knex({
    ...settings,
    client: ImmediateSqliteClient,
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: SqliteConnection, done: (error: Error | null) => void) => {
        try {
          refuseOldVersion(String(connection.prepare('select sqlite_version()').pluck().get()));
          preparePragmas(connection, inMemory);
          done(null);
        } catch (error) {
          done(error as Error);
        }
      },
    },
  });
}

function prepareFile(filename: string): void {
  try {
    mkdirSync(dirname(filename), { recursive: true, mode: 0o700 });
    // SQLite gives its log files the mode of the database, so no other user of the machine can read them.
    closeSync(openSync(filename, 'a', 0o600));
  } catch {
    // SQLite cannot open it either, and the first query reports that.
  }
}

export const isSqliteUnavailable = (error: unknown): boolean =>
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY)/.test(String((error as { code?: unknown }).code));
