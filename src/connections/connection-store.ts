import { fromIsoOrNull, isoOrNull, type Knex } from '../platform/database.js';
import type { Health } from './health.js';

type Row = {
  tenant_id: string;
  health: string;
  checked_at: string | null;
  owner_id: string | null;
  account_id: string | null;
  owner_name: string | null;
  owner_extension_number: string | null;
  account_name: string | null;
  connected_at: string | null;
  held_account_id: string | null;
  held_owner_id: string | null;
  approved_account_id: string | null;
};

/** Whom the connection acts as at RingCentral. Names are as RingCentral gave them: text to show, never to trust. */
export type Identity = {
  ownerId: string;
  accountId: string;
  ownerName: string | null;
  ownerExtensionNumber: string | null;
  accountName: string | null;
};

export type Connection = {
  tenantId: string;
  health: Health;
  checkedAt: Date | null;
  connectedAt: Date | null;
  identity: Identity | null;
  /** An account that is not the pinned one, or another tenant's: held until staff approve it. */
  held: { accountId: string; ownerId: string } | null;
  approvedAccountId: string | null;
};

/** All SQL on `connections`. Reads and writes are of one tenant, apart from the two that say otherwise. */
export const connectionStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('connections').where({ tenant_id: tenantId });
    return {
      async find(): Promise<Connection | undefined> {
        const row = await mine().first();
        return row && fromRow(row);
      },
      async save(connection: Connection): Promise<void> {
        await db<Row>('connections')
          .insert(toRow({ ...connection, tenantId }))
          .onConflict('tenant_id')
          .merge();
      },
    };
  },

  /** Of the staff's list: the connections of these tenants. */
  async ofTenants(tenantIds: string[]): Promise<Map<string, Connection>> {
    const rows = await db<Row>('connections').whereIn('tenant_id', tenantIds);
    return new Map(rows.map((row) => [row.tenant_id, fromRow(row)]));
  },

  /** Whether another tenant is connected to this RingCentral account. It does not say which. */
  async isAccountHeldByAnother(accountId: string, tenantId: string): Promise<boolean> {
    const row = await db<Row>('connections')
      .where({ account_id: accountId })
      .whereNot({ tenant_id: tenantId })
      .first('tenant_id');
    return row !== undefined;
  },
});

export type ConnectionStore = ReturnType<typeof connectionStore>;

function fromRow(row: Row): Connection {
  return {
    tenantId: row.tenant_id,
    health: JSON.parse(row.health) as Health,
    checkedAt: fromIsoOrNull(row.checked_at),
    connectedAt: fromIsoOrNull(row.connected_at),
    identity:
      row.owner_id !== null && row.account_id !== null
        ? {
            ownerId: row.owner_id,
            accountId: row.account_id,
            ownerName: row.owner_name,
            ownerExtensionNumber: row.owner_extension_number,
            accountName: row.account_name,
          }
        : null,
    held:
      row.held_account_id !== null && row.held_owner_id !== null
        ? { accountId: row.held_account_id, ownerId: row.held_owner_id }
        : null,
    approvedAccountId: row.approved_account_id,
  };
}

const toRow = (connection: Connection): Row => ({
  tenant_id: connection.tenantId,
  health: JSON.stringify(connection.health),
  checked_at: isoOrNull(connection.checkedAt),
  connected_at: isoOrNull(connection.connectedAt),
  owner_id: connection.identity?.ownerId ?? null,
  account_id: connection.identity?.accountId ?? null,
  owner_name: connection.identity?.ownerName ?? null,
  owner_extension_number: connection.identity?.ownerExtensionNumber ?? null,
  account_name: connection.identity?.accountName ?? null,
  held_account_id: connection.held?.accountId ?? null,
  held_owner_id: connection.held?.ownerId ?? null,
  approved_account_id: connection.approvedAccountId,
});
