import { iso, type Knex } from '../../platform/database/database.js';

/** The settings whose keys are checked. */
export type KeyName = 'ACCOUNTS_KEY' | 'SESSION_SECRET';
type Row = { name: KeyName; value: string; first_used_at: string };

/** All SQL on `key_checks`. */
export const keyCheckStore = (db: Knex) => ({
  /** The check values of the keys that this installation has used; empty before its first start. */
  known: (name: KeyName): Promise<string[]> => db<Row>('key_checks').where({ name }).pluck('value'),

  async add(name: KeyName, values: readonly string[], at: Date): Promise<void> {
    const rows = values.map((value) => ({ name, value, first_used_at: iso(at) }));
    await db<Row>('key_checks').insert(rows).onConflict(['name', 'value']).ignore();
  },
  async forget(name: KeyName): Promise<void> {
    await db<Row>('key_checks').where({ name }).delete();
  },
});
