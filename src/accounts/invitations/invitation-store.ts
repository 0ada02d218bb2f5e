import { acrossTenants } from '../../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, skippingLeased, type Knex } from '../../platform/database/database.js';
import type { ClinicRole } from '../../app/clinic-roles.js';
import { hashOf } from '../people/secret-tokens.js';

type Row = {
  id: string;
  tenant_id: string;
  email: string;
  role: ClinicRole;
  token_hash: string;
  invited_by: string | null;
  created_at: string;
  expires_at: string;
  accepted_at: string | null;
  accepted_by: string | null;
  revoked_at: string | null;
  renewal_of: string | null;
  remind_at: string | null;
  opt_out_hash: string | null;
  by_hand: number;
};
type ReminderRow = { token_hash: string; opt_out_hash: string; invitation_id: string; created_at: string };

export type Invitation = {
  id: string;
  tenantId: string;
  email: string;
  /** What the person may do in the tenant after accepting. */
  role: ClinicRole;
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
  /** Whether staff hand the link over; then it is not mailed, and using it proves no mailbox. */
  byHand: boolean;
};

/** A clinic whose newest invitation without an answer was sent then. */
export type Unanswered = { tenantId: string; sentAt: Date };

/** All SQL on `invitations` and `invitation_reminders`. The tokens themselves exist only in the mails. */
export const invitationStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const all = () => db<Row>('invitations').where({ tenant_id: tenantId });
    const waiting = () => all().whereNull('accepted_at').whereNull('revoked_at');
    return {
      async add(
        invitation: Omit<Invitation, 'tenantId' | 'acceptedAt' | 'revokedAt'> & {
          token: string;
          optOut: string;
          renewalOf: string | null;
          remindAt: Date | null;
        },
      ): Promise<void> {
        await db<Row>('invitations').insert({
          id: invitation.id,
          tenant_id: tenantId,
          email: invitation.email,
          role: invitation.role,
          token_hash: hashOf(invitation.token),
          invited_by: invitation.invitedBy,
          created_at: iso(invitation.createdAt),
          expires_at: iso(invitation.expiresAt),
          renewal_of: invitation.renewalOf,
          remind_at: invitation.remindAt && iso(invitation.remindAt),
          by_hand: Number(invitation.byHand),
          opt_out_hash: hashOf(invitation.optOut),
        });
      },
      async find(id: string): Promise<Invitation | undefined> {
        const row = await all().where({ id }).first();
        return row && fromRow(row);
      },
      /** @returns false if it was already used or revoked, or has expired */
      async consume(id: string, personId: string, now: Date): Promise<boolean> {
        const open = waiting().where({ id }).andWhere('expires_at', '>', iso(now));
        return (await open.update({ accepted_at: iso(now), accepted_by: personId, remind_at: null })) === 1;
      },
      /** Revokes all open invitations to this address, including expired ones. @returns how many */
      async revokeAllTo(email: string, now: Date): Promise<number> {
        return waiting()
          .where({ email })
          .update({ revoked_at: iso(now), remind_at: null });
      },
      /** Revokes all open invitations from this person. @returns how many */
      async revokeAllFrom(personId: string, now: Date): Promise<number> {
        return waiting()
          .where({ invited_by: personId })
          .update({ revoked_at: iso(now), remind_at: null });
      },
      /** Revokes all open invitations, including expired ones. @returns how many */
      revokeAll: (now: Date): Promise<number> => waiting().update({ revoked_at: iso(now), remind_at: null }),
      /** Everyone who ever accepted one. */
      acceptedBy: async (): Promise<string[]> => {
        const rows = await all().whereNotNull('accepted_by').distinct('accepted_by');
        return rows.flatMap(({ accepted_by: id }) => id ?? []);
      },
      /** Newest first. @param those `waiting`: neither accepted nor revoked, including expired ones */
      async newest(those: 'all' | 'waiting', limit: number): Promise<Invitation[]> {
        const rows: Row[] = await (those === 'all' ? all() : waiting())
          .orderBy([
            { column: 'created_at', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(limit);
        return rows.map(fromRow);
      },
      async hasOpen(email: string, now: Date): Promise<boolean> {
        const open = waiting().where({ email }).andWhere('expires_at', '>', iso(now));
        return (await open.first('id')) !== undefined;
      },
      /**
       * The times of invitations since then, newest first, at most `limit`. Links renewed by an expired link do not
       * count.
       */
      async askedSince(since: Date, limit: number, email?: string): Promise<Date[]> {
        const rows = await all()
          .where(email === undefined ? {} : { email })
          .whereNull('renewal_of')
          .andWhere('created_at', '>', iso(since))
          .orderBy('created_at', 'desc')
          .limit(limit)
          .select('created_at');
        return rows.map(({ created_at: at }) => fromIso(at));
      },
      /** How many new links an address has requested since then in place of expired ones; counts at most `limit`. */
      async renewalsSince(email: string, since: Date, limit: number): Promise<number> {
        const rows = await all()
          .where({ email })
          .whereNotNull('renewal_of')
          .andWhere('created_at', '>', iso(since))
          .limit(limit)
          .select('id');
        return rows.length;
      },
      /** Whether this address was invited again since: then that invitation's own reminders are enough. */
      async hasYounger({ email, createdAt }: Invitation): Promise<boolean> {
        const younger = waiting().where({ email }).andWhere('created_at', '>', iso(createdAt));
        return (await younger.first('id')) !== undefined;
      },
      /** For a claimed reminder. */
      async remindAgain(id: string, at: Date): Promise<void> {
        await all()
          .where({ id })
          .update({ remind_at: iso(at) });
      },
    };
  },
  /** Finds an invitation by a link of its first mail or of a reminder: the one to accept it, or the one to opt out. */
  async findByLink(column: 'token_hash' | 'opt_out_hash', token: string): Promise<Invitation | undefined> {
    const link = { [column]: hashOf(token) };
    const reminded = db<ReminderRow>('invitation_reminders').where(link).select('invitation_id');
    const found = acrossTenants(db<Row>('invitations'), 'the token proves it; the row names the tenant');
    const row = await found.where(link).orWhereIn('id', reminded).first();
    return row && fromRow(row);
  },
  /** Of each tenant, the address of its newest invitation that is neither accepted nor revoked. */
  async waitingAddressesOf(tenantIds: readonly string[]): Promise<[tenantId: string, email: string][]> {
    const rows = await acrossTenants(db<Row>('invitations'), 'a page of the list of all tenants')
      .whereIn('tenant_id', [...tenantIds])
      .whereNull('accepted_at')
      .whereNull('revoked_at')
      .orderBy(['created_at', 'id'])
      .select('tenant_id', 'email');
    return rows.map((row) => [row.tenant_id, row.email]); // of those with the same tenant, a map keeps the last
  },
  /** For the worker, which gets the id from the outbox. */
  async findById(id: string): Promise<Invitation | undefined> {
    const row = await acrossTenants(db<Row>('invitations'), 'by the id of a message of any tenant')
      .where({ id })
      .first();
    return row && fromRow(row);
  },
  /**
   * Tenants with invitations that were neither accepted nor revoked, the newest of them sent by then; those that have
   * waited longest first. A keyset page, or those of some tenants.
   */
  async unanswered(
    sentBy: Date,
    which: { limit: number; after?: Unanswered | undefined } | { ids: readonly string[] },
  ) {
    const newer = db<Row>('invitations as newer')
      .whereRaw('newer.tenant_id = invitations.tenant_id and newer.accepted_at is null and newer.revoked_at is null')
      .whereRaw('(newer.created_at, newer.id) > (invitations.created_at, invitations.id)')
      .select('newer.id');
    const page = acrossTenants(db<Row>('invitations'), "the staff's list")
      .whereNull('accepted_at')
      .whereNull('revoked_at')
      .where('created_at', '<=', iso(sentBy))
      .whereNotExists(newer)
      .orderBy(['created_at', 'tenant_id']);
    if ('ids' in which) void page.whereIn('tenant_id', which.ids);
    else void page.limit(which.limit);
    if ('after' in which && which.after)
      void page.whereRaw('(created_at, tenant_id) > (?, ?)', [iso(which.after.sentAt), which.after.tenantId]);
    const rows = await page.select('tenant_id', 'created_at');
    return rows.map((row): Unanswered => ({ tenantId: row.tenant_id, sentAt: fromIso(row.created_at) }));
  },
  /** Of each tenant, when its first invitation was sent and the first was accepted; a keyset page by tenant. */
  async firstOfTenants(limit: number, after = '') {
    const rows = await acrossTenants(db<Row>('invitations'), 'how far clinics get, for the overview of staff')
      .where('tenant_id', '>', after)
      .groupBy('tenant_id')
      .orderBy('tenant_id')
      .limit(limit)
      .select('tenant_id')
      .min({ invited_at: 'created_at', accepted_at: 'accepted_at' });
    return (rows as { tenant_id: string; invited_at: string; accepted_at: string | null }[]).map((row) => ({
      tenantId: row.tenant_id,
      invitedAt: fromIso(row.invited_at),
      acceptedAt: fromIsoOrNull(row.accepted_at),
    }));
  },
  /**
   * Claims the most overdue reminder of any tenant in one statement, so several workers claim different ones. The
   * claim is invisible to others until the transaction ends; after a rollback, the reminder is due again.
   */
  async claimReminder(now: Date): Promise<Invitation | undefined> {
    const due = db<Row>('invitations')
      .where('remind_at', '<=', iso(now))
      .orderBy(['remind_at', 'id'])
      .limit(1)
      .select('id');
    const [row] = await acrossTenants(db<Row>('invitations'), 'the worker claims a reminder of any tenant')
      .where('id', '=', skippingLeased(db, due))
      .update({ remind_at: null })
      .returning<Row[]>('*');
    return row && fromRow(row);
  },
  async addReminder(id: string, links: { token: string; optOut: string }, now: Date): Promise<void> {
    await db<ReminderRow>('invitation_reminders').insert({
      token_hash: hashOf(links.token),
      opt_out_hash: hashOf(links.optOut),
      invitation_id: id,
      created_at: iso(now),
    });
  },
  /**
   * Deletes the oldest invitations sent before `before`, in whatever state, and their reminders. Ordered by sending
   * time, because an older link must not outlive the newer one that revoked it.
   *
   * @returns how many, at most `limit`
   */
  async deleteSentBefore(before: Date, limit: number): Promise<number> {
    const all = () => acrossTenants(db<Row>('invitations'), 'retention');
    const ids = await all().where('created_at', '<', iso(before)).orderBy('created_at').limit(limit).pluck('id');
    await db<ReminderRow>('invitation_reminders').whereIn('invitation_id', ids).delete();
    // A renewal of a deleted invitation must still count as a renewal, so it refers to itself.
    await all()
      .whereIn('renewal_of', ids)
      .whereNotIn('id', ids)
      .update({ renewal_of: db.ref('id') as unknown as string });
    await all().whereIn('id', ids).update({ renewal_of: null });
    await all().whereIn('id', ids).delete();
    return ids.length;
  },
});

const fromRow = (row: Row): Invitation => ({
  id: row.id,
  tenantId: row.tenant_id,
  email: row.email,
  role: row.role,
  invitedBy: row.invited_by,
  createdAt: fromIso(row.created_at),
  expiresAt: fromIso(row.expires_at),
  acceptedAt: fromIsoOrNull(row.accepted_at),
  revokedAt: fromIsoOrNull(row.revoked_at),
  byHand: row.by_hand === 1,
});
