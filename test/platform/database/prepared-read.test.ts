// Also on PostgreSQL: a pool has several connections.
import Sqlite from 'better-sqlite3';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { inOneSnapshot, preparedRead } from '../../../src/platform/database/prepared-read.js';
import { anEmptyDatabaseUrl, isPostgres } from '../../support/database/databases.js';

type Row = { name: string; value: number };
const rowsOf = preparedRead<Row, [name: string]>((db, name) => db<Row>('things').where({ name }));

let db: Knex;
let url: string;
beforeEach(async () => {
  url = await anEmptyDatabaseUrl();
  db = openDatabase(url);
  await db.schema.createTable('things', (table) => {
    table.text('name');
    table.integer('value');
  });
  await db('things').insert([{ name: 'a', value: 1 }]);
});
afterEach(() => db.destroy());

const valueOf = async (name: string) => (await rowsOf(db, name))[0]?.value;

/** The statements on the table while `work` runs. */
async function statementsIn(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const note = ({ sql }: { sql: string }) => {
    if (sql.includes('things')) count += 1;
  };
  db.on('query', note);
  await work();
  db.off('query', note);
  return count;
}

it('a read sees what was written before it began', async () => {
  expect(await valueOf('a')).toBe(1);
  await db('things').update({ value: 2 });
  expect(await valueOf('a')).toBe(2);
  await db.transaction(async (trx) => {
    await trx('things').update({ value: 3 });
    expect(await rowsOf(trx, 'a')).toEqual([{ name: 'a', value: 3 }]);
  });
  expect(await valueOf('b')).toBeUndefined();
});

it('reads of the same rows that wait for a connection are one query, and each sees what was written before it', async () => {
  expect(await valueOf('a')).toBe(1);
  const values: (number | undefined)[][] = [];
  const count = await statementsIn(async () => {
    const open = await Promise.all(Array.from({ length: isPostgres ? 10 : 1 }, () => db.transaction())); // all connections
    const [first] = open as [Knex.Transaction];
    const early = Array.from({ length: 100 }, () => valueOf('a'));
    await first('things').update({ value: 2 });
    const late = Array.from({ length: 100 }, () => valueOf('a'));
    for (const trx of open) await trx.commit();
    values.push(await Promise.all([...early, ...late]));
  });
  expect(values).toEqual([Array.from({ length: 200 }, () => 2)]);
  expect(count).toBe(3); // the update, the first read, and one for all who asked after it
});

it('a read that fails fails only for those who waited for it', async () => {
  expect(await valueOf('a')).toBe(1);
  await db.schema.renameTable('things', 'others');
  await expect(Promise.all([valueOf('a'), valueOf('a')])).rejects.toThrow();
  await db.schema.renameTable('others', 'things');
  expect(await valueOf('a')).toBe(1);
});

/** Changes the value by another connection, and before it returns on SQLite. */
function change(value: number): Promise<unknown> {
  if (isPostgres) return db('things').update({ value });
  const other = new Sqlite(url.slice('sqlite:'.length));
  other.prepare('update things set value = ?').run(value);
  other.close();
  return Promise.resolve();
}

it('reads that begin together see one snapshot on SQLite, and the next ones see the newest', async () => {
  expect(await valueOf('a')).toBe(1);
  const [first, second] = await inOneSnapshot(db, () => {
    const before = valueOf('a');
    const changed = change(2);
    return Promise.all([before, valueOf('a'), changed]);
  });
  const mayBe = isPostgres ? [1, 2] : [1];
  expect(mayBe).toContain(first);
  expect(mayBe).toContain(second);
  expect(await valueOf('a')).toBe(2);
});
