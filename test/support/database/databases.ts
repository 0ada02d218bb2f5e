import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { lockFor } from '../../../src/platform/database/lock.js';
import { takeBadStatements, tenantTablesOf, watchStatements } from './statements.js';

export type DatabaseKind = 'sqlite' | 'postgres';
/** The database of this run of the test file; jest.config.js runs each file once per database. */
export const databaseKind = (globalThis as { databaseKind?: DatabaseKind }).databaseKind ?? 'sqlite';
export const isPostgres = databaseKind === 'postgres';

/** An address without a database, with a password if it has room for one. */
export const anUnusableUrl = isPostgres
  ? 'postgres://portal:synthetic-database-password-17@127.0.0.1:1/portal'
  : `sqlite:${tmpdir()}`;

/** What is said of it. */
export const cannotBeOpened = isPostgres
  ? 'cannot be opened: no server listens at its host and port: start it, or correct them (ECONNREFUSED)'
  : 'cannot be opened: its file or folder does not exist, or this user may not write there (SQLITE_CANTOPEN)';
/** What is said of an address from `anEmptyDatabaseUrl`. */
export const notMigrated = isPostgres
  ? 'is behind this version: run "latchkey migrate"'
  : 'cannot be opened: there is no such file: run "latchkey migrate", which creates it (NO_DATABASE_FILE)';

/** The database's error for a duplicate row. */
export const aUniqueViolation = { code: isPostgres ? '23505' : 'SQLITE_CONSTRAINT_UNIQUE' };
/** The database's error for a reference to a missing row. */
export const aForeignKeyViolation = { code: isPostgres ? '23503' : 'SQLITE_CONSTRAINT_FOREIGNKEY' };

const TEMPLATE = 'latchkey_template';
/** Created once per test run; a process outside a run migrates its own. */
const sqliteTemplate = process.env['TEST_SQLITE_TEMPLATE'];
const folders: string[] = [];
const names: string[] = [];
let admin: Knex | undefined;
let templateIsReady = false;

/**
 * The address of an empty database that is deleted after the test file; several handles and processes may open it.
 */
export async function anEmptyDatabaseUrl(): Promise<string> {
  return isPostgres ? aPostgresDatabase('template0') : aSqliteFile();
}

/** The same, with this version's tables. */
export async function aDatabaseUrl(): Promise<string> {
  if (isPostgres) {
    await makeTemplate();
    return aPostgresDatabase(TEMPLATE);
  }
  const url = aSqliteFile();
  const file = url.slice('sqlite:'.length);
  if (sqliteTemplate !== undefined) {
    copyFileSync(sqliteTemplate, file);
    chmodSync(file, 0o600);
  } else {
    const db = openDatabase(url);
    await migrate(db);
    await db.destroy();
  }
  return url;
}

/** A migrated database and its only handle; in memory on SQLite. The caller closes it. */
export async function aMigratedDatabase(): Promise<Knex> {
  if (isPostgres) return openWatched(await aDatabaseUrl());
  const db = openDatabase('sqlite::memory:');
  await (sqliteTemplate === undefined ? migrate(db) : copyTables(db, sqliteTemplate));
  return watched(db);
}

/** A drill has no test that could fail. */
const isTest = typeof afterAll === 'function';
let tenantTables: Promise<Set<string>> | undefined;
/**
 * Watches a migrated database: a test fails if the portal's code runs a statement on tenants' rows without a tenant,
 * or on a table of another store.
 */
const watched = async (db: Knex): Promise<Knex> =>
  isTest ? watchStatements(db, await (tenantTables ??= tenantTablesOf(db))) : db;

/** Another handle on a migrated database. */
export const openWatched = (url: string): Promise<Knex> => watched(openDatabase(url));

/** Copies the tables of a migrated database in one go, which is faster than running every migration. */
async function copyTables(db: Knex, template: string): Promise<void> {
  const client = db.client as { acquireConnection: () => Promise<Sqlite>; releaseConnection: (it: Sqlite) => unknown };
  const connection = await client.acquireConnection();
  connection.prepare('attach ? as template').run(template);
  const made = connection
    .prepare("select sql from template.sqlite_master where name not glob 'sqlite_*' and sql is not null order by rowid")
    .pluck()
    .all();
  const copied = ['knex_migrations', 'knex_migrations_lock'].map(
    (table) => `insert into ${table} select * from template.${table}`,
  );
  connection.exec([...made, ...copied, 'detach template'].join(';'));
  await client.releaseConnection(connection);
}

