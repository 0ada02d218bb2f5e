import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import { auditStore } from '../audit/audit-store.js';
import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { credentialReader } from '../credentials/credential-service.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { connectedDays, numbersOf } from './connected-days.js';
import { readExpiries } from './expiries.js';
import { figuresOf } from './figures.js';
import { readFunnel } from './funnel.js';
import { needsReader } from './needs.js';
import { overviewActs } from './overview-acts.js';
import { overviewHoldings } from './overview-holdings.js';
import type { NextRun } from './overview-page.js';
import { overviewRoutes } from './overview-routes.js';

export const overview: Declaration = { audit: overviewActs, holds: overviewHoldings };

type Given = {
  accounts: { inWeb: (web: WebRole) => AccountsInWeb; invitations: InvitationService };
  tenants: TenantService;
  connections: ConnectionService;
  guide: { consoleVisits: (tenantIds: readonly string[]) => Promise<ReadonlyMap<string, Date>> };
  preflight: { nextRun: (most: number) => Promise<NextRun> };
};

const MINUTE_MS = 60_000;
/** Less than a minute, so that each round of the housekeeping makes them again. */
const LEAST_MS = 50_000;
/** So many clinics are counted in a moment. */
const FEW = 2000;
/** The count goes no further: with more, the exact number does not matter. */
const MOST_IN_DOUBT = 1000;

/** The first page of staff: who needs them now, and how it goes. */
export function overviewCapability({ runtime }: Foundation, given: Given) {
  const { db, world } = runtime;
  const { tenants, connections, preflight } = given;
  const nextRun = figuresOf(
    { db, world },
    { name: 'next_run', everyMs: () => LEAST_MS, make: () => preflight.nextRun(MOST_IN_DOUBT) },
  );
  const funnel = figuresOf(
    { db, world },
    {
      name: 'funnel',
      everyMs: (last) => ((last[0]?.reached ?? 0) < FEW ? LEAST_MS : 10 * MINUTE_MS),
      make: readFunnel({
        now: world.now,
        invitations: given.accounts.invitations,
        connections,
        consoleVisits: given.guide.consoleVisits,
        firstPastes: (ids) => auditStore(db, world).firstTimes(ids, 'credential.submitted'),
      }),
    },
  );
  return {
    pages: (web) => {
      const accounts = given.accounts.inWeb(web);
      const { invitations } = given.accounts;
      const read = {
        needs: needsReader({ now: world.now, connections, tenants, invitations }),
        expiries: readExpiries({ credentials: credentialReader(db), tenants }),
        nextRun: nextRun.read,
        funnel: funnel.read,
      };
      const router = overviewRoutes({ db, world, tenants, connections, accounts }, read);
      return { mounts: [{ path: '/staff', access: 'staff', router }] };
    },
    housekeeping: () => [
      async () => connectedDays(db).note(world.now(), numbersOf(await connections.counts())),
      nextRun.renew,
      funnel.renew,
    ],
  } satisfies Capability;
}
