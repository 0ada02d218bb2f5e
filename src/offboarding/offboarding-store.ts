import type { Actor } from '../audit/audit-events.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, type Knex } from '../platform/database/database.js';

type Row = {
  tenant_id: string;
  offboarded_at: string;
  actor_kind: string;
  actor_id: string | null;
  erase_at: string;
  erasing_since: string | null;
  counts: string | null;
  erased_at: string | null;
};

/** How many rows of each table there were when the erasure began. */
export type Counts = Readonly<Record<string, number>>;

export type Offboarding = {
  tenantId: string;
  at: Date;
  actorKind: Actor['kind'];
  actorId: string | null;
  eraseAt: Date;
  /** From then on it cannot be undone. */
  erasingSince: Date | null;
  counts: Counts | null;
  erasedAt: Date | null;
};

/** Where the next page of the list begins. */
export type OffboardingCursor = { at: Date; tenantId: string };

/** All SQL on `offboardings`: one row for each clinic that has left, forever. */
export const offboardingStore = (db: Knex) => {
  const all = () => acrossTenants(db<Row>('offboardings'), 'the clinics that have left');
  const of = (tenantId: string) => db<Row>('offboardings').where({ tenant_id: tenantId });
  return {
    async add({ tenantId, at, eraseAt }: { tenantId: string; at: Date; eraseAt: Date }, actor: Actor): Promise<void> {
      await db<Row>('offboardings').insert({
        tenant_id: tenantId,
        offboarded_at: iso(at),
        actor_kind: actor.kind,
        actor_id: 'id' in actor ? actor.id : null,
        erase_at: iso(eraseAt),
      });
    },
    async find(tenantId: string): Promise<Offboarding | undefined> {
      const row = await of(tenantId).first();
      return row && fromRow(row);
    },
    /** @returns false if the erasure has begun, or it has not left */
    async undo(tenantId: string): Promise<boolean> {
      return (await of(tenantId).whereNull('erasing_since').delete()) === 1;
    },
    /** @returns false if it has begun, is not due, or was undone */
    async beginErasure(tenantId: string, now: Date, counts: Counts): Promise<boolean> {
      const due = of(tenantId).whereNull('erasing_since').andWhere('erase_at', '<=', iso(now));
      return (await due.update({ erasing_since: iso(now), counts: JSON.stringify(counts) })) === 1;
    },
    /** @returns false if it was finished before */
    async finishErasure(tenantId: string, now: Date): Promise<boolean> {
      return (
        (await of(tenantId)
          .whereNull('erased_at')
          .update({ erased_at: iso(now) })) === 1
      );
    },
    /** Those whose erasure is due and not finished, the longest due first. */
    due: (now: Date, limit: number): Promise<string[]> =>
      all()
        .whereNull('erased_at')
        .andWhere('erase_at', '<=', iso(now))
        .orderBy('erase_at')
        .limit(limit)
        .pluck('tenant_id'),
    /** Newest first; a keyset page. */
    async page(limit: number, after?: OffboardingCursor): Promise<Offboarding[]> {
      const page = all()
        .orderBy(['offboarded_at', 'tenant_id'].map((column) => ({ column, order: 'desc' as const })))
        .limit(limit);
      if (after) void page.whereRaw('(offboarded_at, tenant_id) < (?, ?)', [iso(after.at), after.tenantId]);
      return (await page).map(fromRow);
    },
  };
};

const fromRow = (row: Row): Offboarding => ({
  tenantId: row.tenant_id,
  at: fromIso(row.offboarded_at),
  actorKind: row.actor_kind as Actor['kind'],
  actorId: row.actor_id,
  eraseAt: fromIso(row.erase_at),
  erasingSince: fromIsoOrNull(row.erasing_since),
  counts: row.counts === null ? null : (JSON.parse(row.counts) as Counts),
  erasedAt: fromIsoOrNull(row.erased_at),
});
