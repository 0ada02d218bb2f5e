import type { Actor, Origin } from '../../audit/audit-events.js';
import type { EventType } from '../../notifications/event-store.js';
import type { Knex } from '../../platform/database/database.js';
import type { Sealer } from '../../platform/sealing/sealing.js';
import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import { deliveryStore } from '../stores/delivery-store.js';
import { afterInterruption, FULL_WINDOW } from '../deliveries/pace.js';
import type { ReadEvents } from '../deliveries/fan-out.js';
import { newSecret } from '../deliveries/signature.js';
import { testBody } from '../deliveries/test-event.js';
import { hostOf, type Attempt, type DeliveryRow, type Endpoint } from '../webhook-types.js';
import type { EndpointUnit, InEndpointLock } from '../webhook-unit.js';
import { endpointStore } from '../stores/endpoint-store.js';
import { MOST_ENDPOINTS, type AskedEndpoint, type EndpointProblem, type ReadEndpoint } from './new-endpoint.js';
import { secretContext, secretStore } from '../stores/secret-store.js';

const HOUR_MS = 3_600_000;
/** For how many hours the former secret signs too. */
export const LONGEST_OVERLAP_HOURS = 7 * 24;
const MOST_SHOWN_ATTEMPTS = 50;

export type By = { actor: Actor; origin?: Origin | undefined };
export type MadeEndpoint =
  | { ok: true; secret: Secret; id: string }
  | { ok: false; problems: EndpointProblem[] }
  /** The form was sent before; its secret has been shown. */
  | { ok: false; repeated: true };

type Deps = {
  db: Knex;
  world: World;
  sealer: Sealer;
  inEndpoint: InEndpointLock;
  /** What is wrong with the URL of a new endpoint, as far as its text and its look-up show. */
  read: (asked: AskedEndpoint) => Promise<ReadEndpoint>;
  events: ReadEvents;
  poke: () => void;
};

