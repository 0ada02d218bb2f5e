import { iso, type Knex } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { messagesAbout, type MessageState } from '../../platform/outbox.js';
import type { Person } from './account-types.js';
import { personStore } from './person-store.js';
import { hashOf, looksLikeToken } from './secret-tokens.js';

/** The purpose of a link; a link works only for its own purpose. */
type LinkPurpose = 'staff_setup' | 'company_setup' | 'password_reset' | 'address_change';

type Row = {
  id: string;
  token_hash: string;
  purpose: LinkPurpose;
  person_id: string;
  /** The address that the link proves; null if it proves none. */
  email: string | null;
  created_at: string;
  expires_at: string;
  used_at: string | null;
};

export type OpenLink = { id: string; personId: string; email: string | null; expiresAt: Date };

const fromRow = (row: Row): OpenLink => ({
  id: row.id,
  personId: row.person_id,
  email: row.email,
  expiresAt: new Date(row.expires_at),
});

/** All SQL on `one_time_links`, for one purpose. */
export const oneTimeLinkStore = (db: Knex, purpose: LinkPurpose) => {
  const open = (now: Date) =>
    db<Row>('one_time_links').where({ purpose }).whereNull('used_at').andWhere('expires_at', '>', iso(now));
  return {
    /**
     * Invalidates the person's earlier links of this purpose. If two calls may run in parallel, the transaction must
     * hold the person's lock.
     */
    async replace(
      link: { id: string; token: string; personId: string; expiresAt: Date; email?: string },
      now: Date,
    ): Promise<void> {
      await this.close(link.personId, now);
      await db<Row>('one_time_links').insert({
        id: link.id,
        token_hash: hashOf(link.token),
        purpose,
        person_id: link.personId,
        email: link.email ?? null,
        created_at: iso(now),
        expires_at: iso(link.expiresAt),
      });
    },
    /** @returns the link of this token while it is valid; changes nothing */
    async find(token: string, now: Date): Promise<OpenLink | undefined> {
      const row = await open(now)
        .where({ token_hash: hashOf(token) })
        .first();
      return row && fromRow(row);
    },
    /** The person's newest valid link. */
    async newestOf(personId: string, now: Date): Promise<OpenLink | undefined> {
      const row = await open(now).where({ person_id: personId }).orderBy('created_at', 'desc').first();
      return row && fromRow(row);
    },
    /** @returns the link, once; undefined for a second use */
    async use(token: string, now: Date): Promise<OpenLink | undefined> {
      const rows = await open(now)
        .where({ token_hash: hashOf(token) })
        .update({ used_at: iso(now) })
        .returning('*');
      return rows[0] && fromRow(rows[0]);
    },
    /** The same, by its id, for a person who has opened it before. */
    async useById(id: string, personId: string, now: Date): Promise<boolean> {
      return (
        (await open(now)
          .where({ id, person_id: personId })
          .update({ used_at: iso(now) })) === 1
      );
    },
    /** Invalidates the person's links of this purpose. @returns how many were valid */
    close: (personId: string, now: Date): Promise<number> =>
      open(now)
        .where({ person_id: personId })
        .update({ used_at: iso(now) }),
  };
};

export type MailedLink = OpenLink & { mail: MessageState | undefined };

/** The person's newest valid link, and what became of its email. */
export async function mailedLink(
  db: Knex,
  purpose: LinkPurpose,
  personId: string,
  now: Date,
): Promise<MailedLink | undefined> {
  const link = await oneTimeLinkStore(db, purpose).newestOf(personId, now);
  return link && { ...link, mail: (await messagesAbout(db, null, [link.id])).get(link.id) };
}

/** The person whose valid link this is; changes nothing, so mail scanners may open it. */
export async function ownerOfLink(
  db: Knex,
  purpose: LinkPurpose,
  token: string,
  now: Date,
): Promise<Person | undefined> {
  if (!looksLikeToken(token)) return undefined;
  const link = await oneTimeLinkStore(db, purpose).find(token, now);
  const person = link && (await personStore(db).find(link.personId));
  return person?.disabled ? undefined : person;
}

/** Invalidates every link of a person, because their sign-in has changed. */
export async function closeLinksOf(db: Knex, personId: string, now: Date): Promise<void> {
  await db<Row>('one_time_links')
    .where({ person_id: personId })
    .whereNull('used_at')
    .update({ used_at: iso(now) });
}

export const deleteExpiredLinks = (db: Knex, now: Date): Promise<void> =>
  deleteInBatches(() => db<Row>('one_time_links').where('expires_at', '<=', iso(now)), 'id');
