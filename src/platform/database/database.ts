import { readdirSync } from 'node:fs';
import type { Knex } from 'knex';
import { migrationsFolder } from '../paths.js';
import { isPostgresUnavailable, openPostgres } from './postgres.js';
import { isSqliteUnavailable, openSqlite } from './sqlite.js';

export type { Knex };

/**
 * Runs `work` in one transaction: all of it is durable when the promise resolves, none of it otherwise. `work` is done
 * again where PostgreSQL broke it off for another's sake, so it must change nothing but the database.
 */
export type Transaction = <T>(work: (db: Knex) => Promise<T>) => Promise<T>;

/**
 * Opens `sqlite:<path>`, `sqlite::memory:` or `postgres://…`. Nothing is read or written yet, and no table is made: see
 * `migrate`. Code inside a transaction must use the handle it was given: SQLite has no other connection, and another
 * one of PostgreSQL would not see what the transaction did. `takesLong` is for a migration, whose statements may.
 */
export function openDatabase(url: string, { takesLong = false } = {}): Knex {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), settings);
  if (/^postgres(ql)?:/.test(url)) return openPostgres(url, settings, { takesLong });
  throw new Error('DATABASE_URL must start with sqlite: or postgres:');
}

const nothing = () => undefined;
const settings: Knex.Config = {
  // It would write to standard output; whoever asked gets the error.
  log: { warn: nothing, error: nothing, deprecate: nothing, debug: nothing },
  migrations: { directory: migrationsFolder, loadExtensions: ['.cjs'] },
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

/** A deadlock or a serialization failure: nothing of the transaction is left, and the other one has gone on. */
const isBrokenOff = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String((error as { code?: unknown }).code));

export const isPostgres = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'postgresql';

/**
 * For the query that finds the row to claim, inside the statement that claims it: passes over rows that another process
 * is claiming just now instead of waiting for them. SQLite has one writer at a time anyway.
 */
export const skippingClaimed = <Q extends Knex.QueryBuilder>(db: Knex, query: Q): Q =>
  isPostgres(db) ? (query.forUpdate().skipLocked() as Q) : query;

/** Of rows with a `lease_until`: those that are not leased, and those whose lease ran out. */
export const unleased = (at: Date) => (rows: Knex.QueryBuilder) => {
  void rows.whereNull('lease_until').orWhere('lease_until', '<=', iso(at));
};

/** The database's time in milliseconds since 1970: the server's on PostgreSQL; on SQLite, which has no server, the machine's. */
export async function databaseTime(db: Knex, machine: { now: () => Date }): Promise<number> {
  if (!isPostgres(db)) return machine.now().getTime();
  const told = await db.raw<{ rows: { now: number }[] }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::double precision as now',
  );
  return told.rows[0]?.now ?? NaN;
}

/** Whether the database is away, busy or full: nothing was saved, and the same may well work later. */
export const isUnavailable = (error: unknown): boolean => isSqliteUnavailable(error) || isPostgresUnavailable(error);

/** The one form in which times are stored: it sorts as text. */
export const iso = (at: Date): string => at.toISOString();
export const fromIso = (text: string): Date => new Date(text);
export const fromIsoOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));
export const isoOrNull = (at: Date | null): string | null => (at === null ? null : at.toISOString());
