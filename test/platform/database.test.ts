import Sqlite from 'better-sqlite3';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrationState, openDatabase, transactionOn, type Knex } from '../../src/platform/database.js';
import { startScript } from '../support/processes.js';

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
  ['busy_timeout', 5000],
])('opens a file with the pragma %s = %s', async (name, value) => {
  expect(await pragma(db, name)).toBe(value);
});

it('holds foreign keys', async () => {
  await migrate(db);
  const orphan = { tenant_id: 'absent', person_id: 'absent', created_at: 'x' };
  await expect(db('memberships').insert(orphan)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
});

it('makes the folder of a new database, for its owner only', async () => {
  const nested = openDatabase(`sqlite:${join(folder, 'data', 'deep.db')}`);
  await nested.raw('select 1');
  await nested.destroy();
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
});

it('keeps all of a transaction or nothing', async () => {
  await db.schema.createTable('counter', (table) => table.integer('value'));
  const transaction = transactionOn(db);
  const failing = transaction(async (trx) => {
    await trx('counter').insert({ value: 1 });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await db('counter').select()).toEqual([]);
  expect(
    await transaction(async (trx) =>
      trx('counter')
        .insert({ value: 2 })
        .then(() => 'done'),
    ),
  ).toBe('done');
  expect(await db('counter').select()).toEqual([{ value: 2 }]);
});

describe('two that read, then write', () => {
  beforeEach(async () => {
    await db.schema.createTable('counter', (table) => table.integer('value'));
    await db('counter').insert({ value: 0 });
  });

  it('would fail with a plain BEGIN, whatever the busy timeout', () => {
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

  it('take turns instead, and no count is lost', async () => {
    const args = [url, '100'];
    const children = [1, 2].map(() => startScript('test/support/scripts/count-up.ts', { args }));
    await Promise.all(children.map((child) => child.line(/^ready$/)));
    for (const child of children) child.write('go\n');
    for (const child of children) {
      const { code } = await child.exited;
      expect([code, child.lines.stderr]).toEqual([0, []]);
    }
    expect(await db('counter').select()).toEqual([{ value: 200 }]);
  });
});

describe('migrations', () => {
  it('bring up an empty database, and once is enough', async () => {
    expect(await migrationState(db)).toBe('behind');
    await migrate(db);
    expect(await migrationState(db)).toBe('current');
    await migrate(db);
    expect(await migrationState(db)).toBe('current');
  });

  it('can be taken back, to nothing, and run again', async () => {
    await migrate(db);
    await db.migrate.rollback(undefined, true);
    const rest = (await db('sqlite_master').where({ type: 'table' }).pluck('name')) as string[];
    expect(rest.filter((name) => !/^(knex_|sqlite_)/.test(name))).toEqual([]);
    await migrate(db);
    expect(await migrationState(db)).toBe('current');
  });

  it('are told apart from those of a later version', async () => {
    await migrate(db);
    const [first] = (await db('knex_migrations').orderBy('id').pluck('id')) as number[];
    await db('knex_migrations').insert({ name: '29990101_from_the_future.cjs', batch: 9, migration_time: 0 });
    expect(await migrationState(db)).toBe('ahead');
    // as many recorded as we have, but not the same
    await db('knex_migrations').where({ id: first! }).delete();
    expect(await migrationState(db)).toBe('ahead');
    await db('knex_migrations').where({ name: '29990101_from_the_future.cjs' }).delete();
    expect(await migrationState(db)).toBe('behind');
  });

  it('are not begun by asking', async () => {
    await migrationState(db);
    expect(await db('sqlite_master').select()).toEqual([]);
  });
});

it('opens nothing but SQLite', () => {
  expect(() => openDatabase('postgres://localhost/x')).toThrow('DATABASE_URL must start with sqlite:');
  expect(existsSync('postgres:')).toBe(false);
});
