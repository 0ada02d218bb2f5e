import type { Knex } from '../../../src/platform/database/database.js';
import { isPostgres, tablesOf } from '../../support/database/databases.js';

export type Column = { table: string; name: string; type: string; isNullable: boolean };
export type Reference = { table: string; column: string; to: string };

/** Every column of every table, as the database itself says. */
export async function columnsOf(db: Knex): Promise<Column[]> {
  const tables = await tablesOf(db);
  if (isPostgres) {
    type Row = { table: string; name: string; type: string; nullable: string };
    const found = db('information_schema.columns')
      .whereRaw('table_schema = current_schema()')
      .whereIn('table_name', tables)
      .select({ table: 'table_name', name: 'column_name', type: 'data_type', nullable: 'is_nullable' });
    const rows = (await found) as unknown as Row[];
    return rows.map(({ nullable, ...row }) => ({ ...row, isNullable: nullable === 'YES' }));
  }
  const found: Column[] = [];
  for (const table of tables)
    for (const { name, type, notnull, pk } of await db.raw<
      { name: string; type: string; notnull: number; pk: number }[]
    >(`select * from pragma_table_info('${table}')`))
      found.push({ table, name, type: type.toLowerCase(), isNullable: notnull === 0 && pk === 0 });
  return found;
}

/** Every foreign key. */
export async function referencesOf(db: Knex): Promise<Reference[]> {
  if (isPostgres) {
    const { rows } = await db.raw<{ rows: Reference[] }>(`
      select made.conrelid::regclass::text as "table", col.attname as "column", made.confrelid::regclass::text as "to"
      from pg_constraint made join pg_attribute col on col.attrelid = made.conrelid and col.attnum = made.conkey[1]
      where made.contype = 'f' and made.connamespace = current_schema()::regnamespace`);
    return rows;
  }
  const found: Reference[] = [];
  for (const table of await tablesOf(db))
    for (const { from, table: to } of await db.raw<{ from: string; table: string }[]>(
      `select * from pragma_foreign_key_list('${table}')`,
    ))
      found.push({ table, column: from, to });
  return found;
}
