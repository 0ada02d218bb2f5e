import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ChecksBudget } from '../connections/checks/effective-interval.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { RunEvidenceReader } from '../connections/run-evidence.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { nightlyRun } from './nightly-run.js';
import { preflightApi } from './preflight-api.js';
import { preflightActs } from './preflight-acts.js';
import { preflightHoldings } from './preflight-holdings.js';
import { preflightRoutes } from './preflight-routes.js';
import { nextRunAt } from './run-time.js';
import { preflightService } from './preflight-service.js';
import { summaryMail } from './summary-mail.js';

export const preflight: Declaration = { audit: preflightActs, holds: preflightHoldings };

type Given = {
  accounts: { inWeb: (web: WebRole) => AccountsInWeb };
  tenants: TenantService;
  people: ReadPeople;
  connections: { service: ConnectionService; checksBudget: ChecksBudget | null; runEvidence: RunEvidenceReader };
};

const MINUTE_MS = 60_000;
/** Where the overview looks if no nightly run is set. */
const AHEAD_MS = 12 * 60 * MINUTE_MS;

/** Whether the next run of the ISV's jobs will get a token for every clinic, and what is done before it. */
export function preflightCapability(foundation: Foundation, { accounts, tenants, people, connections }: Given) {
  const { config, runtime, transaction, textsIn, brand, enqueue } = foundation;
  const { db, world } = runtime;
  const { checksBudget: budget, runEvidence: evidence } = connections;
  const service = preflightService({ transaction, world, evidence, tenantsWithIds: tenants.withIds, budget });
  const nightly = nightlyRun({
    db,
    transaction,
    world,
    people,
    enqueue,
    service,
    budget,
    compose: summaryMail({ textsIn, brand, publicUrl: config.PUBLIC_URL }),
  });
  return {
    /** The verdict about the next run, which the overview of staff shows; counts no further than `most` in doubt. */
    nextRun: async (most: number) => {
      const run = await nightly.runTime();
      const by = run ? nextRunAt(run, world.now()) : new Date(world.now().getTime() + AHEAD_MS);
      const { first: _first, ...counts } = await service.summary(by, most);
      return { by: by.toISOString(), timeZone: run?.timeZone ?? null, ...counts };
    },
    pages: (web) => {
      const deps = { db, world, tenants, connections: connections.service, accounts: accounts.inWeb(web) };
      const router = preflightRoutes(deps, { service, nightly, budget });
      return { mounts: [{ path: '/staff/preflight', access: 'staff', router }] };
    },
    api: () => preflightApi({ service, world, publicUrl: config.PUBLIC_URL }),
    loops: () => [{ name: 'preflight', everyMs: MINUTE_MS, round: () => nightly.round() }],
  } satisfies Capability & Record<string, unknown>;
}