/** What staff do with endpoints. */
export function endpointService({ db, world, sealer, inEndpoint, read, events, poke }: Deps) {
  /** Runs `act` on an endpoint that exists. @returns undefined without one */
  const onEndpoint = <T>(id: string, act: (unit: EndpointUnit, endpoint: Endpoint) => Promise<T>) =>
    inEndpoint(id, async (unit) => {
      const endpoint = await unit.endpoints.find(id);
      return endpoint && act(unit, endpoint);
    });

  async function aSecret() {
    const id = world.newId();
    const secret = newSecret(world);
    return { id, secret, sealed: await sealer.seal(secret.reveal(), secretContext(id)) };
  }

  function addTest({ deliveries }: EndpointUnit, endpointId: string, type: EventType): Promise<void> {
    const eventId = `test_${world.newId()}`;
    const at = world.now();
    const row = { id: world.newId(), endpointId, eventId, seq: null, type, tenantId: null, isTest: true, at };
    return deliveries.add([{ ...row, body: testBody(eventId, type, at) }]);
  }

  return {
    /**
     * Makes an endpoint and its secret, which only the caller sees.
     *
     * @param id what the form had, so that a form sent twice makes one endpoint
     */
    async make(asked: AskedEndpoint, by: By, id: string): Promise<MadeEndpoint> {
      const found = await read(asked);
      if (Array.isArray(found)) return { ok: false, problems: found };
      const { id: secretId, secret, sealed } = await aSecret();
      const madeAt = world.now();
      const madeBy = by.actor.kind === 'person' ? by.actor.id : null;
      const made = await inEndpoint(id, async ({ endpoints, secrets, audit, mails }) => {
        if ((await endpoints.list()).length >= MOST_ENDPOINTS) return 'too_many';
        if (!(await endpoints.add({ id, ...found, madeBy, madeAt, window: FULL_WINDOW }))) return 'repeated';
        await secrets.add(secretId, id, sealed, madeAt);
        const detail = { host: hostOf(found.url), events: found.eventTypes.join(' ') };
        await audit.append({ action: 'webhook.made', target: id, outcome: 'ok', detail, ...by });
        await mails.made({ ...found, failingSince: null });
        return 'made';
      });
      if (made === 'too_many') return { ok: false, problems: [{ field: 'url', code: 'too_many' }] };
      return made === 'made' ? { ok: true, secret, id } : { ok: false, repeated: true };
    },

    /** Makes another secret. The former one signs too for so many hours; with 0 it ends at once. */
    async rotate(id: string, overlapHours: number, by: By): Promise<Secret | undefined> {
      const { id: secretId, secret, sealed } = await aSecret();
      const isDone = await onEndpoint(id, async ({ secrets, audit, mails }, endpoint) => {
        const at = world.now();
        await secrets.end(id, new Date(at.getTime() + overlapHours * HOUR_MS));
        await secrets.add(secretId, id, sealed, at);
        const detail = { hours: overlapHours };
        await audit.append({ action: 'webhook.secret_rotated', target: id, outcome: 'ok', detail, ...by });
        await mails.rotated(endpoint);
        return true;
      });
      return isDone ? secret : undefined;
    },

    /** @returns whether it was in use */
    pause: (id: string, by: By): Promise<boolean | undefined> =>
      onEndpoint(id, async ({ endpoints, audit }) => {
        if (!(await endpoints.change(id, ['active'], 'paused', world.now()))) return false;
        await audit.append({ action: 'webhook.paused', target: id, outcome: 'ok', ...by });
        return true;
      }),

    /** A paused endpoint goes on; one that was off gets a test first, and goes on if the test is delivered. */
    async resume(id: string, by: By): Promise<'active' | 'checking' | false | undefined> {
      const became = await onEndpoint(id, async (unit, endpoint) => {
        const { endpoints, audit } = unit;
        const to = endpoint.state === 'off' ? 'checking' : 'active';
        if (!(await endpoints.change(id, ['paused', 'off'], to, world.now(), endpoint.offBecause))) return false;
        if (to === 'active') {
          // The pause is not part of an outage, nor of the 75 hours in which a delivery is tried.
          await endpoints.setPace(id, afterInterruption(endpoint));
          await unit.deliveries.beginAgain(id, world.now());
        }
        const [type] = endpoint.eventTypes;
        if (to === 'checking' && type) await addTest(unit, id, type);
        await audit.append({ action: 'webhook.resumed', target: id, outcome: 'ok', detail: { to }, ...by });
        return to;
      });
      poke();
      return became;
    },

    /** Its open rows end in the same transaction, and its secrets are destroyed. */
    remove: (id: string, by: By): Promise<boolean | undefined> =>
      onEndpoint(id, async ({ endpoints, deliveries, secrets, audit, mails, incidents }, endpoint) => {
        await endpoints.remove(id, world.now());
        const ended = await deliveries.endOpen(id, world.now());
        await secrets.deleteAll(id);
        await incidents.closed(id);
        const detail = { host: hostOf(endpoint.url), ended };
        await audit.append({ action: 'webhook.removed', target: id, outcome: 'ok', detail, ...by });
        await mails.removed(endpoint);
        return true;
      }),

    async test(id: string, type: EventType, by: By): Promise<boolean | undefined> {
      const isDone = await onEndpoint(id, async (unit) => {
        await addTest(unit, id, type);
        await unit.audit.append({ action: 'webhook.tested', target: id, outcome: 'ok', detail: { type }, ...by });
        return true;
      });
      poke();
      return isDone;
    },

    /** Sends a finished delivery once more, with the same id and body. @returns whether it had finished */
    async sendAgain(id: string, deliveryId: string, by: By): Promise<boolean | undefined> {
      const isDone = await onEndpoint(id, async ({ deliveries, audit }) => {
        if ((await deliveries.reopen(id, { ids: [deliveryId] }, world.now())) === 0) return false;
        const detail = { delivery: deliveryId };
        await audit.append({ action: 'webhook.sent_again', target: id, outcome: 'ok', detail, ...by });
        return true;
      });
      poke();
      return isDone;
    },

    /** Sends from the feed what was given up, and what was not sent while the endpoint was off. @returns whether there was anything */
    async sendMissed(id: string, by: By): Promise<boolean | undefined> {
      const isDone = await onEndpoint(id, async ({ endpoints, audit, within }, endpoint) => {
        const { missedAfter: after, state } = endpoint;
        if (after === null || state !== 'active') return false;
        // Read under the lock: an event that got its number while the endpoint was off has no row.
        const until = await within(events).newestSeq();
        await endpoints.setMissedAfter(id, null);
        await endpoints.setCatchUp(id, { after, until });
        await audit.append({
          action: 'webhook.missed_sent',
          target: id,
          outcome: 'ok',
          detail: { after, until },
          ...by,
        });
        return true;
      });
      poke();
      return isDone;
    },

    list: (): Promise<Endpoint[]> => endpointStore(db).list(),
    find: (id: string): Promise<Endpoint | undefined> => endpointStore(db).find(id),
    /** How many events were not delivered and can be sent from the feed. */
    async missedCount({ id, missedAfter: after, eventTypes }: Endpoint): Promise<number> {
      if (after === null) return 0;
      const all = await events(db).countAfter(after, eventTypes);
      return Math.max(0, all - (await deliveryStore(db).sentCount(id, after, eventTypes)));
    },
    openCount: (id: string): Promise<number> => deliveryStore(db).openCount(id),
    /** When each former secret that still signs ends. */
    endsOfFormer: async (id: string): Promise<Date[]> =>
      (await secretStore(db).valid(id, world.now())).flatMap(({ endsAt }) => endsAt ?? []),
    deliveries: (id: string, limit: number, before?: { madeAt: Date; id: string }): Promise<DeliveryRow[]> =>
      deliveryStore(db).page(id, limit, before),
    async delivery(id: string, deliveryId: string): Promise<{ row: DeliveryRow; attempts: Attempt[] } | undefined> {
      const row = await deliveryStore(db).find(id, deliveryId);
      return row && { row, attempts: await deliveryStore(db).attemptsOf(row.id, MOST_SHOWN_ATTEMPTS) };
    },
  };
}

export type EndpointService = ReturnType<typeof endpointService>;
