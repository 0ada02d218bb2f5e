import { iso, type Knex } from '../../platform/database/database.js';
import { hashOf } from '../people/secret-tokens.js';

type Row = { address_hash: string; created_at: string };

/** All SQL on `reminder_opt_outs`: addresses that opted out of reminders for all tenants. */
export const reminderOptOutStore = (db: Knex) => ({
  /** @returns false if this address had already opted out */
  async add(email: string, now: Date): Promise<boolean> {
    const added = await db<Row>('reminder_opt_outs')
      .insert({ address_hash: hashOf(email), created_at: iso(now) })
      .onConflict('address_hash')
      .ignore()
      .returning('address_hash');
    return added.length === 1;
  },
  async has(email: string): Promise<boolean> {
    const found = db<Row>('reminder_opt_outs').where({ address_hash: hashOf(email) });
    return (await found.first('address_hash')) !== undefined;
  },
});
