import { acrossTenants } from '../../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, isoOrNull, type Knex } from '../../platform/database/database.js';
import { preparedRead } from '../../platform/database/prepared-read.js';
import type { Cause } from './causes.js';
import { countChange, countsOf } from '../connection-counts.js';
import { neverConnected, type Health, type Serving, type ShownState } from './health.js';

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
  held_owner_name: string | null;
  held_account_name: string | null;
  approved_account_id: string | null;
  approved_owner_id: string | null;
  state: ShownState;
  cause: Cause | null;
  state_since: string | null;
  unverified_at: string | null;
  suspect_since: string | null;
};

/** The last recorded state, for searching and counting. Pages compute the current state themselves. */
export type KnownState = {
  state: ShownState;
  cause: Cause | null;
  since: Date;
  /** When the evidence becomes too old; null if it cannot. */
  unverifiedAt: Date | null;
  /** Since when a refusal of a working credential waits for confirmation. */
  suspectSince: Date | null;
};

/**
 * The RingCentral user and account of the connection. The names come from RingCentral: show them as text, never trust
 * them.
 */
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
  /** An account that differs from the pinned one or belongs to another tenant; it waits for staff approval. */
  withheld: Omit<Identity, 'ownerExtensionNumber'> | null;
  approvedAccountId: string | null;
  /** The user that staff approved for the credential in use; null as soon as a check has accepted it. */
  approvedOwnerId: string | null;
  /** null before the first save */
  known: KnownState | null;
};

/** The connection of a tenant that has never pasted. */
export const emptyConnection = (tenantId: string, at: Date): Connection => ({
  tenantId,
  health: neverConnected(iso(at)),
  checkedAt: null,
  connectedAt: null,
  identity: null,
  withheld: null,
  approvedAccountId: null,
  approvedOwnerId: null,
  known: null,
});

/** Where the next page of a list by state begins. */
export type StateCursor = { since: Date; tenantId: string };

/** Selects a page of `inOrder`. */
export type InOrder = {
  after?: string | undefined;
  among?: readonly string[] | undefined;
  inDoubtAt?: { at: Date; tenants: readonly string[] } | undefined;
};

const provenStates: readonly ShownState[] = ['healthy', 'warning'];

/** At least one of the two. */
export type StateFilter = { state: ShownState; cause?: Cause } | { cause: Cause };

/** Whom it acts as (null before the first success), how well it works, since when, and what a person must do first. */
type ServingUser = Acting & { serving: Serving; since: Date; waitsFor: 'not_confirmed' | null };
type Acting = { user: Pick<Identity, 'ownerId' | 'accountId'> | null };

const waitsFor = (asked: Health['pending']) => (asked?.cause === 'not_confirmed' ? asked.cause : null);
const servingOf = preparedRead(
  (db, tenantId) => db<Row>('connections').where({ tenant_id: tenantId }).select('health', 'owner_id', 'account_id'),
  ([row]: Pick<Row, 'health' | 'owner_id' | 'account_id'>[]): ServingUser | undefined => {
    if (!row) return undefined;
    const { owner_id: ownerId, account_id: accountId } = row;
    const { serving, since, pending: asked } = JSON.parse(row.health) as Health;
    const user = ownerId === null || accountId === null ? null : { ownerId, accountId };
    return { user, serving, since: fromIso(since), waitsFor: waitsFor(asked) };
  },
);