type Sqlite = {
  prepare: (sql: string) => { run: (value: string) => unknown; pluck: () => { all: () => unknown[] } };
  exec: (sql: string) => unknown;
};

/** The names of the portal's tables. */
export async function tablesOf(db: Knex): Promise<string[]> {
  const names =
    (db.client as { dialect: string }).dialect === 'postgresql'
      ? await db('pg_tables')
          .whereRaw('schemaname = current_schema()')
          .orderBy('tablename')
          .pluck<string[]>('tablename')
      : await db('sqlite_master').where({ type: 'table' }).orderBy('name').pluck<string[]>('name');
  return names.filter((name) => !/^(knex_|sqlite_)/.test(name));
}

/** Every row of every table, to detect changes and inspect what was stored. */
export async function everyRow(db: Knex): Promise<Record<string, object[]>> {
  const rows: Record<string, object[]> = {};
  for (const name of await tablesOf(db)) rows[name] = await rowsOf(db, name);
  return rows;
}

/** A table's rows in a stable order; PostgreSQL returns them in the order of their last change. */
export const rowsOf = async (db: Knex, table: string): Promise<object[]> =>
  (await db(table).select<object[]>()).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Makes inserts into the table fail. @returns a function that undoes this */
export const breakInserts = (db: Knex, table: string, message?: string) => breaks(db, 'insert', table, message);
/** Makes updates of the table fail. @returns a function that undoes this */
export const breakUpdates = (db: Knex, table: string, message?: string) => breaks(db, 'update', table, message);

async function breaks(
  db: Knex,
  what: 'insert' | 'update',
  table: string,
  message = 'synthetic',
): Promise<() => Promise<void>> {
  const on = `before ${what} on ${table}`;
  if (isPostgres) {
    const body = `begin raise exception '${message}'; end`;
    await db.raw(`create function fails() returns trigger language plpgsql as $$ ${body} $$`);
    await db.raw(`create trigger fails ${on} for each row execute function fails()`);
  } else await db.raw(`create trigger fails ${on} begin select raise(abort, '${message}'); end`);
  return () => db.raw(isPostgres ? 'drop function fails cascade' : 'drop trigger fails');
}

function aSqliteFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
  folders.push(folder);
  return `sqlite:${join(folder, 'latchkey.db')}`;
}

const serverUrl = (): string => process.env['TEST_POSTGRES_URL'] ?? '';
const urlOf = (name: string): string => Object.assign(new URL(serverUrl()), { pathname: `/${name}` }).href;

async function aPostgresDatabase(template: string): Promise<string> {
  admin ??= openDatabase(serverUrl());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const [{ version }] = (
    await admin.raw<{ rows: [{ version: number }] }>("select current_setting('server_version_num')::int as version")
  ).rows;
  // Copying files is faster for a small database; before version 15 it is the only way.
  await admin.raw(`create database ${name} template ${template} ${version >= 150_000 ? 'strategy file_copy' : ''}`);
  names.push(name);
  return urlOf(name);
}

/** Created by the first of all processes of a run that needs it. */
async function makeTemplate(): Promise<void> {
  if (templateIsReady) return;
  const server = (admin ??= openDatabase(serverUrl()));
  await transactionOn(server)(async (trx) => {
    await lockFor(trx, 'template', TEMPLATE);
    if (await trx('pg_database').where({ datname: TEMPLATE }).first('datname')) return;
    // A database cannot be created in a transaction, so this uses another connection.
    await server.raw('create database template_in_the_making');
    const db = openDatabase(urlOf('template_in_the_making'));
    await migrate(db);
    await db.destroy();
    await server.raw(`alter database template_in_the_making rename to ${TEMPLATE}`);
  });
  templateIsReady = true;
}

async function removeAll(): Promise<void> {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  for (const name of names.splice(0)) await admin?.raw(`drop database ${name} with (force)`);
  await admin?.destroy();
  admin = undefined;
}

function refuseBadStatements(): void {
  const found = takeBadStatements();
  if (found.length > 0) throw new Error(found.join('\n'));
}

if (isTest) {
  afterEach(refuseBadStatements);
  afterAll(refuseBadStatements);
  afterAll(removeAll);
}
