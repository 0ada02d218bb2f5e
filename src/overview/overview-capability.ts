import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { credentialReader } from '../credentials/credential-service.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { connectedDays, numbersOf } from './connected-days.js';
import { readExpiries } from './expiries.js';
import { figuresOf } from './figures.js';
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
  preflight: { nextRun: (most: number) => Promise<NextRun> };
};

const MINUTE_MS = 60_000;
/** The count goes no further: with more, the exact number does not matter. */
const MOST_IN_DOUBT = 1000;

/** The first page of staff: who needs them now, and how it goes. */
export function overviewCapability({ runtime }: Foundation, given: Given) {
  const { db, world } = runtime;
  const { tenants, connections, preflight } = given;
  const nextRun = figuresOf(
    { db, world },
    { name: 'next_run', everyMs: MINUTE_MS - 10_000, make: () => preflight.nextRun(MOST_IN_DOUBT) },
  );
  return {
    pages: (web) => {
      const accounts = given.accounts.inWeb(web);
      const { invitations } = given.accounts;
      const read = {
        needs: needsReader({ now: world.now, connections, tenants, invitations }),
        expiries: readExpiries({ credentials: credentialReader(db), tenants }),
        nextRun: nextRun.read,
      };
      const router = overviewRoutes({ db, world, tenants, connections, accounts }, read);
      return { mounts: [{ path: '/staff', access: 'staff', router }] };
    },
    housekeeping: () => [
      async () => connectedDays(db).note(world.now(), numbersOf(await connections.counts())),
      nextRun.renew,
    ],
  } satisfies Capability;
}
