import { refusalNotes } from '../audit/refused-requests.js';
import { metricsEndpoint } from '../metrics/metrics-endpoint.js';
import { probes } from '../platform/http/probes.js';
import { apiApp, type Authenticate, type TenantIdOf } from './api-app.js';
import { limitsOf } from './api-limits.js';
import type { ApiRoute, Capability, Declaration, DoctorCheck, Pages, WorkerLoop } from './capability.js';
import type { Foundation } from './foundation.js';
import { frame } from './frame.js';
import { mountsOf, pagesApp } from './pages-app.js';
import { noSecrets, type Roles } from './roles.js';
import { untrustedProxyStore } from './untrusted-proxy-store.js';
import { startWorker } from './worker.js';

/** One more capability: all that it says without a configuration, and how it is made. */
export type Addition = Declaration & { make: (foundation: Foundation) => Capability };

/** What the API app needs of the capabilities. */
type OfApi = {
  authenticate: Authenticate;
  tenantIdOf: TenantIdOf;
  /** The description of the calls, and its pages. */
  describe: (calls: readonly ApiRoute[]) => { document: object; pages: Pages };
};

export type WorkerWork = Pick<WorkerLoop, 'name' | 'round' | 'idle'>;

export type Process = Awaited<ReturnType<typeof assemble>>;

/** This process: the same list, folded once for each thing that it does. Nothing is started. */
export async function assemble(
  list: readonly Capability[],
  foundation: Foundation,
  { web, secrets, has, close }: Roles,
  { authenticate, tenantIdOf, describe }: OfApi,
) {
  const { config, metrics } = foundation;
  const { db, log, world } = foundation.runtime;
  const proxies = untrustedProxyStore(db, config.TRUST_PROXY);
  const gauges = list.flatMap((capability) => capability.gauges?.() ?? []);
  const pages = web ? await Promise.all(list.map(async (capability) => (await capability.pages?.(web)) ?? {})) : [];
  const checks = list.flatMap((capability) => capability.checks?.(secrets) ?? []);
  const calls = list.flatMap((capability) => capability.api?.(secrets ?? noSecrets) ?? []);
  const description = describe(calls);
  if (web) pages.push(description.pages);
  const routes = has('api') && secrets ? calls : [];
  let worker: ReturnType<typeof startWorker> | undefined;
  return {
    app: frame(
      foundation,
      [
        apiApp({
          routes,
          document: description.document,
          authenticate,
          tenantIdOf,
          limits: limitsOf(config),
          noteRefusal: refusalNotes(foundation.runtime),
          publicUrl: config.PUBLIC_URL,
          now: world.now,
          log,
        }),
        probes(db, () => isReady(checks)),
        metricsEndpoint(metrics, gauges, config.METRICS_TOKEN),
        pagesApp(foundation, pages, web && web.sessionSecrets),
      ],
      () => {
        proxies.add(world.now()).catch((err: unknown) => log.error({ err }, 'an untrusted proxy was not recorded'));
      },
    ),
    /** When a process of this installation last ignored a proxy header of an address that TRUST_PROXY does not name. */
    untrustedProxySeenAt: () => proxies.seenAt(),
    /** The map of pages, for tests that walk all of it. */
    mounts: mountsOf(pages),
    /** The calls of the API, likewise. */
    apiRoutes: routes,
    /** The OpenAPI document. */
    apiDocument: description.document,
    /** What `latchkey doctor` asks. */
    checks,
    /** What runs each declared command that needs an installation. */
    runs: new Map(list.flatMap(({ runs = {} }) => Object.entries(runs))),
    /** Call it before the process listens. @returns why it must not start, or null */
    begin: async (): Promise<string | null> => {
      for (const { begin } of list) {
        const problem = (await begin?.()) ?? null;
        if (problem !== null) return problem;
      }
      return null;
    },
    /** Starts the worker, where this process has that role. */
    start: () => {
      if (has('worker') && secrets) worker = startWorker(list, secrets, foundation.runtime);
    },
    /** What the worker repeats, for drills that run each of it when they want. Nothing is started. */
    work: (): WorkerWork[] => {
      if (!secrets) return [];
      const chores = list.flatMap(({ housekeeping }) => housekeeping?.(secrets) ?? []);
      const clean = async () => {
        for (const chore of chores) await chore();
      };
      return [...list.flatMap(({ loops }) => loops?.(secrets) ?? []), { name: 'housekeeping', round: clean }];
    },
    /** Lets the worker look at once for what is due: for a clock that was put forward. */
    look: () => worker?.look(),
    /** Does the worker's housekeeping now. */
    clean: async () => worker?.clean(),
    close: async () => {
      await worker?.stop();
      await close();
      await db.destroy();
    },
  };
}

async function isReady(checks: readonly DoctorCheck[]): Promise<boolean> {
  for (const { advice, decidesReadiness } of checks)
    if (decidesReadiness && typeof (await advice()) === 'string') return false;
  return true;
}
