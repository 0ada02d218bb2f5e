// Also on PostgreSQL: locks.
import { openDatabase, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { boundTo, inLock, inTransaction } from '../../../src/platform/database/lock.js';
import { anEmptyDatabaseUrl } from '../../support/database/databases.js';

let db: Knex;
beforeEach(async () => {
  db = openDatabase(await anEmptyDatabaseUrl());
  await db.schema.createTable('counter', (table) => table.integer('value'));
  await db('counter').insert({ value: 0 });
});
afterEach(() => db.destroy());

const counterIn = (trx: Knex) => ({
  read: async () => (await trx<{ value: number }>('counter').first('value'))?.value ?? 0,
  write: (value: number) => trx('counter').update({ value }),
});
/** The counter under the lock of a tenant. */
const inTenantLock: InTenantLock = (id, work) =>
  inLock(transactionOn(db), 'tenant', (trx, tenantId) => ({ ...counterIn(trx), tenantId }))(id, work);
type Unit = ReturnType<typeof counterIn> & { tenantId: string };
type InTenantLock = <T>(id: string, work: (unit: Unit) => Promise<T>) => Promise<T>;

it('what is read and written under one lock does not mix with another transaction', async () => {
  const countUp = () => inTenantLock('a', async ({ read, write }) => write((await read()) + 1));
  await Promise.all(Array.from({ length: 20 }, countUp));
  expect(await counterIn(db).read()).toBe(20);
});

it('a unit of work is opened for what is locked, and leaves nothing behind if it fails', async () => {
  const failed = inTenantLock('a', async ({ write, tenantId }) => {
    await write(7);
    throw new Error(`synthetic, of ${tenantId}`);
  });
  await expect(failed).rejects.toThrow('synthetic, of a');
  expect(await counterIn(db).read()).toBe(0);
});

it('actions that are bound to a transaction are part of it', async () => {
  const setTo = async (trx: Knex, value: number) => counterIn(trx).write(value);
  const inUnit = inTransaction(transactionOn(db), (trx) => boundTo(trx, { setTo }));
  const failed = inUnit(async (unit) => {
    await unit.setTo(7);
    throw new Error('synthetic');
  });
  await expect(failed).rejects.toThrow('synthetic');
  await inUnit((unit) => unit.setTo(8));
  expect(await counterIn(db).read()).toBe(8);
});
