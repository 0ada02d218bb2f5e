// Also on PostgreSQL: isolation.
import { openDatabase, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { aForeignKeyViolation, anEmptyDatabaseUrl, isPostgres } from '../../support/database/databases.js';

describe('a transaction', () => {
  let db: Knex;
  const places = () => db('places').pluck<string[]>('name');

  beforeEach(async () => {
    db = openDatabase(await anEmptyDatabaseUrl());
    await db.raw('create table places (name text primary key)');
    await db.raw('create table guests (place text references places (name) deferrable initially deferred)');
  });
  afterEach(() => db.destroy());

  it('leaves nothing behind when its work fails', async () => {
    const failing = transactionOn(db)(async (trx) => {
      await trx('places').insert({ name: 'north' });
      throw new Error('synthetic');
    });
    await expect(failing).rejects.toThrow('synthetic');
    expect(await places()).toEqual([]);
  });

  it('leaves nothing behind and nothing open when its commit fails', async () => {
    const failing = transactionOn(db)(async (trx) => {
      await trx('places').insert({ name: 'north' });
      await trx('guests').insert({ place: 'nowhere' }); // detected at commit
    });
    await expect(failing).rejects.toMatchObject(aForeignKeyViolation);
    expect(await places()).toEqual([]);
    await transactionOn(db)((trx) => trx('places').insert({ name: 'south' }));
    expect(await places()).toEqual(['south']);
  });

  it('runs again if another one has written the unique value that it found free', async () => {
    let looked = 0;
    let go = () => {};
    const bothLooked = new Promise<void>((resolve) => (go = resolve));
    const add = () =>
      transactionOn(db)(async (trx) => {
        if (await trx('places').where({ name: 'north' }).first()) return 'found';
        if ((looked += 1) === 2) go();
        if (isPostgres) await bothLooked; // SQLite has one transaction at a time
        await trx('places').insert({ name: 'north' });
        return 'added';
      });
    const done = await Promise.all([add(), add()]);
    expect(done.sort()).toEqual(['added', 'found']);
  });
});
