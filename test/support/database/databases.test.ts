// Also on PostgreSQL: it makes the databases of both kinds.
import { migrate, migrationState, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { aDatabaseUrl, aMigratedDatabase, anEmptyDatabaseUrl, isPostgres } from './databases.js';

/** Tables, columns and indexes, as the database itself describes them. */
const describedBy = (db: Knex): Promise<object[]> =>
  isPostgres
    ? db('pg_indexes')
        .whereRaw('schemaname = current_schema()')
        .unionAll(
          db('information_schema.columns')
            .whereRaw('table_schema = current_schema()')
            .select('table_name', 'column_name', 'data_type', 'is_nullable', 'column_default'),
        )
        .select('tablename as name', 'indexname', 'indexdef', db.raw('null::text'), db.raw('null::text'))
        .orderBy([{ column: 'name' }, { column: 'indexname' }])
    : db('sqlite_master').orderBy('name').select('type', 'name', 'tbl_name', 'sql');

it('tests begin with the very tables that migrating an empty database makes', async () => {
  const migrated = openDatabase(await anEmptyDatabaseUrl());
  await migrate(migrated);
  const wanted = await describedBy(migrated);
  expect(wanted.length).toBeGreaterThan(50);
  for (const copy of [await aMigratedDatabase(), openDatabase(await aDatabaseUrl())]) {
    expect(await describedBy(copy)).toEqual(wanted);
    expect(await migrationState(copy)).toBe('current');
    await copy.destroy();
  }
  await migrated.destroy();
});
