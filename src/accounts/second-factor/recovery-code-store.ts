import { iso, type Knex } from '../../platform/database/database.js';

/** A code's hash, and the key of the hash; null if it is not known. */
type Row = { person_id: string; code_hash: string; key_id: string | null; created_at: string };

/** All SQL on `recovery_codes`. The store sees only hashes, never a code. */
export const recoveryCodeStore = (db: Knex) => ({
  /** Invalidates the previous codes. */
  async replace(personId: string, hashes: readonly string[], keyId: string, at: Date): Promise<void> {
    await this.deleteAllOf(personId);
    const shared = { person_id: personId, key_id: keyId, created_at: iso(at) };
    const rows = hashes.map((hash) => ({ ...shared, code_hash: hash }));
    await db<Row>('recovery_codes').insert(rows);
  },
  /** @returns the one of these hashes that the person has */
  async find(personId: string, hashes: readonly string[]): Promise<string | undefined> {
    const mine = db<Row>('recovery_codes').where({ person_id: personId });
    return (await mine.whereIn('code_hash', [...hashes]).first('code_hash'))?.code_hash;
  },
  /** Whether the person has codes of another key than these; a code whose key is not known does not count. */
  async hasOfOther(personId: string, keyIds: readonly string[]): Promise<boolean> {
    const mine = db<Row>('recovery_codes').where({ person_id: personId });
    return (await mine.whereNotIn('key_id', [...keyIds]).first('person_id')) !== undefined;
  },
  /** Whose codes are made with which key; `besides` leaves keys out. */
  async keys(besides: readonly string[] = []): Promise<{ personId: string; kid: string }[]> {
    const others = db('recovery_codes')
      .whereNotNull('key_id')
      .whereNotIn('key_id', [...besides]);
    return others.distinct({ personId: 'person_id', kid: 'key_id' });
  },
  async deleteOfOther(keyIds: readonly string[]): Promise<void> {
    await db<Row>('recovery_codes')
      .whereNotIn('key_id', [...keyIds])
      .delete();
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
