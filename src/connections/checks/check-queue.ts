import { acrossTenants } from '../../platform/database/across-tenants.js';
import type { Requester } from '../../audit/audit-events.js';
import { fromIso, fromIsoOrNull, iso, skippingLeased, unleased, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { AppName } from '../../ringcentral/environments.js';
import type { Trigger } from '../health/check-types.js';
import { waitNameOf, type OurAppKind } from '../health/incident-store.js';
import { dueNow, leasedForMs, priorities, type Priority } from './schedule.js';

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
  waits_for: string | null;
};

/** Why a check could not be completed: our keys cannot open the credential, or our code has a bug. */
export type FailureReason = 'key_missing' | 'ciphertext_damaged' | 'defect';

export type CheckRequest = {
  id: string;
  tenantId: string;
  credentialId: string;
  trigger: Trigger;
  priority: Priority;
  /** The person who asked. With `handOffId`, the person who made the link through which a colleague asked. */
  requestedBy: string | null;
  handOffId: string | null;
  requestedAt: Date;
  dueAt: Date;
  claimVersion: number;
  /** Consecutive inconclusive answers before this request. */
  inconclusiveStreak: number;
  /** Consecutive claims that were not completed, including the current claim. */
  failedClaims: number;
  /** Also null if the process ended during the check. */
  failedBecause: FailureReason | null;
  leaseUntil: Date | null;
  finishedAt: Date | null;
};

export type NewCheckRequest = Pick<
  CheckRequest,
  'credentialId' | 'trigger' | 'priority' | 'requestedBy' | 'dueAt' | 'inconclusiveStreak'
> & {
  handOffId?: string | null | undefined;
  /** The incident whose end makes the check due, if it waits for one. */
  waitsFor?: string | null;
};

/** Only people go before the daily round and before tokens of jobs: a program can ask about all clinics at once. */
const priorityFor = ({ keyId }: Requester): Priority => (keyId === undefined ? 'interactive' : 'urgent');

export type LeaseOptions = {
  /** The priorities to claim from, in this order; default: all of them. */
  priorities?: readonly Priority[];
  /** Adds conditions to a query on `check_requests`; undefined: all are allowed. */
  only?: ((requests: Knex.QueryBuilder) => void) | undefined;
};

/**
 * All SQL on `check_requests`. The queue is in the database, so a killed worker loses nothing. A credential has at
 * most one open request. A living credential always has one, whose due time is its next check.
 */
