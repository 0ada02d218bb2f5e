// Also on PostgreSQL: locks and settings of the connection.
import {
  migrate,
  migrationState,
  openDatabase,
  transactionOn,
  type Knex,
} from '../../../src/platform/database/database.js';
import { aForeignKeyViolation, anEmptyDatabaseUrl, tablesOf } from '../../support/database/databases.js';
import { startScript } from '../../support/processes/processes.js';

let url: string;
let db: Knex;

beforeEach(async () => {
  url = await anEmptyDatabaseUrl();
  db = openDatabase(url);
});
afterEach(() => db.destroy());

it('enforces foreign keys', async () => {
  await migrate(db);
  const orphan = { tenant_id: 'absent', person_id: 'absent', created_at: 'x' };
  await expect(db('memberships').insert(orphan)).rejects.toMatchObject(aForeignKeyViolation);
});

it('keeps all of a transaction or none of it', async () => {
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

describe('two transactions that read and then write', () => {
  beforeEach(async () => {
    await db.schema.createTable('counter', (table) => table.integer('value'));
    await db('counter').insert({ value: 0 });
  });

  it('wait for the lock, and no count is lost', async () => {
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
  it('create the tables of an empty database, and a second run changes nothing', async () => {
    expect(await migrationState(db)).toBe('behind');
    await migrate(db);
    expect(await migrationState(db)).toBe('current');
    await migrate(db);
    expect(await migrationState(db)).toBe('current');
  });

  it('of two processes that begin with an empty database both end well, and the tables are made once', async () => {
    const others = [openDatabase(url), openDatabase(url)];
    await Promise.all([db, ...others].map((one) => migrate(one)));
    for (const one of others) await one.destroy();
    expect(await migrationState(db)).toBe('current');
    expect(await db('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }]);
    const names = await db('knex_migrations').pluck<string[]>('name');
    expect(new Set(names).size).toBe(names.length);
  });

  it('can be rolled back completely and run again', async () => {
    await migrate(db);
    await db.migrate.rollback(undefined, true);
    expect(await tablesOf(db)).toEqual([]);
    await migrate(db);
    expect(await migrationState(db)).toBe('current');
  });

  it('are distinguished from those of a later version', async () => {
    await migrate(db);
    const [first] = (await db('knex_migrations').orderBy('id').pluck('id')) as number[];
    await db('knex_migrations').insert({ name: '29990101_from_the_future.cjs', batch: 9, migration_time: new Date() });
    expect(await migrationState(db)).toBe('ahead');
    // as many recorded migrations as we have, but different ones
    await db('knex_migrations').where({ id: first! }).delete();
    expect(await migrationState(db)).toBe('ahead');
    await db('knex_migrations').where({ name: '29990101_from_the_future.cjs' }).delete();
    expect(await migrationState(db)).toBe('behind');
  });

  it('are not started by asking for the state', async () => {
    await migrationState(db);
    expect(await tablesOf(db)).toEqual([]);
    expect(await db.schema.hasTable('knex_migrations')).toBe(false);
  });
});

it('opens SQLite and PostgreSQL, and nothing else', () => {
  expect(() => openDatabase('mysql://localhost/x')).toThrow('DATABASE_URL must start with sqlite: or postgres:');
});
