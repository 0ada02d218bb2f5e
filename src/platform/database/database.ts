import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from '../log.js';
import { migrationsFolder } from '../paths.js';
import { isPostgresUnavailable, openPostgres } from './postgres.js';
import { isSqliteUnavailable, openSqlite } from './sqlite.js';

export type { Knex };

type EnsureTable = (table: string, schema: undefined, trx: Knex) => Promise<unknown>;
// knex's own, not in its published types
const { ensureTable } = createRequire(import.meta.url)('knex/lib/migrations/migrate/table-creator.js') as {
  ensureTable: EnsureTable;
};

/**
 * Runs `work` in one transaction: when the promise resolves, all of it is durable; otherwise none of it. `work` runs
 * again if PostgreSQL aborts it because of another transaction, so it must change nothing but the database.
 */
export type Transaction = <T>(work: (db: Knex) => Promise<T>) => Promise<T>;

/** `takesLong`: for migrations, whose statements may be slow. `mustExist`: does not create a file. */
export type OpenOptions = { takesLong?: boolean; mustExist?: boolean };

/**
 * Opens `sqlite:<path>`, `sqlite::memory:` or `postgres://…`. Reads and writes nothing yet and creates no tables; see
 * `migrate`. Code inside a transaction must use its handle: SQLite has no other connection, and another PostgreSQL
 * connection would not see the transaction's changes.
 *
 * @throws with the code NO_DATABASE_FILE if a file must exist and does not
 */
export function openDatabase(url: string, { takesLong = false, mustExist = false }: OpenOptions = {}): Knex {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), settings, mustExist);
  if (/^postgres(ql)?:/.test(url)) return openPostgres(url, settings, { takesLong });
  throw new Error('DATABASE_URL must start with sqlite: or postgres:');
}

const nothing = () => undefined;
const settings: Knex.Config = {
  // knex would write these to standard output; the caller gets the error anyway.
  log: { warn: nothing, error: nothing, deprecate: nothing, debug: nothing },
  migrations: { directory: migrationsFolder, loadExtensions: ['.cjs'] },
};

const MOST_WAITS = 60;

/**
 * Updates the database to this version's schema. If another process does the same, waits for it: up to a minute. On
 * SQLite it also rewrites the file: earlier versions did not overwrite what they deleted, and a migration may leave
 * copies.
 */
export async function migrate(db: Knex): Promise<void> {
  // Of two processes that begin with an empty database, knex would let both create its tables, and one would fail.
  await transactionOn(db)(async (trx) => {
    if (isPostgres(trx)) await trx.raw("select pg_advisory_xact_lock(hashtextextended('migrations', 0))");
    await ensureTable('knex_migrations', undefined, trx);
  });
  const done = await newMigrations(db);
  if (!isPostgres(db)) await rewriteFile(db, done.length > 0);
}

/** `user_version` is how many migrations the file had when it was last rewritten. A rewrite that failed is repeated. */
async function rewriteFile(db: Knex, hasChanged: boolean): Promise<void> {
  const [counted] = await db<{ id: number }>('knex_migrations').count<{ count: number }[]>({ count: 'id' });
  const [last] = await db.raw<{ user_version: number }[]>('pragma user_version');
  if (!hasChanged && last?.user_version === counted?.count) return;
  await db.raw('vacuum');
  await db.raw(`pragma user_version = ${Number(counted?.count)}`);
  await emptyLog(db);
}

async function newMigrations(db: Knex): Promise<string[]> {
  for (let waits = 0; ; waits += 1)
    try {
      const [, done] = (await db.migrate.latest()) as [number, string[]];
      return done;
    } catch (error) {
      if (waits === MOST_WAITS || !isMigrating(error)) throw error;
      await delay(1000);
    }
}

/** Another process holds knex's lock on migrations, or SQLite's on everything. */
const isMigrating = (error: unknown): boolean => {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === 'MigrationLocked' || String(code).startsWith('SQLITE_BUSY');
};

