import type { EventType, OnSequenced, SequencedEvent } from '../../notifications/event-store.js';
import type { Knex } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import { endpointStore } from '../stores/endpoint-store.js';
import { ENDPOINT, type InEndpointLock } from '../webhook-unit.js';
import { deliveryOf, deliveryStore } from '../stores/delivery-store.js';

type Effects = Pick<World, 'now' | 'newId'>;
const PAGE = 100;

/** Makes a row for each event and endpoint, in the transaction that numbers the events. */
export const fanOut =
  (world: Effects): OnSequenced =>
  async (trx, events) => {
    for (const { id } of await endpointStore(trx).listening()) {
      // An endpoint that is being removed has no open rows afterwards: one of both waits for the other.
      await lockFor(trx, ENDPOINT, id);
      const endpoint = await endpointStore(trx).find(id);
      if (endpoint?.state !== 'active' && endpoint?.state !== 'paused') continue;
      const chosen = events.filter(({ type }) => endpoint.eventTypes.includes(type));
      await deliveryStore(trx).add(chosen.map((event) => deliveryOf(event, id, world.newId(), world.now())));
    }
  };

/** The feed: events after a number, in its order, and its newest number. */
export type ReadEvents = (db: Knex) => {
  after: (after: number, limit: number) => Promise<SequencedEvent[]>;
  newestSeq: () => Promise<number>;
  countAfter: (after: number, types: readonly EventType[]) => Promise<number>;
};

type CatchUp = { db: Knex; world: Effects; inEndpoint: InEndpointLock; events: ReadEvents };

/**
 * Adds what endpoints have missed, a page of the feed in one transaction. How far it has come is in the endpoint's row,
 * so that it continues after a crash.
 */
export const catchUpRound =
  ({ db, world, inEndpoint, events }: CatchUp) =>
  async (): Promise<void> => {
    for (const id of await endpointStore(db).catchingUp())
      for (let goesOn = true; goesOn;) {
        const after = (await endpointStore(db).find(id))?.catchUp?.after;
        if (after === undefined) break;
        goesOn = await inEndpoint(id, async ({ endpoints, deliveries, within }) => {
          // Read under the lock: an erasure rewrites the feed first, and then what was copied from it.
          const page = await within(events).after(after, PAGE);
          const endpoint = await endpoints.find(id);
          if (endpoint?.catchUp?.after !== after) return endpoint?.catchUp != null; // another worker was faster
          const { until } = endpoint.catchUp;
          const missed = page.filter(({ seq }) => seq <= until);
          const chosen = missed.filter(({ type }) => endpoint.eventTypes.includes(type));
          await deliveries.reopen(id, { eventIds: chosen.map((event) => event.id) }, world.now());
          await deliveries.add(chosen.map((event) => deliveryOf(event, id, world.newId(), world.now())));
          const last = missed.at(-1)?.seq;
          const isDone = last === undefined || last >= until || page.length < PAGE;
          await endpoints.setCatchUp(id, isDone ? null : { after: last, until });
          return !isDone;
        });
      }
  };