export const checkQueue = (db: Knex, world: Pick<World, 'now' | 'newId'>) => {
  const open = () => db<Row>('check_requests').whereNull('finished_at');
  const leased = ({ id, claimVersion }: CheckRequest) =>
    acrossTenants(open(), 'by the id of a claimed request').andWhere({ id, attempts: claimVersion });
  const free = { lease_until: null, claimed_by: null };

  async function add(tenantId: string, request: NewCheckRequest): Promise<string> {
    const id = world.newId();
    await db<Row>('check_requests').insert({
      id,
      tenant_id: tenantId,
      credential_id: request.credentialId,
      trigger: request.trigger,
      lane: request.priority,
      requested_by: request.requestedBy,
      hand_off_id: request.handOffId ?? null,
      requested_at: iso(world.now()),
      due_at: iso(request.dueAt),
      tries: request.inconclusiveStreak,
      waits_for: request.waitsFor ?? null,
    });
    return id;
  }

  const finish = async (which: { tenant_id: string } & Partial<Row>): Promise<void> => {
    await open()
      .andWhere(which)
      .update({ ...free, finished_at: iso(world.now()) });
  };

  const unclaimed = (tenantId: string, credentialId: string) =>
    open().andWhere({ tenant_id: tenantId, credential_id: credentialId }).andWhere(unleased(world.now()));

  async function leaseIn(priority: Priority, { only }: LeaseOptions, workerId: string, leaseMs: number) {
    const now = world.now();
    const endOf = (failures: number) => iso(new Date(now.getTime() + leasedForMs(failures + 1, leaseMs)));
    const ends = Array.from({ length: 8 }, (_, failures) => [failures, endOf(failures)]).flat();
    const until = db.raw(`case failures ${'when ? then ? '.repeat(8)} else ? end`, [...ends, endOf(8)]);
    const due = open()
      .andWhere({ lane: priority })
      .andWhere('due_at', '<=', iso(now))
      .andWhere(unleased(now))
      .orderBy(['due_at', 'id'])
      .limit(1)
      .select('id');
    only?.(due);
    // A single statement, so that parallel claims take different rows. `attempts` is the claim version.
    const [row] = await acrossTenants(db<Row>('check_requests'), 'the worker claims the most urgent of any tenant')
      .where('id', '=', skippingLeased(db, due))
      .update({
        attempts: db.raw('attempts + 1') as unknown as number,
        claimed_by: workerId,
        failures: db.raw('failures + 1') as unknown as number,
        lease_until: until as unknown as string,
      })
      .returning<Row[]>('*');
    return row && fromRow(row);
  }

  return {
    forTenant: (tenantId: string) => ({
      add: (request: NewCheckRequest) => add(tenantId, request),

      /** Adds a request that is due now, for a person who waits or for a program. */
      addNow(
        credentialId: string,
        trigger: 'submission' | 'person',
        by: Requester,
        priority = priorityFor(by),
      ): Promise<string> {
        const asked = { dueAt: dueNow(priority, world.now()), requestedBy: by.personId, handOffId: by.handOffId };
        return add(tenantId, { credentialId, trigger, priority, inconclusiveStreak: 0, ...asked });
      },

      async find(id: string): Promise<CheckRequest | undefined> {
        const row = await db<Row>('check_requests').where({ tenant_id: tenantId, id }).first();
        return row && fromRow(row);
      },

      async openFor(credentialId: string): Promise<CheckRequest | undefined> {
        const row = await open().andWhere({ tenant_id: tenantId, credential_id: credentialId }).first();
        return row && fromRow(row);
      },

      /**
       * Makes a request due at `at`. A request that is being checked already serves the requester too. A program leaves a
       * person's request and a recovery as they are, and postpones none. The request of a code stays as it is.
       */
      async hurry(id: string, by: Requester, at = world.now()): Promise<void> {
        const isProgram = by.keyId !== undefined;
        const asked = { requested_by: by.personId, hand_off_id: by.handOffId ?? null, requested_at: iso(world.now()) };
        const earlier = db.raw('case when due_at < ? then due_at else ? end', [iso(at), iso(at)]) as never;
        const changed = open().andWhere({ tenant_id: tenantId, id }).andWhere(unleased(world.now()));
        // A code must be exchanged before all that waits, whatever else people ask for meanwhile.
        void changed.whereNotIn('lane', isProgram ? ['code', 'interactive', 'recovery'] : ['code']);
        const due = { due_at: isProgram ? earlier : iso(at), lane: priorityFor(by) };
        await changed.update({ ...asked, ...due, trigger: 'person', tries: 0 });
      },

      /**
       * Makes a request due now for which no person waits, ahead of the daily round. A request that is due or being
       * checked stays unchanged.
       */
      async bringForward(credentialId: string, trigger: 'schedule' | 'confirmation'): Promise<void> {
        const due_at = iso(world.now());
        await unclaimed(tenantId, credentialId)
          .andWhere('due_at', '>', due_at)
          .update({ trigger, lane: 'urgent', due_at });
      },

      /**
       * Makes a request due now, ahead of all but people, because a refresh of its sign-in has no answer. A recovery that
       * is due keeps its place; what is being checked stays unchanged: the writer of its result plans the recovery.
       */
      async recover(credentialId: string): Promise<void> {
        const due = { trigger: 'schedule', lane: 'recovery', due_at: iso(world.now()), waits_for: null };
        const isOther = unclaimed(tenantId, credentialId).whereNotIn('lane', ['code', 'interactive']);
        void isOther.andWhere((one) => one.whereNot({ lane: 'recovery' }).orWhere('due_at', '>', due.due_at));
        await isOther.update(due);
      },

      /**
       * Makes the next check due at `at`, ahead of the daily round, for a run at `by`. A check that is urgent and in
       * time, is being made, recovers a sign-in, or waits for an incident stays unchanged; one after an inconclusive answer
       * comes no sooner.
       */
      async planFor(credentialId: string, at: Date, by: Date): Promise<boolean> {
        const due = 'case when tries > 0 and due_at between ? and ? then due_at else ? end';
        const changed = await unclaimed(tenantId, credentialId)
          .andWhere({ waits_for: null })
          .whereNot({ lane: 'recovery' })
          .andWhere((late) => late.where('due_at', '>', iso(by)).orWhere({ lane: 'background' }))
          .update({ trigger: 'schedule', lane: 'urgent', due_at: db.raw(due, [at, by, at].map(iso)) as never });
        return changed === 1;
      },

      finish: (id: string) => finish({ tenant_id: tenantId, id }),
      finishAllOf: (credentialId: string) => finish({ tenant_id: tenantId, credential_id: credentialId }),
    }),

    /**
     * Claims the request that has been due for longest, from the first priority that has one, for `leaseMs`. After that
     * another worker may claim it. A request whose claims were not completed gets a longer lease each time, because the
     * check itself may crash the process.
     */
    async lease(workerId: string, leaseMs: number, options: LeaseOptions = {}): Promise<CheckRequest | undefined> {
      for (const priority of options.priorities ?? priorities) {
        const request = await leaseIn(priority, options, workerId, leaseMs);
        if (request) return request;
      }
      return undefined;
    },

    /** @returns false if the lease was lost: the request now belongs to another worker */
    async renewLease(request: CheckRequest, leaseMs: number): Promise<boolean> {
      const until = new Date(world.now().getTime() + leasedForMs(request.failedClaims, leaseMs));
      return (await leased(request).update({ lease_until: iso(until) })) === 1;
    },

    /** @returns whether this claim is valid; it then stays so until the end of the transaction that writes the result */
    async stillLeased(request: CheckRequest): Promise<boolean> {
      return (await leased(request).forUpdate().first('id')) !== undefined;
    },

    /** Releases a claimed request, with its place in the queue or postponed until `dueAt`: it can be checked. */
    async release(request: CheckRequest, dueAt = request.dueAt, waitsFor: string | null = null): Promise<void> {
      const unfailed = { failures: 0, failed_because: null };
      await leased(request).update({ ...free, ...unfailed, due_at: iso(dueAt), waits_for: waitsFor });
    },

    /** Makes the checks that wait for this incident due now: first pastes, then other pastes, then the daily round. */
    async endWait(kind: OurAppKind, app: AppName): Promise<void> {
      const now = world.now();
      const end = (isFirst: boolean) =>
        acrossTenants(open(), 'an incident of our own app has ended')
          .andWhere({ waits_for: waitNameOf(kind, app, isFirst) })
          .andWhere(unleased(now));
      const due = { waits_for: null, tries: 0, due_at: iso(now) };
      const urgent = db.raw("case when lane = 'recovery' then lane else 'urgent' end") as never;
      await end(true).update({ ...due, lane: urgent });
      await end(false)
        .andWhere({ trigger: 'pending' })
        .update({ ...due, lane: urgent, due_at: iso(new Date(now.getTime() + 1)) });
      await end(false).update(due);
    },

    /** Postpones a claimed request until `dueAt` after a failed attempt. */
    async fail(request: CheckRequest, dueAt: Date, because: FailureReason): Promise<void> {
      await leased(request).update({ ...free, due_at: iso(dueAt), failed_because: because });
    },

    /** When the next unclaimed request is due; null if there is none. */
    async nextDueAt(): Promise<Date | null> {
      const row = await acrossTenants(open(), 'a time, of no row in particular').orderBy('due_at').first('due_at');
      return row ? fromIso(row.due_at) : null;
    },

    /** Deletes at most `limit` finished requests, which are no longer needed: `checks` holds the history. */
    async removeFinished(before: Date, limit: number): Promise<number> {
      const all = () => acrossTenants(db<Row>('check_requests'), 'retention');
      const ids = await all().where('finished_at', '<', iso(before)).limit(limit).pluck('id');
      return all().whereIn('id', ids).delete();
    },
  };
};

const fromRow = (row: Row): CheckRequest => ({
  id: row.id,
  tenantId: row.tenant_id,
  credentialId: row.credential_id,
  trigger: row.trigger as Trigger,
  priority: row.lane as Priority,
  requestedBy: row.requested_by,
  handOffId: row.hand_off_id,
  requestedAt: fromIso(row.requested_at),
  dueAt: fromIso(row.due_at),
  claimVersion: row.attempts,
  inconclusiveStreak: row.tries,
  failedClaims: row.failures,
  failedBecause: row.failed_because as FailureReason | null,
  leaseUntil: fromIsoOrNull(row.lease_until),
  finishedAt: fromIsoOrNull(row.finished_at),
});
