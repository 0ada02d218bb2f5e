import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import type { Actor, AuditAction, AuditEvent, AuditOutcome } from './audit-events.js';

type Row = {
  seq: number;
  id: string;
  at: string;
  actor_kind: string;
  actor_id: string | null;
  tenant_id: string | null;
  action: string;
  target: string | null;
  outcome: string;
  ip: string | null;
  request_id: string | null;
  detail: string;
};

export type StoredAuditEvent = {
  /** Counts the events of the whole portal: not for the pages of a clinic. */
  seq: number;
  id: string;
  at: Date;
  actorKind: Actor['kind'];
  actorId: string | null;
  /** Of this version or an earlier one. */
  action: string;
  target: string | null;
  outcome: AuditOutcome;
  detail: Record<string, string | number | boolean | null>;
  ip: string | null;
};

/** Append-only. Created from a handle, so that a change and its audit row share one transaction. */
export const auditStore = (db: Knex, world: Pick<World, 'now' | 'newId'>) => {
  const rowOf = (event: AuditEvent): Omit<Row, 'seq'> => ({
    id: world.newId(),
    at: iso(world.now()),
    actor_kind: event.actor.kind,
    actor_id: 'id' in event.actor ? event.actor.id : null,
    tenant_id: event.tenantId ?? null,
    action: event.action,
    target: event.target ?? null,
    outcome: event.outcome,
    ip: event.origin?.ip ?? null,
    request_id: event.origin?.requestId ?? null,
    detail: JSON.stringify(event.detail ?? {}),
  });

  async function append(event: AuditEvent): Promise<void> {
    await db<Row>('audit_events').insert(rowOf(event));
  }

  /** Newest first; `before` is the `seq` of the last event of the previous page. */
  async function newestIn(rows: Knex.QueryBuilder<Row>, limit: number, before?: number): Promise<StoredAuditEvent[]> {
    const query = rows.orderBy('seq', 'desc').limit(limit);
    const found = (await (before === undefined ? query : query.andWhere('seq', '<', before))) as Row[];
    return found.map(fromRow);
  }

  return {
    append,

    /** All in one statement, and therefore all or none. SQLite accepts 500 at once. */
    async appendAll(events: readonly AuditEvent[]): Promise<void> {
      await db<Row>('audit_events').insert(events.map(rowOf));
    },

    /** Events of no tenant. */
    withoutTenant: (limit: number, before?: number): Promise<StoredAuditEvent[]> => {
      const rows = acrossTenants(db<Row>('audit_events'), 'rows of no tenant').whereNull('tenant_id');
      return newestIn(rows, limit, before);
    },

    /** When each of these tenants first has an event with this action. */
    firstTimes: async (tenantIds: readonly string[], action: AuditAction): Promise<Map<string, Date>> => {
      const all = acrossTenants(db<Row>('audit_events'), 'how far clinics get, for the overview of staff');
      const mine = all.whereIn('tenant_id', tenantIds).andWhere({ action }).groupBy('tenant_id');
      const rows: { tenant_id: string; at: string }[] = await mine.select('tenant_id').min({ at: 'at' });
      return new Map(rows.map((row) => [row.tenant_id, fromIso(row.at)]));
    },

    forTenant: (tenantId: string) => ({
      /** An event of this tenant. */
      append: (event: Omit<AuditEvent, 'tenantId'>): Promise<void> => append({ ...event, tenantId }),

      newest: (limit: number, before?: number): Promise<StoredAuditEvent[]> =>
        newestIn(db<Row>('audit_events').where({ tenant_id: tenantId }), limit, before),

      /**
       * Only events with these actions. Read in the order of `seq`: by the index of actions, the database would sort
       * all events of a tenant for each page, so the condition is written in a way that uses none.
       */
      newestOf: (actions: readonly string[], limit: number, before?: number): Promise<StoredAuditEvent[]> => {
        const rows = db<Row>('audit_events').where({ tenant_id: tenantId });
        const places = actions.map(() => '?').join();
        return newestIn(rows.andWhereRaw(`action || '' in (${places})`, [...actions]), limit, before);
      },

      /** The `seq` of an event of this tenant. */
      seqOf: async (id: string): Promise<number | undefined> => {
        const row = await db<Row>('audit_events').where({ tenant_id: tenantId, id }).first('seq');
        return row?.seq;
      },

      /** What all events with this action are about. */
      targetsOf: async (action: AuditAction): Promise<string[]> => {
        const rows = db<Row>('audit_events').where({ tenant_id: tenantId, action });
        return rows.whereNotNull('target').distinct('target').pluck<string[]>('target');
      },

      /** Whether there is an event with this action. */
      has: async (action: string): Promise<boolean> => {
        const rows = db<Row>('audit_events').where({ tenant_id: tenantId, action });
        return (await rows.first('seq')) !== undefined;
      },

      /**
       * The times of these actions since `since`, newest first, at most `limit`. Used for rate limits.
       *
       * @param by members are everyone without a hand-off link
       */
      async times(
        actions: AuditAction[],
        since: Date,
        limit: number,
        by: 'members' | 'hand_offs' | { handOffId: string },
      ): Promise<Date[]> {
        const isLink = { actor_kind: 'hand_off', ...(typeof by === 'object' ? { actor_id: by.handOffId } : {}) };
        const rows: Pick<Row, 'at'>[] = await db<Row>('audit_events')
          .where({ tenant_id: tenantId })
          .andWhere((actor) => (by === 'members' ? actor.whereNot(isLink) : actor.where(isLink)))
          .whereIn('action', actions)
          .andWhere('at', '>', iso(since))
          .orderBy('at', 'desc')
          .limit(limit)
          .select('at');
        return rows.map(({ at }) => fromIso(at));
      },
    }),
  };
};

export type TenantAudit = ReturnType<ReturnType<typeof auditStore>['forTenant']>;

const fromRow = (row: Row): StoredAuditEvent => ({
  seq: row.seq,
  id: row.id,
  at: fromIso(row.at),
  actorKind: row.actor_kind as Actor['kind'],
  actorId: row.actor_id,
  action: row.action,
  target: row.target,
  outcome: row.outcome as AuditOutcome,
  detail: JSON.parse(row.detail) as StoredAuditEvent['detail'],
  ip: row.ip,
});
