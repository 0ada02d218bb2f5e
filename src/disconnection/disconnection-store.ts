import type { CredentialStatus } from '../credentials/credential-types.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, isoOrNull, type Knex } from '../platform/database/database.js';
import type { SessionEnd } from '../tokens/token-types.js';
import type { DisconnectedBy, Disconnection, Receipt, Result } from './disconnection-types.js';

type Row = {
  id: string;
  tenant_id: string;
  at: string;
  by: string;
  account_id: string | null;
  sessions_end_by: string | null;
  receipt: string | null;
  receipt_at: string | null;
  result: string | null;
};
type CredentialRow = {
  disconnection_id: string;
  tenant_id: string;
  credential_id: string;
  was: string;
  sessions_revoked: number;
  sessions_not_revoked: number;
  never_exchanged: number | null;
};

/** All SQL on `disconnections` and their credentials. */
export const disconnectionStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('disconnections').where({ tenant_id: tenantId });
    const credentials = () => db<CredentialRow>('disconnected_credentials').where({ tenant_id: tenantId });
    const whole = async (row: Row): Promise<Disconnection> => {
      const of = await credentials().where({ disconnection_id: row.id }).orderBy('credential_id');
      return fromRow(row, of);
    };
    return {
      async add(disconnection: Omit<Disconnection, 'receipt' | 'erasedReceipt' | 'tenantId'>): Promise<void> {
        const { id, at, by, accountId } = disconnection;
        await db<Row>('disconnections').insert({
          id,
          tenant_id: tenantId,
          at: iso(at),
          by,
          account_id: accountId,
          sessions_end_by: isoOrNull(disconnection.sessionsEndBy),
        });
        for (const one of disconnection.credentials)
          await db<CredentialRow>('disconnected_credentials').insert({
            disconnection_id: id,
            tenant_id: tenantId,
            credential_id: one.id,
            was: one.was,
            sessions_revoked: one.revoked,
            sessions_not_revoked: one.notRevoked,
            never_exchanged: one.neverExchanged ? 1 : null,
          });
      },

      async find(id: string): Promise<Disconnection | undefined> {
        const row = await mine().where({ id }).first();
        return row && whole(row);
      },

      /** Newest first. */
      async newest(limit: number): Promise<Disconnection[]> {
        const rows = await mine()
          .orderBy([
            { column: 'at', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(limit);
        return Promise.all(rows.map(whole));
      },

      /** Counts the end of a session, unless no disconnection without a receipt has this credential. */
      async noteSession(credentialId: string, how: SessionEnd): Promise<void> {
        const column = how === 'revoked' ? 'sessions_revoked' : 'sessions_not_revoked';
        const open = mine().whereNull('receipt_at').select('id');
        const counted = credentials().where({ credential_id: credentialId }).whereIn('disconnection_id', open);
        if (how === 'found') await counted.andWhere(column, '>', 0).decrement(column);
        else await counted.increment(column);
      },

      /** @returns false if it has one already */
      async addReceipt(id: string, { text, at, result }: Receipt): Promise<boolean> {
        const changed = await mine()
          .where({ id })
          .whereNull('receipt_at')
          .update({ receipt: text, receipt_at: iso(at), result });
        return changed === 1;
      },
    };
  },

  /** For all tenants: those without a receipt, in the order of their ids, after `after`. */
  async open(limit: number, after?: string): Promise<{ id: string; tenantId: string }[]> {
    const all = acrossTenants(db<Row>('disconnections'), 'the worker makes the receipts of any tenant');
    const page = all.whereNull('receipt_at').orderBy('id').limit(limit);
    if (after !== undefined) void page.andWhere('id', '>', after);
    const rows = await page.select('id', 'tenant_id');
    return rows.map((row) => ({ id: row.id, tenantId: row.tenant_id }));
  },
});

const fromRow = (row: Row, credentials: readonly CredentialRow[]): Disconnection => ({
  id: row.id,
  tenantId: row.tenant_id,
  at: fromIso(row.at),
  by: row.by as DisconnectedBy,
  accountId: row.account_id,
  sessionsEndBy: fromIsoOrNull(row.sessions_end_by),
  erasedReceipt:
    row.receipt === null && row.receipt_at !== null
      ? { at: fromIso(row.receipt_at), result: row.result as Result }
      : null,
  receipt:
    row.receipt === null || row.receipt_at === null
      ? null
      : { text: row.receipt, at: fromIso(row.receipt_at), result: row.result as Result },
  credentials: credentials.map((one) => ({
    id: one.credential_id,
    was: one.was as CredentialStatus,
    revoked: one.sessions_revoked,
    notRevoked: one.sessions_not_revoked,
    neverExchanged: one.never_exchanged === 1,
  })),
});
