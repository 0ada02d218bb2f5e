import type { Express } from 'express';
import type { Mount } from '../platform/http/mount.js';
import { probes } from '../platform/http/probes.js';
import { apiApp, type Authenticate } from './api-app.js';
import type { ApiRoute } from './api-route.js';
import type { Capability, DoctorCheck } from './capability.js';
import type { CommandRun } from './cli-command.js';
import type { Foundation } from './foundation.js';
import { frame } from './frame.js';
import { mountsOf, pagesApp } from './pages-app.js';
import type { Roles } from './roles.js';
import { startWorker, type Worker } from './worker.js';

/** This process: the same list, folded once for each thing that it does. Nothing is started. */
export type Process = {
  app: Express;
  /** The map of pages, for tests that walk all of it. */
  mounts: readonly Mount[];
  /** The calls of the API, likewise. */
  apiRoutes: readonly ApiRoute[];
  /** What `latchkey doctor` asks. */
  checks: readonly DoctorCheck[];
  /** What runs each declared command that needs an installation. */
  runs: ReadonlyMap<string, CommandRun>;
  /** Starts the worker, where this process has that role. */
  start: () => void;
  /** Does the worker's housekeeping now. */
  clean: () => Promise<void>;
  /** Lets the worker look at once for what is due: for a clock that was put forward. */
  look: () => void;
  close: () => Promise<void>;
};

export async function assemble(
  list: readonly Capability[],
  foundation: Foundation,
  roles: Roles,
  authenticate: Authenticate,
): Promise<Process> {
  const { config, runtime, brand, language, https } = foundation;
  const { web, secrets, has } = roles;
  const pages = web ? await Promise.all(list.map(async (capability) => (await capability.pages?.(web)) ?? {})) : [];
  const checks = list.flatMap((capability) => capability.checks?.(secrets) ?? []);
  const apiRoutes = has('api') && secrets ? list.flatMap((capability) => capability.api?.(secrets) ?? []) : [];
  const app = frame({
    https,
    trustProxy: config.TRUST_PROXY,
    log: runtime.log,
    handlers: [
      probes(runtime.db, () => isReady(checks)),
      apiApp({ routes: apiRoutes, authenticate, log: runtime.log }),
      pagesApp({
        pages,
        sessionSecret: web && web.sessionSecret,
        language,
        brand,
        brandFiles: { color: config.ISV_COLOR, logoFile: config.ISV_LOGO_FILE },
        log: runtime.log,
        now: runtime.world.now,
      }),
    ],
  });
  let worker: Worker | null = null;
  return {
    app,
    mounts: mountsOf(pages),
    apiRoutes,
    checks,
    runs: new Map(list.flatMap(({ runs = {} }) => Object.entries(runs))),
    start: () => {
      if (has('worker') && secrets) worker = startWorker(list, secrets, runtime);
    },
    look: () => worker?.look(),
    clean: async () => {
      await worker?.clean();
    },
    close: async () => {
      await worker?.stop();
      await roles.close();
      await runtime.db.destroy();
    },
  };
}

async function isReady(checks: readonly DoctorCheck[]): Promise<boolean> {
  for (const { advice, decidesReadiness } of checks) if (decidesReadiness && (await advice()) !== null) return false;
  return true;
}
