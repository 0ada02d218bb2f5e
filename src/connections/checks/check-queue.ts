import { acrossTenants } from '../../platform/database/across-tenants.js';
import type { Requester } from '../../audit/audit-events.js';
import { fromIso, fromIsoOrNull, iso, skippingClaimed, unleased, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { Trigger } from '../health/check-types.js';
import { claimedForMs, type Lane } from './schedule.js';

type Row = {
  id: string;
  tenant_id: string;
  credential_id: string;
  trigger: string;
  lane: string;
  requested_by: string | null;
  hand_off_id: string | null;
  requested_at: string;
  due_at: string;
  attempts: number;
  tries: number;
  failures: number;
  failed_because: string | null;
  claimed_by: string | null;
  lease_until: string | null;
  finished_at: string | null;
};

/** Why a check came to no end: our keys do not open the credential, or it is our own defect. */
export type FailureReason = 'key_missing' | 'ciphertext_damaged' | 'defect';

const allLanes: readonly Lane[] = ['interactive', 'urgent', 'background'];

export type CheckRequest = {
  id: string;
  tenantId: string;
  credentialId: string;
  trigger: Trigger;
  lane: Lane;
  /** The person; with `handOffId`, who made the link by which somebody else asked. */
  requestedBy: string | null;
  handOffId: string | null;
  requestedAt: Date;
  dueAt: Date;
  attempts: number;
  /** Answers in a row that said neither yes nor no, before this request. */
  tries: number;
  /** Claims in a row that came to no end; one that is being worked on is counted. */
  failures: number;
  /** null also where the process ended in the middle of it. */
  failedBecause: FailureReason | null;
  leaseUntil: Date | null;
  finishedAt: Date | null;
};

export type NewCheckRequest = Pick<
  CheckRequest,
  'credentialId' | 'trigger' | 'lane' | 'requestedBy' | 'dueAt' | 'tries'
> & { handOffId?: string | null };

export type ClaimOptions = {
  /** In this order; default all of them. */
  lanes?: readonly Lane[];
  /** A query for the ids of those it may be of; of any where there is none. */
  tenants?: Knex.QueryBuilder | undefined;
};

/**
 * All SQL on `check_requests`: the queue is the database, so a killed worker loses nothing. A credential has at most
 * one open request; a living one always has one, and when it is due is when it is checked next.
 */
export const checkQueue = (db: Knex, world: Pick<World, 'now' | 'newId'>) => {
  const open = () => db<Row>('check_requests').whereNull('finished_at');
  const held = ({ id, attempts }: CheckRequest) =>
    acrossTenants(open(), 'by the id of a claimed request').andWhere({ id, attempts });
  const free = { lease_until: null, claimed_by: null };

  async function claimIn(lane: Lane, { tenants }: ClaimOptions, workerId: string, leaseMs: number) {
    const now = world.now();
    const at = (ms: number) => iso(new Date(now.getTime() + ms));
    const claims = Array.from({ length: 8 }, (_, before) => claimedForMs(before + 1, leaseMs));
    const longest = claims.at(-1) ?? leaseMs;
    const due = open()
      .andWhere({ lane })
      .andWhere('due_at', '<=', iso(now))
      .andWhere(unleased(now))
      .orderBy(['due_at', 'id'])
      .limit(1)
      .select('id');
    if (tenants) void due.whereIn('tenant_id', tenants);
    // One statement, so that of two at once each takes another row. `attempts` is the version of the claim.
    const [row] = await acrossTenants(db<Row>('check_requests'), 'the worker claims the most urgent of any tenant')
      .where('id', '=', skippingClaimed(db, due))
      .update({
        attempts: db.raw('attempts + 1') as unknown as number,
        claimed_by: workerId,
        failures: db.raw('failures + 1') as unknown as number,
        lease_until: db.raw(`case failures ${claims.map(() => 'when ? then ?').join(' ')} else ? end`, [
          ...claims.map((ms, before) => [before, at(ms)]).flat(),
          at(longest),
        ]) as unknown as string,
      })
      .returning<Row[]>('*');
    return row && fromRow(row);
  }

  return {
    forTenant: (tenantId: string) => ({
      async add(request: NewCheckRequest): Promise<string> {
        const id = world.newId();
        await db<Row>('check_requests').insert({
          id,
          tenant_id: tenantId,
          credential_id: request.credentialId,
          trigger: request.trigger,
          lane: request.lane,
          requested_by: request.requestedBy,
          hand_off_id: request.handOffId ?? null,
          requested_at: iso(world.now()),
          due_at: iso(request.dueAt),
          tries: request.tries,
        });
        return id;
      },

      async find(id: string): Promise<CheckRequest | undefined> {
        const row = await db<Row>('check_requests').where({ tenant_id: tenantId, id }).first();
        return row && fromRow(row);
      },

      async openFor(credentialId: string): Promise<CheckRequest | undefined> {
        const row = await open().andWhere({ tenant_id: tenantId, credential_id: credentialId }).first();
        return row && fromRow(row);
      },

      /** A person does not wait for the schedule. A request that is being worked on already answers them too. */
      async hurry(id: string, { personId, handOffId }: Requester): Promise<void> {
        const now = iso(world.now());
        await open()
          .andWhere({ tenant_id: tenantId, id })
          .andWhere((free) => free.whereNull('lease_until').orWhere('lease_until', '<=', now))
          .update({
            trigger: 'person',
            lane: 'interactive',
            requested_by: personId,
            hand_off_id: handOffId ?? null,
            requested_at: now,
            due_at: now,
            tries: 0,
          });
      },

      /** Nobody waits for it, and it is not for the daily round to make. One that is due, or worked on, stays as it is. */
      async bringForward(credentialId: string, trigger: 'schedule' | 'confirmation'): Promise<void> {
        const now = iso(world.now());
        await open()
          .andWhere({ tenant_id: tenantId, credential_id: credentialId })
          .andWhere('due_at', '>', now)
          .andWhere((free) => free.whereNull('lease_until').orWhere('lease_until', '<=', now))
          .update({ trigger, lane: 'urgent', due_at: now });
      },

      async finish(id: string): Promise<void> {
        await open()
          .andWhere({ tenant_id: tenantId, id })
          .update({ finished_at: iso(world.now()), lease_until: null, claimed_by: null });
      },

      async finishAllOf(credentialId: string): Promise<void> {
        await open()
          .andWhere({ tenant_id: tenantId, credential_id: credentialId })
          .update({ finished_at: iso(world.now()), lease_until: null, claimed_by: null });
      },
    }),

    /**
     * Takes for `leaseMs` what has been due for longest in the first lane that has any; another worker may have it after
     * that. One whose claims came to no end is held for longer each time: it may be what ends the process.
     */
    async claim(workerId: string, leaseMs: number, options: ClaimOptions = {}): Promise<CheckRequest | undefined> {
      for (const lane of options.lanes ?? allLanes) {
        const request = await claimIn(lane, options, workerId, leaseMs);
        if (request) return request;
      }
      return undefined;
    },

    /** @returns false when the lease was lost: the work belongs to another worker now */
    async extendLease(request: CheckRequest, leaseMs: number): Promise<boolean> {
      const changed = await held(request).update({
        lease_until: iso(new Date(world.now().getTime() + claimedForMs(request.failures, leaseMs))),
      });
      return changed === 1;
    },

    /** @returns whether this claim still holds, to the end of the transaction that writes the result */
    async stillHeld(request: CheckRequest): Promise<boolean> {
      const row = await held(request).forUpdate().first('id');
      return row !== undefined;
    },

    /** Puts a claimed request back until `dueAt`: it could be made, only not yet. */
    async postpone(request: CheckRequest, dueAt: Date): Promise<void> {
      await held(request).update({ ...free, due_at: iso(dueAt), failures: 0, failed_because: null });
    },

    /** Puts a claimed request back to its place in the line: it could be made, only not now. */
    async release(request: CheckRequest): Promise<void> {
      await held(request).update({ ...free, failures: 0, failed_because: null });
    },

    /** Puts a claimed request back until `dueAt`: it could not be made. */
    async fail(request: CheckRequest, dueAt: Date, because: FailureReason): Promise<void> {
      await held(request).update({ ...free, due_at: iso(dueAt), failed_because: because });
    },

    /** When the next unclaimed request is due; null when there is none. */
    async nextDueAt(): Promise<Date | null> {
      const row = await acrossTenants(open(), 'a time, of no row in particular').orderBy('due_at').first('due_at');
      return row ? fromIso(row.due_at) : null;
    },

    /** Finished requests have done their work: `checks` holds the history. Removes at most `limit`. */
    async removeFinished(before: Date, limit: number): Promise<number> {
      const all = () => acrossTenants(db<Row>('check_requests'), 'retention');
      const ids = await all().where('finished_at', '<', iso(before)).limit(limit).pluck('id');
      return all().whereIn('id', ids).delete();
    },
  };
};

export type CheckQueue = ReturnType<typeof checkQueue>;

const fromRow = (row: Row): CheckRequest => ({
  id: row.id,
  tenantId: row.tenant_id,
  credentialId: row.credential_id,
  trigger: row.trigger as Trigger,
  lane: row.lane as Lane,
  requestedBy: row.requested_by,
  handOffId: row.hand_off_id,
  requestedAt: fromIso(row.requested_at),
  dueAt: fromIso(row.due_at),
  attempts: row.attempts,
  tries: row.tries,
  failures: row.failures,
  failedBecause: row.failed_because as FailureReason | null,
  leaseUntil: fromIsoOrNull(row.lease_until),
  finishedAt: fromIsoOrNull(row.finished_at),
});