/** @returns 'current', or why this version must not run on the database; changes nothing */
export async function migrationState(db: Knex): Promise<'current' | 'behind' | 'ahead'> {
  // Compare names: knex's own status only counts, so a database with as many unknown as missing migrations would
  // pass.
  const ours = readdirSync(migrationsFolder).filter((file) => file.endsWith('.cjs'));
  const rows = (await db.schema.hasTable('knex_migrations'))
    ? await db<{ name: string }>('knex_migrations').select()
    : [];
  const done = rows.map(({ name }) => name);
  if (done.some((name) => !ours.includes(name))) return 'ahead';
  return ours.every((name) => done.includes(name)) ? 'current' : 'behind';
}

const MOST_ATTEMPTS = 5;

export const transactionOn =
  (db: Knex): Transaction =>
  async (work) => {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await db.transaction((trx) => work(trx));
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !isBrokenOff(error)) throw error;
      }
  };

/**
 * PostgreSQL rolled this transaction back and the other one continued: a serialization failure, a deadlock, or a unique
 * value that the other one wrote after this one had looked for it. The next run finds the other one's row.
 */
const isBrokenOff = (error: unknown): boolean =>
  ['40001', '40P01', '23505'].includes(String((error as { code?: unknown }).code));

export const isPostgres = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'postgresql';

/**
 * For the query that finds the row to claim, inside the claiming statement: skips rows that another process is
 * claiming instead of waiting for them. SQLite has only one writer at a time anyway.
 */
export const skippingLeased = <Q extends Knex.QueryBuilder>(db: Knex, query: Q): Q =>
  isPostgres(db) ? (query.forUpdate().skipLocked() as Q) : query;

/** For rows with a `lease_until`: selects rows without a lease or with an expired lease. */
export const unleased = (at: Date) => (rows: Knex.QueryBuilder) => {
  void rows.whereNull('lease_until').orWhere('lease_until', '<=', iso(at));
};

/**
 * The database's time in milliseconds since 1970: the server's on PostgreSQL, and the machine's on SQLite, which has
 * no server.
 */
export async function databaseTime(db: Knex, machine: { now: () => Date }): Promise<number> {
  if (!isPostgres(db)) return machine.now().getTime();
  const told = await db.raw<{ rows: { now: number }[] }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::double precision as now',
  );
  return told.rows[0]?.now ?? NaN;
}

/**
 * SQLite: empties the write-ahead log, which holds pages as they were before a secret in them was destroyed. Does
 * nothing on PostgreSQL, whose log is the server's.
 *
 * @returns false if another process reads or writes, so that the log keeps its pages
 */
export async function emptyLog(db: Knex): Promise<boolean> {
  if (isPostgres(db)) return true;
  const [row] = await db.raw<{ busy: number }[]>('pragma wal_checkpoint(truncate)');
  return row?.busy !== 1;
}

/** `emptyLog` again and again: logs when another process begins to block it, and when it works again. */
export function logEmptier(db: Knex, log: Logger): () => Promise<void> {
  let isBlocked = false;
  return async () => {
    const wasBlocked = isBlocked;
    isBlocked = !(await emptyLog(db));
    if (isBlocked && !wasBlocked)
      log.warn({ advice: LOG_ADVICE }, 'another process keeps the SQLite log from being emptied');
    if (!isBlocked && wasBlocked) log.info('the SQLite log can be emptied again');
  };
}

const LOG_ADVICE =
  'Destroyed secrets stay in the -wal file until then. Close every other program that has the database file open, ' +
  'such as a backup or the sqlite3 command.';

/** Whether the database is unreachable, busy or full: nothing was saved, and a retry may work. */
export const isUnavailable = (error: unknown): boolean => isSqliteUnavailable(error) || isPostgresUnavailable(error);

/** The only format in which times are stored; it sorts as text. */
export const iso = (at: Date): string => at.toISOString();
export const fromIso = (text: string): Date => new Date(text);
export const fromIsoOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));
export const isoOrNull = (at: Date | null): string | null => (at === null ? null : at.toISOString());
