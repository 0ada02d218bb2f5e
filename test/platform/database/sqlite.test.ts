import Sqlite from 'better-sqlite3';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isUnavailable,
  logEmptier,
  openDatabase,
  transactionOn,
  type Knex,
} from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { refuseOldVersion } from '../../../src/platform/database/sqlite.js';

let folder: string;
let url: string;
let db: Knex;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-db-'));
  url = `sqlite:${join(folder, 'test.db')}`;
  db = openDatabase(url);
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const pragma = async (handle: Knex, name: string) => {
  const rows = await handle.raw<Record<string, unknown>[]>(`pragma ${name}`);
  return Object.values(rows[0] ?? {})[0];
};

it.each([
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['secure_delete', 1],
  ['temp_store', 2],
  ['busy_timeout', 0],
])('opens a file with the pragma %s = %s', async (name, value) => {
  expect(await pragma(db, name)).toBe(value);
});

describe('while another process holds the write lock', () => {
  let other: Sqlite.Database;
  beforeEach(async () => {
    await db.schema.createTable('counter', (table) => table.integer('value'));
    other = new Sqlite(url.slice('sqlite:'.length));
    other.exec('BEGIN IMMEDIATE');
  });
  afterEach(() => other.close());
  const values = () => db('counter').orderBy('value').pluck<number[]>('value');

  it('a write waits without stopping this process, and is made when the lock is free', async () => {
    const begun = performance.now();
    let isWritten = false;
    const write = transactionOn(db)((trx) => trx('counter').insert({ value: 1 })).then(() => (isWritten = true));
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([isWritten, performance.now() - begun < 2000]).toEqual([false, true]);
    other.exec('ROLLBACK');
    await write;
    expect(await values()).toEqual([1]);
  });

  it('writes that queue behind the one that waited too long are given up at once, and the next lock is waited for', async () => {
    const begun = performance.now();
    const given = await Promise.allSettled([1, 2, 3, 4].map((value) => db('counter').insert({ value })));
    expect(given.map((one) => one.status === 'rejected' && isUnavailable(one.reason))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(performance.now() - begun).toBeLessThan(9000);
    expect(await values()).toEqual([]);
    other.exec('COMMIT');
    await db('counter').insert({ value: 5 });
    other.exec('BEGIN IMMEDIATE');
    const write = db('counter').insert({ value: 6 });
    setImmediate(() => other.exec('COMMIT'));
    await write;
    expect(await values()).toEqual([5, 6]);
  });
});

it('SEC-59: a reader that keeps the log from being emptied is logged once, with advice, and so is its end', async () => {
  const lines: string[] = [];
  const empty = logEmptier(db, createLogger('info', { write: (line: string) => void lines.push(line) }));
  const logged = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  await db.schema.createTable('counter', (table) => table.integer('value'));
  await empty();
  const other = new Sqlite(url.slice('sqlite:'.length));
  for (const value of [1, 2]) {
    other.exec('BEGIN');
    other.prepare('select value from counter').get();
    await db('counter').insert({ value });
    await empty();
    await empty();
    expect(logged()).toHaveLength(2 * value - 1);
    other.exec('COMMIT');
    await empty();
    await empty();
  }
  other.close();
  const blocked = 'another process keeps the SQLite log from being emptied';
  const over = 'the SQLite log can be emptied again';
  expect(logged()).toEqual([blocked, over, blocked, over]);
  expect(lines[0]).toContain('Close every other program that has the database file open');
});

it('creates the folder of a new database, for its owner only', async () => {
  const nested = openDatabase(`sqlite:${join(folder, 'data', 'deep.db')}`);
  await nested.raw('select 1');
  await nested.destroy();
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
});

it('a database that must exist is not created', () => {
  const absent = join(folder, 'none', 'absent.db');
  expect(() => openDatabase(`sqlite:${absent}`, { mustExist: true })).toThrow(
    expect.objectContaining({ code: 'NO_DATABASE_FILE' }) as Error,
  );
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

it.each([
  ['3.51.2', true],
  ['3.46.0', true],
  ['2.99.99', true],
  ['3.51.3', false],
  ['3.53.2', false],
  ['4.0.0', false],
])('SQLite %s is refused: %s', (version, isRefused) => {
  const refuse = () => refuseOldVersion(version);
  if (isRefused) expect(refuse).toThrow(expect.objectContaining({ code: 'SQLITE_TOO_OLD' }) as Error);
  else expect(refuse).not.toThrow();
});

it('with a plain BEGIN, would fail one of two transactions that read and then write, despite the busy timeout', async () => {
  await db.schema.createTable('counter', (table) => table.integer('value'));
  await db('counter').insert({ value: 0 });
  const file = url.slice('sqlite:'.length);
  const [one, two] = [new Sqlite(file), new Sqlite(file)];
  one.exec('BEGIN');
  one.prepare('select value from counter').get();
  two.exec('update counter set value = 1');
  let refused: unknown;
  try {
    one.exec('update counter set value = 2');
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'SQLITE_BUSY_SNAPSHOT' });
  one.close();
  two.close();
});

describe('a statement that runs again', () => {
  const prepare = Reflect.get(Sqlite.prototype, 'prepare') as (sql: string) => Sqlite.Statement;
  let compiled: string[];
  beforeEach(async () => {
    await db.schema.createTable('counter', (table) => table.integer('value'));
    compiled = [];
    Sqlite.prototype.prepare = function (this: Sqlite.Database, sql: string) {
      compiled.push(sql);
      return prepare.call(this, sql);
    } as typeof Sqlite.prototype.prepare;
  });
  afterEach(() => {
    Sqlite.prototype.prepare = prepare as typeof Sqlite.prototype.prepare;
  });
  const times = (pattern: RegExp) => compiled.filter((sql) => pattern.test(sql)).length;
  const all = async () => (await db('counter').orderBy('value')) as unknown;
  const oneOf = (length: number) =>
    db('counter').whereIn(
      'value',
      Array.from({ length }, (_, value) => value),
    );

  it('is compiled once, and sees what the schema has become', async () => {
    for (const value of [1, 2, 3]) await db('counter').insert({ value });
    expect(await all()).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
    await db.schema.alterTable('counter', (table) => table.text('name').defaultTo('none'));
    expect(await all()).toEqual([1, 2, 3].map((value) => ({ value, name: 'none' })));
    expect([times(/^insert into .counter/), times(/^select \* from .counter/)]).toEqual([1, 1]);
  });

  it('has no value of the time before', async () => {
    for (const value of [7, null]) await db('counter').insert({ value });
    expect(await all()).toEqual([{ value: null }, { value: 7 }]);
  });

  it('is compiled again if 500 others ran since, so lists of all lengths do not fill the memory', async () => {
    for (let length = 1; length <= 501; length += 1) await oneOf(length);
    await oneOf(501);
    expect(compiled).toHaveLength(501);
    await oneOf(1);
    expect(compiled).toHaveLength(502);
  });
});
