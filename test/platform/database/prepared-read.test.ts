// Also on PostgreSQL: a pool has several connections.
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { preparedRead } from '../../../src/platform/database/prepared-read.js';
import { anEmptyDatabaseUrl, isPostgres } from '../../support/database/databases.js';

type Row = { name: string; value: number };
const readValue = preparedRead(
  (db, name) => db<Row>('things').where({ name }),
  ([row]: Row[]) => row?.value,
);

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

const valueOf = (name: string) => readValue(db, name);

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
    expect(await readValue(trx, 'a')).toBe(3);
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
    await setImmediate(); // the first read has begun
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

it('those who ask in one turn of the event loop share a read, which begins after the last of them asked', async () => {
  expect(await valueOf('a')).toBe(1);
  const count = await statementsIn(async () => {
    const early = valueOf('a');
    if (!isPostgres) changeByAnother(2);
    expect(await Promise.all([early, valueOf('a')])).toEqual(isPostgres ? [1, 1] : [2, 2]);
  });
  expect(count).toBe(1);
});

/** Changes the value by another connection to the file, before it returns. */
function changeByAnother(value: number): void {
  const other = new Sqlite(url.slice('sqlite:'.length));
  other.prepare('update things set value = ?').run(value);
  other.close();
}