/** All SQL on `connections` and their counters. What is not limited to one tenant says so. */
export const connectionStore = (db: Knex) => ({
  forTenant: (tenantId: string) => ({
    async find(): Promise<Connection | undefined> {
      const row = await db<Row>('connections').where({ tenant_id: tenantId }).first();
      return row && fromRow(row);
    },
    /** Read for every token. */
    serving: (): Promise<ServingUser | undefined> => servingOf(db, tenantId),
    /** Requires a transaction that holds the tenant's lock, because the counters are computed from `before`. */
    async save(before: KnownState | null, connection: Connection & { known: KnownState }): Promise<void> {
      await db<Row>('connections')
        .insert(toRow({ ...connection, tenantId }))
        .onConflict('tenant_id')
        .merge();
      await countChange(db, before, connection.known);
    },
    /** Requires a transaction that holds the tenant's lock. */
    async remove(): Promise<void> {
      const row = await db<Row>('connections').where({ tenant_id: tenantId }).first();
      if (!row) return;
      await db<Row>('connections').where({ tenant_id: tenantId }).delete();
      await countChange(db, fromRow(row).known, null);
    },
  }),

  /** For the staff list: the connections of these tenants. */
  async ofTenants(tenantIds: string[]): Promise<Map<string, Connection>> {
    const rows = await acrossTenants(db<Row>('connections'), "the staff's list").whereIn('tenant_id', tenantIds);
    return new Map(rows.map((row) => [row.tenant_id, fromRow(row)]));
  },

  /** Whether another tenant is connected to this RingCentral account; does not reveal which one. */
  async isAccountOfAnother(accountId: string, tenantId: string): Promise<boolean> {
    const row = await acrossTenants(db<Row>('connections'), 'whether two tenants have one account: yes or no')
      .where({ account_id: accountId })
      .whereNot({ tenant_id: tenantId })
      .first('tenant_id');
    return row !== undefined;
  },

  /** For staff: which other tenants are connected to this RingCentral account; at most `limit`. */
  async othersWithAccount(accountId: string, tenantId: string, limit: number): Promise<string[]> {
    const all = acrossTenants(db<Row>('connections'), 'for staff, who decide whether two clinics share an account');
    const others = all.where({ account_id: accountId }).whereNot({ tenant_id: tenantId });
    return others.orderBy('tenant_id').limit(limit).pluck<string[]>('tenant_id');
  },

  /** The number of tenants by state and cause. */
  counts: () => countsOf(db) as Promise<{ state: ShownState; cause: Cause | null; count: number }[]>,

  /** Tenants with a recorded state, cause or both, by when that began; a keyset page. */
  async inState(wanted: StateFilter, limit: number, after?: StateCursor, order: 'asc' | 'desc' = 'desc') {
    const page = acrossTenants(db<Row>('connections'), "the staff's list")
      .where({ ...wanted })
      .orderBy(['state_since', 'tenant_id'].map((column) => ({ column, order })))
      .limit(limit);
    const beyond = order === 'asc' ? '>' : '<';
    if (after) void page.whereRaw(`(state_since, tenant_id) ${beyond} (?, ?)`, [iso(after.since), after.tenantId]);
    const rows = await page.select('tenant_id', 'state_since');
    return rows.map((row): StateCursor => ({ tenantId: row.tenant_id, since: fromIso(row.state_since ?? '') }));
  },

  /**
   * The tenant to use for the next call that finds out whether our own app is accepted: the one checked longest ago of
   * those known to work; without one, of those whose paste waits.
   *
   * @param among a query for the ids of the allowed tenants, if not all are; `except`: ids of others that are not
   */
  async nextToProbe(among: Knex.QueryBuilder | undefined, except: readonly string[]) {
    for (const [works, states] of [[true, provenStates] as const, [false, ['pending'] as const] as const]) {
      const all = acrossTenants(db<Row>('connections'), 'the worker looks for one to try our app with');
      if (among) void all.whereIn('tenant_id', among);
      const row = await all
        .whereNotIn('tenant_id', except)
        .whereIn('state', states)
        .orderByRaw('case when checked_at is null then 0 else 1 end, checked_at, tenant_id')
        .first('tenant_id');
      if (row) return { tenantId: row.tenant_id, works };
    }
    return undefined;
  },

  /** How many working credentials RingCentral has started to refuse since then; counts at most `most`. */
  async newlyRejected(since: Date, causes: readonly Cause[], most: number): Promise<number> {
    const all = () => acrossTenants(db<Row>('connections'), 'a number');
    const suspects = all().where('suspect_since', '>', iso(since));
    const believed = all()
      .where({ state: 'failing' })
      .whereIn('cause', causes)
      .andWhere('state_since', '>', iso(since));
    const ids = await Promise.all([suspects, believed].map((rows) => rows.limit(most).pluck('tenant_id')));
    return Math.min(most, new Set(ids.flat()).size);
  },

  /**
   * Connections in the order of the tenants' ids, after `after`; a keyset page.
   *
   * @param among of these tenants only
   * @param inDoubtAt only those that may not work then: whatever is not proved, suspected, or too old by then, and
   *   these tenants
   */
  async inOrder(limit: number, { after, among, inDoubtAt }: InOrder): Promise<Connection[]> {
    const page = acrossTenants(db<Row>('connections'), 'what is known for a run').orderBy('tenant_id').limit(limit);
    if (after !== undefined) void page.where('tenant_id', '>', after);
    if (among) void page.whereIn('tenant_id', [...among]);
    if (inDoubtAt)
      void page.where((doubt) =>
        doubt
          .whereNotIn('state', [...provenStates])
          .orWhere('unverified_at', '<', iso(inDoubtAt.at))
          .orWhereNotNull('suspect_since')
          .orWhereIn('tenant_id', [...inDoubtAt.tenants]),
      );
    // The ids come from an index alone; then only the rows of one page are read.
    const ids = await page.pluck('tenant_id');
    const rows = await acrossTenants(db<Row>('connections'), 'what is known for a run').whereIn('tenant_id', ids);
    return rows.map(fromRow).sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
  },

  /** Tenants whose evidence has become too old, oldest first. */
  async goneStale(now: Date, limit: number): Promise<string[]> {
    return acrossTenants(db<Row>('connections'), 'the worker looks after those of any tenant')
      .where('unverified_at', '<', iso(now))
      .orderBy('unverified_at')
      .limit(limit)
      .pluck('tenant_id');
  },
});

