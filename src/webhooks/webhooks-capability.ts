import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import { perRole, type Capability, type Declaration, type WebRole, type WorkerRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { boundedLookup } from '../platform/outbound/bounded-lookup.js';
import { createLookupJudge, createJudgedPost, machineLookup } from '../platform/outbound/judged-post.js';
import { addressJudge } from '../platform/outbound/public-address.js';
import { createWake } from '../platform/loop.js';
import { version } from '../platform/version.js';
import { deliveryStore } from './stores/delivery-store.js';
import { deliveryWorker } from './deliveries/delivery-worker.js';
import { catchUpRound, type ReadEvents } from './deliveries/fan-out.js';
import { settling } from './deliveries/settle.js';
import { endpointService } from './endpoints/endpoint-service.js';
import { endpointWatch } from './deliveries/endpoint-watch.js';
import { readEndpoint } from './endpoints/new-endpoint.js';
import { secretStore } from './stores/secret-store.js';
import { webhookLoops } from './deliveries/webhook-loops.js';
import { webhookRoutes } from './pages/webhook-routes.js';
import { webhookActs } from './webhook-acts.js';
import type { WebhookIncidents } from './webhook-incidents.js';
import { webhookChecks } from './webhook-checks.js';
import { webhookHoldings } from './webhook-holdings.js';
import { webhookMails } from './webhook-mails.js';
import { inEndpointLock } from './webhook-unit.js';

export const webhooks: Declaration = { audit: webhookActs, holds: webhookHoldings };

type Given = {
  accounts: { inWeb: (web: WebRole) => AccountsInWeb };
  people: ReadPeople;
  incidents: WebhookIncidents;
  events: ReadEvents;
};

const DAY_MS = 86_400_000;
/** As long as the outcomes of mails. */
const KEPT_MS = 30 * DAY_MS;
/** Longer than a delivery, and than the statements around it. */
const LEASE_MS = 60_000;
/** Less than the deadline of a delivery. */
const LOOK_UP_MS = 5000;

/** Sends events to the ISV's programs. No clinic sees this. */
export function webhooksCapability(foundation: Foundation, given: Given) {
  const { config, runtime, transaction, brand, enqueue, textsIn, sealer, metrics } = foundation;
  const { db, world, log, webhookNetwork: network = {} } = runtime;
  const mails = webhookMails({ enqueue, brand, textsIn, people: given.people, world });
  const inEndpoint = inEndpointLock({ transaction, world, mails, incidents: given.incidents });
  const judge = addressJudge(config.WEBHOOK_ALLOWED_NETWORKS, network.loopback);
  const lookup = boundedLookup({ world, lookup: network.lookup ?? machineLookup, atOnce: 2, waitMs: LOOK_UP_MS });
  const isAllowedHost = createLookupJudge({ world, judge, lookup });
  const wake = createWake();
  const service = endpointService({
    db,
    world,
    sealer,
    inEndpoint,
    events: given.events,
    poke: wake.call,
    read: async (asked) => {
      const found = readEndpoint(asked, { judge, loopback: network.loopback ?? false });
      if (Array.isArray(found) || (await isAllowedHost(found.url))) return found;
      return [{ field: 'url', code: 'not_public' }];
    },
  });
  const inWorker = perRole(({ opener }: WorkerRole) =>
    deliveryWorker({
      db,
      world,
      log,
      opener,
      post: createJudgedPost({
        world,
        judge,
        network: { ...network, lookup },
        userAgent: `Latchkey/${version} (webhooks)`,
      }).post,
      settle: settling(inEndpoint, world, metrics.recorder.webhook),
      workerId: world.newId(),
      leaseMs: runtime.leaseMs ?? LEASE_MS,
    }),
  );
  const catchUp = catchUpRound({ db, world, inEndpoint, events: given.events });
  return {
    service,
    /** How many events of one clinic wait to be delivered. */
    openOf: (tenantId: string): Promise<number> => deliveryStore(db).openOf(tenantId),
    pages: (web) => ({
      mounts: [
        {
          path: '/staff/webhooks',
          access: 'staff',
          router: webhookRoutes({ db, world, service, accounts: given.accounts.inWeb(web) }),
        },
      ],
    }),
    loops: (worker) => webhookLoops({ catchUp, deliveries: inWorker(worker), wake }),
    checks: (secrets) => webhookChecks(db, secrets),
    gauges: () => ({
      webhookOldestSeconds: async () => {
        const since = await deliveryStore(db).oldestOpen();
        return since === null ? 0 : Math.max(0, (world.now().getTime() - since.getTime()) / 1000);
      },
    }),
    housekeeping: () => [
      endpointWatch({ db, world, inEndpoint }),
      () => secretStore(db).deleteEnded(world.now()),
      () => deliveryStore(db).deleteFinished(new Date(world.now().getTime() - KEPT_MS)),
    ],
  } satisfies Capability & Record<string, unknown>;
}
