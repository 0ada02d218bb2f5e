import { iso, type Knex } from '../platform/database/database.js';

type Row = { vkey: string; first_used_at: string };

/** All SQL on `signing_keys`: the public parts of the keys that signed, which are never deleted. */
export const signingKeyStore = (db: Knex) => ({
  async remember(vkeys: readonly string[], at: Date): Promise<void> {
    for (const vkey of vkeys)
      await db<Row>('signing_keys')
        .insert({ vkey, first_used_at: iso(at) })
        .onConflict('vkey')
        .ignore();
  },
  /** The newest first. */
  async all(): Promise<string[]> {
    const rows = await db<Row>('signing_keys')
      .orderBy([{ column: 'first_used_at', order: 'desc' }, 'vkey'])
      .select('vkey');
    return rows.map(({ vkey }) => vkey);
  },
});