const userFrom = <Names>(ownerId: string | null, accountId: string | null, names: Names) =>
  ownerId === null || accountId === null ? null : { ownerId, accountId, ...names };

function fromRow(row: Row): Connection {
  return {
    tenantId: row.tenant_id,
    health: JSON.parse(row.health) as Health,
    checkedAt: fromIsoOrNull(row.checked_at),
    connectedAt: fromIsoOrNull(row.connected_at),
    identity: userFrom(row.owner_id, row.account_id, {
      ownerName: row.owner_name,
      ownerExtensionNumber: row.owner_extension_number,
      accountName: row.account_name,
    }),
    withheld: userFrom(row.held_owner_id, row.held_account_id, {
      ownerName: row.held_owner_name,
      accountName: row.held_account_name,
    }),
    approvedAccountId: row.approved_account_id,
    approvedOwnerId: row.approved_owner_id,
    known:
      row.state_since === null
        ? null
        : {
            state: row.state,
            cause: row.cause,
            since: fromIso(row.state_since),
            unverifiedAt: fromIsoOrNull(row.unverified_at),
            suspectSince: fromIsoOrNull(row.suspect_since),
          },
  };
}

const toRow = (connection: Connection & { known: KnownState }): Row => ({
  tenant_id: connection.tenantId,
  health: JSON.stringify(connection.health),
  checked_at: isoOrNull(connection.checkedAt),
  connected_at: isoOrNull(connection.connectedAt),
  owner_id: connection.identity?.ownerId ?? null,
  account_id: connection.identity?.accountId ?? null,
  owner_name: connection.identity?.ownerName ?? null,
  owner_extension_number: connection.identity?.ownerExtensionNumber ?? null,
  account_name: connection.identity?.accountName ?? null,
  held_account_id: connection.withheld?.accountId ?? null,
  held_owner_id: connection.withheld?.ownerId ?? null,
  held_owner_name: connection.withheld?.ownerName ?? null,
  held_account_name: connection.withheld?.accountName ?? null,
  approved_account_id: connection.approvedAccountId,
  approved_owner_id: connection.approvedOwnerId,
  state: connection.known.state,
  cause: connection.known.cause,
  state_since: iso(connection.known.since),
  unverified_at: isoOrNull(connection.known.unverifiedAt),
  suspect_since: isoOrNull(connection.known.suspectSince),
});
