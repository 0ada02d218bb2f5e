import type { EventType } from '../../notifications/event-store.js';
import { acrossTenants } from '../../platform/database/across-tenants.js';
import {
  fromIso,
  fromIsoOrNull,
  iso,
  isoOrNull,
  skippingLeased,
  unleased,
  type Knex,
} from '../../platform/database/database.js';
import type { Claim, Endpoint, EndpointState, OffBecause, Pace } from '../webhook-types.js';

type Row = {
  id: string;
  url: string;
  description: string;
  event_types: string;
  state: EndpointState;
  state_since: string;
  off_because: OffBecause | null;
  made_by: string | null;
  made_at: string;
  removed_at: string | null;
  send_window: number;
  failure_streak: number;
  failing_since: string | null;
  last_failure_at: string | null;
  last_success_at: string | null;
  not_before: string | null;
  hour_told_at: string | null;
  days_told_at: string | null;
  gave_up_told_at: string | null;
  missed_after: number | string | null;
  catch_up_after: number | string | null;
  catch_up_until: number | string | null;
  claim_version: number;
  claimed_by: string | null;
  lease_until: string | null;
  served_at: string | null;
};

const ALL = 'webhooks belong to the ISV, not to a clinic';

/** All SQL on `webhook_endpoints`. A removed endpoint is found by nothing but its deliveries. */
export const endpointStore = (db: Knex) => {
  const table = () => db<Row>('webhook_endpoints');
  const present = () => table().whereNull('removed_at');
  const one = (id: string) => present().where({ id });
  return {
    /** @returns false, without writing anything, if there is one with this id */
    async add(
      given: Pick<Endpoint, 'id' | 'url' | 'description' | 'eventTypes' | 'madeBy' | 'madeAt' | 'window'>,
    ): Promise<boolean> {
      const added = await table()
        .insert({
          id: given.id,
          url: given.url,
          description: given.description,
          event_types: JSON.stringify(given.eventTypes),
          state: 'active',
          state_since: iso(given.madeAt),
          made_by: given.madeBy,
          made_at: iso(given.madeAt),
          send_window: given.window,
        })
        .onConflict('id')
        .ignore()
        .returning('id');
      return added.length === 1;
    },

    async find(id: string): Promise<Endpoint | undefined> {
      const row = await one(id).first();
      return row && fromRow(row);
    },

    async list(): Promise<Endpoint[]> {
      return (await present().orderBy(['made_at', 'id'])).map(fromRow);
    },

    /** Those that get what is numbered now. */
    async listening(): Promise<Endpoint[]> {
      return (await present().whereIn('state', ['active', 'paused']).orderBy('id')).map(fromRow);
    },

    allIds: (): Promise<string[]> => present().orderBy('id').pluck('id'),

    async catchingUp(): Promise<string[]> {
      return present().whereNotNull('catch_up_after').orderBy('id').pluck('id');
    },

    /** @param from changes nothing in any other state. @returns whether it was in one of these */
    async change(
      id: string,
      from: readonly EndpointState[],
      state: EndpointState,
      at: Date,
      because: OffBecause | null = null,
    ): Promise<boolean> {
      const changed = one(id)
        .whereIn('state', from)
        .update({ state, state_since: iso(at), off_because: because });
      return (await changed) === 1;
    },

    async remove(id: string, at: Date): Promise<boolean> {
      return (await one(id).update({ removed_at: iso(at), catch_up_after: null, catch_up_until: null })) === 1;
    },

    async setPace(id: string, pace: Pace): Promise<void> {
      await table()
        .where({ id })
        .update({
          send_window: pace.window,
          failure_streak: pace.streak,
          failing_since: isoOrNull(pace.failingSince),
          last_failure_at: isoOrNull(pace.lastFailureAt),
          last_success_at: isoOrNull(pace.lastSuccessAt),
          not_before: isoOrNull(pace.notBefore),
          ...(pace.failingSince === null ? { hour_told_at: null, days_told_at: null } : {}),
        });
    },

    async setTold(id: string, what: 'hour' | 'days' | 'gave_up', at: Date): Promise<void> {
      await one(id).update({ [`${what}_told_at`]: iso(at) });
    },

    async setMissedAfter(id: string, missedAfter: number | null): Promise<void> {
      // What is missed after that is another thing to tell.
      await one(id).update({ missed_after: missedAfter, ...(missedAfter === null ? { gave_up_told_at: null } : {}) });
    },

    async setCatchUp(id: string, catchUp: Endpoint['catchUp']): Promise<void> {
      await one(id).update({ catch_up_after: catchUp?.after ?? null, catch_up_until: catchUp?.until ?? null });
    },

    /**
     * Claims the endpoint that was served longest ago, of those that have something due. A test does not wait for
     * anything. One statement, so that two workers never serve one endpoint at once.
     */
    async claim(workerId: string, now: Date, leaseMs: number): Promise<{ claim: Claim; window: number } | undefined> {
      const open = (isTest: boolean) =>
        db('webhook_deliveries')
          .whereRaw('webhook_deliveries.endpoint_id = webhook_endpoints.id')
          .where({ 'webhook_deliveries.state': 'open', is_test: isTest })
          .andWhere('due_at', '<=', iso(now))
          .select('webhook_deliveries.id');
      const due = present()
        .andWhere(unleased(now))
        .andWhere((which) =>
          which.whereExists(open(true)).orWhere((active) =>
            active
              .where('webhook_endpoints.state', '=', 'active')
              .andWhere((rested) => rested.whereNull('not_before').orWhere('not_before', '<=', iso(now)))
              .whereExists(open(false)),
          ),
        )
        .orderByRaw('case when served_at is null then 0 else 1 end, served_at, id')
        .limit(1)
        .select('id');
      const [row] = await acrossTenants(table(), ALL)
        .where('id', '=', skippingLeased(db, due))
        .update({
          claim_version: db.raw('claim_version + 1') as unknown as number,
          claimed_by: workerId,
          lease_until: iso(new Date(now.getTime() + leaseMs)),
          served_at: iso(now),
        })
        .returning<Row[]>('*');
      return row && { claim: { endpointId: row.id, version: row.claim_version }, window: row.send_window };
    },

    /** Renews the lease. @returns undefined if it was lost, or the endpoint was removed */
    async renew({ endpointId, version }: Claim, now: Date, leaseMs: number): Promise<Endpoint | undefined> {
      const [row] = await one(endpointId)
        .where({ claim_version: version })
        .whereNotNull('claimed_by')
        .update({ lease_until: iso(new Date(now.getTime() + leaseMs)) })
        .returning<Row[]>('*');
      return row && fromRow(row);
    },

    async release({ endpointId, version }: Claim): Promise<void> {
      await table().where({ id: endpointId, claim_version: version }).update({ claimed_by: null, lease_until: null });
    },

    /** After an error of ours: keeps the claim until then, so that no worker repeats the error at once. */
    async rest({ endpointId, version }: Claim, until: Date): Promise<void> {
      await table()
        .where({ id: endpointId, claim_version: version })
        .update({ lease_until: iso(until) });
    },

    async counts(): Promise<ReadonlyMap<string, number>> {
      const rows = await present()
        .groupBy('state')
        .select('state')
        .count<{ state: string; count: number | string }[]>({ count: 'id' });
      return new Map(rows.map(({ state, count }) => [state, Number(count)]));
    },
  };
};

const numberOrNull = (value: number | string | null): number | null => (value === null ? null : Number(value));

function fromRow(row: Row): Endpoint {
  const [after, until] = [numberOrNull(row.catch_up_after), numberOrNull(row.catch_up_until)];
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: JSON.parse(row.event_types) as EventType[],
    state: row.state,
    stateSince: fromIso(row.state_since),
    offBecause: row.off_because,
    madeBy: row.made_by,
    madeAt: fromIso(row.made_at),
    window: row.send_window,
    streak: row.failure_streak,
    failingSince: fromIsoOrNull(row.failing_since),
    lastFailureAt: fromIsoOrNull(row.last_failure_at),
    lastSuccessAt: fromIsoOrNull(row.last_success_at),
    notBefore: fromIsoOrNull(row.not_before),
    hourToldAt: fromIsoOrNull(row.hour_told_at),
    daysToldAt: fromIsoOrNull(row.days_told_at),
    gaveUpToldAt: fromIsoOrNull(row.gave_up_told_at),
    missedAfter: numberOrNull(row.missed_after),
    catchUp: after === null || until === null ? null : { after, until },
  };
}
