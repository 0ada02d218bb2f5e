import { acrossTenants } from '../platform/database/across-tenants.js';
import { hashOf } from '../accounts/people/secret-tokens.js';
import { fromIso, fromIsoOrNull, iso, type Knex } from '../platform/database/database.js';
import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import type { HandOff } from './hand-off-types.js';

type Row = {
  id: string;
  tenant_id: string;
  token_hash: string;
  made_by: string;
  created_at: string;
  expires_at: string;
  opened_at: string | null;
  credential_id: string | null;
  submitted_at: string | null;
  revoked_at: string | null;
};
type SessionRow = { token_hash: string; tenant_id: string; hand_off_id: string; expires_at: string };

/** All SQL on `hand_offs` and `hand_off_sessions`. Tokens are stored only as hashes. */
export const handOffStore = (db: Knex) => {
  const table = () => db<Row>('hand_offs');
  return {
    forTenant: (tenantId: string) => {
      const mine = () => table().where({ tenant_id: tenantId });
      const unended = (id: string, now: Date) =>
        mine().where({ id }).whereNull('revoked_at').andWhere('expires_at', '>', iso(now));
      return {
        async add(handOff: Pick<HandOff, 'id' | 'madeBy' | 'createdAt' | 'expiresAt'>, token: string): Promise<void> {
          await db<Row>('hand_offs').insert({
            id: handOff.id,
            tenant_id: tenantId,
            token_hash: hashOf(token),
            made_by: handOff.madeBy,
            created_at: iso(handOff.createdAt),
            expires_at: iso(handOff.expiresAt),
          });
        },
        async find(id: string): Promise<HandOff | undefined> {
          const row = await mine().where({ id }).first();
          return row && fromRow(row);
        },
        /** Newest first. */
        async newest(limit: number): Promise<HandOff[]> {
          const rows = await mine()
            .orderBy([
              { column: 'created_at', order: 'desc' },
              { column: 'id', order: 'desc' },
            ])
            .limit(limit);
          return rows.map(fromRow);
        },
        /** Ends this member's unopened links. @returns their ids */
        async revokeUnopened(madeBy: string, now: Date): Promise<string[]> {
          const unopened = mine().where({ made_by: madeBy }).whereNull('opened_at').whereNull('revoked_at');
          const rows = await unopened
            .andWhere('expires_at', '>', iso(now))
            .update({ revoked_at: iso(now) })
            .returning('id');
          return rows.map(({ id }) => id);
        },
        /** Ends all links. @returns how many worked */
        revokeAll: (now: Date): Promise<number> =>
          mine()
            .whereNull('revoked_at')
            .andWhere('expires_at', '>', iso(now))
            .update({ revoked_at: iso(now) }),
        /** @returns false if there is no such working link */
        async revoke(id: string, now: Date): Promise<boolean> {
          return (await unended(id, now).update({ revoked_at: iso(now) })) === 1;
        },
        /** Begins a visit. @returns false if the link has ended */
        async open(id: string, visit: { token: string; until: Date }, now: Date): Promise<boolean> {
          const opened = { opened_at: db.raw('coalesce(opened_at, ?)', [iso(now)]) as unknown as string };
          if ((await unended(id, now).update(opened)) !== 1) return false;
          await db<SessionRow>('hand_off_sessions').insert({
            token_hash: hashOf(visit.token),
            tenant_id: tenantId,
            hand_off_id: id,
            expires_at: iso(visit.until),
          });
          return true;
        },
        /** @returns false if the link has ended */
        async noteSubmission(id: string, credentialId: string, now: Date): Promise<boolean> {
          const submitted = { credential_id: credentialId, submitted_at: iso(now) };
          return (await unended(id, now).update(submitted)) === 1;
        },
      };
    },

    /** The token grants access; the link names its tenant. */
    async findByToken(token: string): Promise<HandOff | undefined> {
      const row = await acrossTenants(table(), 'the token proves it; the row names the tenant')
        .where({ token_hash: hashOf(token) })
        .first();
      return row && fromRow(row);
    },

    /** The link of a visit that has not ended, if the browser's token belongs to this link. */
    async findByVisit(id: string, token: string, now: Date): Promise<HandOff | undefined> {
      const row = await acrossTenants(table(), "by the token of the visit's browser and the id of its link")
        .join('hand_off_sessions', 'hand_off_sessions.hand_off_id', 'hand_offs.id')
        .where({ 'hand_offs.id': id, 'hand_off_sessions.token_hash': hashOf(token) })
        .andWhere('hand_off_sessions.expires_at', '>', iso(now))
        .first<Row | undefined>('hand_offs.*');
      return row && fromRow(row);
    },

    deleteEndedVisits: (now: Date): Promise<void> =>
      deleteInBatches(
        () => acrossTenants(db<SessionRow>('hand_off_sessions'), 'retention').where('expires_at', '<=', iso(now)),
        'token_hash',
      ),

    /** Deletes links that expired before then, in any state; their visits ended long ago. */
    deleteExpiredBefore: (before: Date): Promise<void> =>
      deleteInBatches(() => acrossTenants(table(), 'retention').where('expires_at', '<', iso(before)), 'id'),
  };
};

const fromRow = (row: Row): HandOff => ({
  id: row.id,
  tenantId: row.tenant_id,
  madeBy: row.made_by,
  createdAt: fromIso(row.created_at),
  expiresAt: fromIso(row.expires_at),
  openedAt: fromIsoOrNull(row.opened_at),
  submitted:
    row.credential_id !== null && row.submitted_at !== null
      ? { credentialId: row.credential_id, at: fromIso(row.submitted_at) }
      : null,
  revokedAt: fromIsoOrNull(row.revoked_at),
});
