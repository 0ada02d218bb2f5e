import { fromIso, fromIsoOrNull, isoOrNull, type Knex } from '../../platform/database/database.js';
import type { OwnerChange, OwnerChangeKind, OwnerFacts, WatchedOwner } from './owner-change.js';

type Row = {
  tenant_id: string;
  owner_id: string;
  facts: string;
  change_id: string | null;
  change_kinds: string | null;
  change_before: string | null;
  change_seen_at: string | null;
  change_over_at: string | null;
};

/** All SQL on `watched_owners`: one row for each connected tenant. */
export const ownerStore = (db: Knex) => ({
  forTenant: (tenantId: string) => ({
    async find(): Promise<WatchedOwner | undefined> {
      const row = await db<Row>('watched_owners').where({ tenant_id: tenantId }).first();
      return row && { ownerId: row.owner_id, facts: JSON.parse(row.facts) as OwnerFacts, change: changeOf(row) };
    },
    async save({ ownerId, facts, change }: WatchedOwner): Promise<void> {
      const row: Row = {
        tenant_id: tenantId,
        owner_id: ownerId,
        facts: JSON.stringify(facts),
        change_id: change?.id ?? null,
        change_kinds: change?.kinds.join(' ') ?? null,
        change_before: change && JSON.stringify(change.before),
        change_seen_at: isoOrNull(change?.seenAt ?? null),
        change_over_at: isoOrNull(change?.overAt ?? null),
      };
      await db<Row>('watched_owners').insert(row).onConflict('tenant_id').merge();
    },
  }),
});

function changeOf(row: Row): OwnerChange | null {
  if (row.change_id === null || row.change_before === null || row.change_seen_at === null) return null;
  return {
    id: row.change_id,
    kinds: (row.change_kinds ?? '').split(' ') as OwnerChangeKind[],
    before: JSON.parse(row.change_before) as OwnerFacts,
    seenAt: fromIso(row.change_seen_at),
    overAt: fromIsoOrNull(row.change_over_at),
  };
}
