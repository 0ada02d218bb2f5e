import { iso, type Knex } from '../platform/database.js';
import { hashOf } from './secret-tokens.js';

type Row = {
  id: string;
  token_hash: string;
  purpose: 'staff_setup';
  person_id: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
};

/** All SQL on `one_time_links`. */
export const oneTimeLinkStore = (db: Knex) => {
  const usable = (token: string, now: Date) =>
    db<Row>('one_time_links')
      .where({ token_hash: hashOf(token), purpose: 'staff_setup' })
      .whereNull('used_at')
      .andWhere('expires_at', '>', iso(now));
  return {
    /** The person's earlier links stop working. */
    async replace(link: { id: string; token: string; personId: string; expiresAt: Date }, now: Date): Promise<void> {
      await db<Row>('one_time_links')
        .where({ person_id: link.personId })
        .whereNull('used_at')
        .update({ used_at: iso(now) });
      await db<Row>('one_time_links').insert({
        id: link.id,
        token_hash: hashOf(link.token),
        purpose: 'staff_setup',
        person_id: link.personId,
        created_at: iso(now),
        expires_at: iso(link.expiresAt),
      });
    },
    async personOf(token: string, now: Date): Promise<string | undefined> {
      return (await usable(token, now).first('person_id'))?.person_id;
    },
    /** @returns the person, once; undefined for whoever comes second */
    async use(token: string, now: Date): Promise<string | undefined> {
      const rows = await usable(token, now)
        .update({ used_at: iso(now) })
        .returning('person_id');
      return rows[0]?.person_id;
    },
  };
};
