import type { Knex } from '../../platform/database/database.js';
import type { Logger } from '../../platform/log.js';
import type { JudgedPost } from '../../platform/outbound/judged-post.js';
import type { Opener } from '../../platform/sealing/sealing.js';
import { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import { endpointStore } from '../stores/endpoint-store.js';
import { secretContext, secretStore } from '../stores/secret-store.js';
import type { Claim, DeliveryRow, Endpoint } from '../webhook-types.js';
import { deliveryStore } from '../stores/delivery-store.js';
import type { Settle } from './settle.js';
import { signedHeaders } from './signature.js';

type Deps = {
  db: Knex;
  world: Pick<World, 'now'>;
  log: Logger;
  post: JudgedPost['post'];
  opener: Opener;
  settle: Settle;
  workerId: string;
  /** Longer than one delivery may last. */
  leaseMs: number;
};

/** How many endpoints are served at once, so that a slow one holds up no other. */
const AT_ONCE = 8;
/** A slow endpoint with much to get makes room for others after that. */
const TURN_MS = 15_000;
/** After an error of ours, such as a missing key. */
const REST_MS = 60_000;

/**
 * Serves endpoints: one delivery after the other for each. No transaction is open during a call. A crash leaves a lease
 * that ends, and a delivery that is tried again with the same id.
 */
export function deliveryWorker({ db, world, log, post, opener, settle, workerId, leaseMs }: Deps) {
  const running = new Set<Promise<void>>();

  async function secretsOf(endpointId: string): Promise<Secret[]> {
    const valid = await secretStore(db).valid(endpointId, world.now());
    return Promise.all(valid.map(async ({ id, sealed }) => new Secret(await opener.open(sealed, secretContext(id)))));
  }

  /** Sends it now, signed with the secrets and for the time of this try. @returns null if the endpoint was just removed */
  async function send({ id, url }: Endpoint, { eventId, body }: DeliveryRow) {
    const secrets = await secretsOf(id);
    if (secrets.length === 0) return null;
    const at = world.now();
    return { at, result: await post(url, signedHeaders(eventId, at, body, secrets), body) };
  }

  async function serve(claim: Claim, window: number): Promise<void> {
    const endsAt = world.now().getTime() + TURN_MS;
    for (let sent = 0; sent < window && world.now().getTime() < endsAt; sent += 1) {
      const endpoint = await endpointStore(db).renew(claim, world.now(), leaseMs);
      if (!endpoint) return;
      const { id, state, notBefore } = endpoint;
      const isServed = state === 'active' && (sent > 0 || !notBefore || notBefore <= world.now());
      const delivery = await deliveryStore(db).nextDue(id, world.now(), isServed ? 'any' : 'tests');
      if (!delivery) return;
      const sentNow = await send(endpoint, delivery);
      if (!sentNow || !(await settle(delivery, sentNow))) return;
    }
  }

  async function turn(claim: Claim, window: number): Promise<void> {
    try {
      await serve(claim, window);
      await endpointStore(db).release(claim);
    } catch (err) {
      log.error({ err, endpointId: claim.endpointId }, 'a webhook was not delivered because of an error of ours');
      const until = new Date(world.now().getTime() + REST_MS);
      await endpointStore(db)
        .rest(claim, until)
        .catch(() => undefined); // then its lease ends
    }
  }

  return {
    /** Starts a turn for every endpoint with something due, as far as there is room. */
    async startDue(onFinished: () => void): Promise<void> {
      while (running.size < AT_ONCE) {
        const claimed = await endpointStore(db).claim(workerId, world.now(), leaseMs);
        if (!claimed) return;
        const work: Promise<void> = turn(claimed.claim, claimed.window).finally(() => {
          running.delete(work);
          onFinished();
        });
        running.add(work);
      }
    },
    /** Resolves when every turn has ended. */
    idle: async (): Promise<void> => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
