import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../platform/database/database.js';

/** The kinds of notice that people get by mail. `expires_…`: the number of days before expiry. */
export type NoticeKind =
  | 'failing'
  | 'recovered'
  | 'portal_failing'
  | 'portal_recovered'
  | 'digest'
  | 'owner_changed'
  | 'fix'
  | 'sign_in_ends'
  | 'not_confirmed'
  | 'expires_30'
  | 'expires_14'
  | 'expires_7'
  | 'expires_3'
  | 'expires_1';

/**
 * `refused`: a mail server refused it, or none accepted it for more than a day. `not_wanted`: it was outdated before
 * it could be sent.
 */
export type NoticeOutcome = 'waiting' | 'delivered' | 'refused' | 'not_wanted';

export type NewNotice = {
  /** The id of an incident, a credential, its version or a change of its user, or the day of a digest. */
  about: string;
  kind: NoticeKind;
  tenantId: string | null;
  personId: string;
};

export type Notice = ReturnType<typeof fromRow>;

type Row = {
  id: string;
  about: string;
  kind: NoticeKind;
  tenant_id: string | null;
  person_id: string;
  created_at: string;
  outcome: NoticeOutcome;
  /** An error class, such as `smtp_5xx`. */
  error: string | null;
  settled_at: string | null;
};

/** All SQL on `notices`: at most one per person, kind and subject, forever. */
export const noticeStore = (db: Knex) => ({
  /** @returns false, without writing anything, if the person has this notice already */
  async add(id: string, notice: NewNotice, at: Date): Promise<boolean> {
    const { about, kind, tenantId: tenant_id, personId: person_id } = notice;
    const added = await db<Row>('notices')
      .insert({ id, about, kind, tenant_id, person_id, created_at: iso(at), outcome: 'waiting' })
      .onConflict(['about', 'person_id', 'kind'])
      .ignore()
      .returning('id');
    return added.length === 1;
  },
  /** For the worker, which gets the id from the outbox. */
  async find(id: string): Promise<Notice | undefined> {
    const row = await acrossTenants(db<Row>('notices'), 'by the id of a message of any tenant').where({ id }).first();
    return row && fromRow(row);
  },
  async settle(id: string, outcome: NoticeOutcome, error: string | null, at: Date): Promise<void> {
    await acrossTenants(db<Row>('notices'), 'by the id of a message of any tenant')
      .where({ id })
      .update({ outcome, error, settled_at: iso(at) });
  },
  /** All notices of this kind about this subject. */
  async about(about: string, kind: NoticeKind): Promise<Notice[]> {
    const all = acrossTenants(db<Row>('notices'), 'who was told of one incident');
    return (await all.where({ about, kind }).orderBy('id')).map(fromRow);
  },
  /** The number of mails, for all tenants, that no mail server has accepted since then. */
  async refusedSince(at: Date): Promise<number> {
    const [row] = await acrossTenants(db<Row>('notices'), 'a number')
      .where({ outcome: 'refused' })
      .andWhere('settled_at', '>=', iso(at))
      .count({ count: '*' });
    return Number(row?.count ?? 0);
  },
  /** All that were written together last, of this kind. */
  async lastOf(tenantId: string, kind: NoticeKind): Promise<Notice[]> {
    const mine = db<Row>('notices').where({ tenant_id: tenantId, kind });
    const newest = await mine.clone().orderBy('created_at', 'desc').first('about');
    return newest ? (await mine.andWhere({ about: newest.about }).orderBy('id')).map(fromRow) : [];
  },
  /** Newest first. */
  async newestOf(tenantId: string, limit: number): Promise<Notice[]> {
    const mine = db<Row>('notices').where({ tenant_id: tenantId });
    return (await mine.orderBy('created_at', 'desc').limit(limit)).map(fromRow);
  },
});

const fromRow = (row: Row) => ({
  id: row.id,
  about: row.about,
  kind: row.kind,
  tenantId: row.tenant_id,
  personId: row.person_id,
  createdAt: fromIso(row.created_at),
  outcome: row.outcome,
  error: row.error,
});
