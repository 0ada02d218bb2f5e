import { iso, type Knex } from '../../platform/database/database.js';

type Row = { person_id: string; code_hash: string; created_at: string };

/** All SQL on `recovery_codes`. The store sees only hashes, never a code. */
export const recoveryCodeStore = (db: Knex) => ({
  /** Invalidates the previous codes. */
  async replace(personId: string, hashes: readonly string[], at: Date): Promise<void> {
    await this.deleteAllOf(personId);
    const rows = hashes.map((hash) => ({ person_id: personId, code_hash: hash, created_at: iso(at) }));
    await db<Row>('recovery_codes').insert(rows);
  },
  async has(personId: string, hash: string): Promise<boolean> {
    const row = await db<Row>('recovery_codes').where({ person_id: personId, code_hash: hash }).first('person_id');
    return row !== undefined;
  },
  /** @returns false if it was already used; of two parallel uses, only one deletes it */
  async use(personId: string, hash: string): Promise<boolean> {
    return (await db<Row>('recovery_codes').where({ person_id: personId, code_hash: hash }).delete()) === 1;
  },
  async left(personId: string): Promise<number> {
    const rows = await db<Row>('recovery_codes').where({ person_id: personId }).select('code_hash');
    return rows.length;
  },
  async deleteAllOf(personId: string): Promise<void> {
    await db<Row>('recovery_codes').where({ person_id: personId }).delete();
  },
});
