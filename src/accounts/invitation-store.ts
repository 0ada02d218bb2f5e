import { fromIso, fromIsoOrNull, iso, type Knex } from '../platform/database.js';
import { hashOf } from './secret-tokens.js';

type Row = {
  id: string;
  tenant_id: string;
  email: string;
  token_hash: string;
  invited_by: string | null;
  created_at: string;
  expires_at: string;
  accepted_at: string | null;
  accepted_by: string | null;
  revoked_at: string | null;
  renewal_of: string | null;
};

export type Invitation = {
  id: string;
  tenantId: string;
  email: string;
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
};

/** All SQL on `invitations`. The token itself is in the mail and nowhere else. */
export const invitationStore = (db: Knex) => ({
  async add(
    invitation: Omit<Invitation, 'acceptedAt' | 'revokedAt'> & { token: string; renewalOf: string | null },
  ): Promise<void> {
    await db<Row>('invitations').insert({
      id: invitation.id,
      tenant_id: invitation.tenantId,
      email: invitation.email,
      token_hash: hashOf(invitation.token),
      invited_by: invitation.invitedBy,
      created_at: iso(invitation.createdAt),
      expires_at: iso(invitation.expiresAt),
      renewal_of: invitation.renewalOf,
    });
  },
  async findByToken(token: string): Promise<Invitation | undefined> {
    const row = await db<Row>('invitations')
      .where({ token_hash: hashOf(token) })
      .first();
    return row && fromRow(row);
  },
  /** @returns false when somebody else consumed or revoked it, or it expired */
  async consume(id: string, personId: string, now: Date): Promise<boolean> {
    const open = db<Row>('invitations')
      .where({ id })
      .whereNull('accepted_at')
      .whereNull('revoked_at')
      .andWhere('expires_at', '>', iso(now));
    return (await open.update({ accepted_at: iso(now), accepted_by: personId })) === 1;
  },
  /** @returns false when there is no such open invitation of this tenant */
  async revoke(tenantId: string, id: string, now: Date): Promise<boolean> {
    const open = db<Row>('invitations')
      .where({ id, tenant_id: tenantId })
      .whereNull('accepted_at')
      .whereNull('revoked_at');
    return (await open.update({ revoked_at: iso(now) })) === 1;
  },
  /** How many fresh links an address has asked for since, in place of expired ones (at most `limit` are counted). */
  async renewalsSince(tenantId: string, email: string, since: Date, limit: number): Promise<number> {
    const rows = await db<Row>('invitations')
      .where({ tenant_id: tenantId, email })
      .whereNotNull('renewal_of')
      .andWhere('created_at', '>', iso(since))
      .limit(limit)
      .select('id');
    return rows.length;
  },
  /** Whether an invitation of this address to this tenant that is younger than `createdAt` was revoked. */
  async wasRevokedSince(tenantId: string, email: string, createdAt: Date): Promise<boolean> {
    const younger = db<Row>('invitations').where({ tenant_id: tenantId, email }).whereNotNull('revoked_at');
    return (await younger.andWhere('created_at', '>', iso(createdAt)).first('id')) !== undefined;
  },
  /** The newest first. */
  async ofTenant(tenantId: string, limit: number): Promise<Invitation[]> {
    const rows = await db<Row>('invitations')
      .where({ tenant_id: tenantId })
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit);
    return rows.map(fromRow);
  },
});

const fromRow = (row: Row): Invitation => ({
  id: row.id,
  tenantId: row.tenant_id,
  email: row.email,
  invitedBy: row.invited_by,
  createdAt: fromIso(row.created_at),
  expiresAt: fromIso(row.expires_at),
  acceptedAt: fromIsoOrNull(row.accepted_at),
  revokedAt: fromIsoOrNull(row.revoked_at),
});
