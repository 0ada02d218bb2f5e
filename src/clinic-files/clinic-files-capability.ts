import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import { adminEmailsOf } from '../accounts/invitations/admin-addresses.js';
import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import { perRole, type Capability, type Declaration, type WebRole, type WorkerRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { createWake } from '../platform/loop.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { clinicFilesActs } from './clinic-files-acts.js';
import { importCommand, listCommand, runImportCommand, runListCommand } from './clinic-files-commands.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { tenantReader } from '../tenants/tenant-reader.js';
import { clinicList } from './clinic-list.js';
import { exportRoutes, exportUrl } from './export-routes.js';
import { clinicFilesHoldings } from './clinic-files-holdings.js';
import { importUrl } from './pages/import-pages.js';
import { importRoutes } from './pages/import-routes.js';
import { importService } from './import-service.js';
import { importWorker } from './import-worker.js';

export const clinicFiles: Declaration = {
  commands: [importCommand, listCommand],
  audit: clinicFilesActs,
  holds: clinicFilesHoldings,
};

type Given = {
  tenants: TenantService;
  connections: ConnectionService;
  accounts: { invitations: Pick<InvitationService, 'inviteWithin'>; inWeb: (web: WebRole) => AccountsInWeb };
};

const IDLE_MS = 5000;
const SOON_MS = 10;

/** Many clinics at once: a file of them is imported, and all of them are exported. */
export function clinicFilesCapability(foundation: Foundation, { tenants, accounts, connections }: Given) {
  const { config, runtime, transaction, isv } = foundation;
  const { db, world, log } = runtime;
  const wake = createWake();
  const service = importService({
    db,
    transaction,
    world,
    environments: isv.environments,
    readTenants: tenantReader,
    poke: wake.call,
  });
  const inWorker = perRole((_worker: WorkerRole) =>
    importWorker({
      db,
      transaction,
      world,
      log,
      tenants,
      inviteWithin: accounts.invitations.inviteWithin,
      invitationsPerMinute: config.IMPORT_INVITATIONS_PER_MINUTE,
    }),
  );
  const listed = (actor: Actor, origin?: Origin) =>
    clinicList({ db, world, readTenants: tenantReader, connections, adminEmailsOf }, actor, origin);
  return {
    service,
    pages: (web) => {
      const deps = { db, world, tenants, connections, accounts: accounts.inWeb(web), clinicList: listed };
      const importing = { ...deps, service, invitationsPerMinute: config.IMPORT_INVITATIONS_PER_MINUTE };
      return {
        mounts: [
          { path: exportUrl, access: 'staff', router: exportRoutes(deps) },
          { path: importUrl, access: 'staff', router: importRoutes(importing) },
        ],
        uploads: [importUrl],
      };
    },
    loops: (worker) => {
      const { applySome, inviteSome } = inWorker(worker);
      let goesOn = false;
      const round = async () => {
        goesOn = false;
        goesOn = await applySome();
      };
      return [
        { name: 'imports', everyMs: () => (goesOn ? SOON_MS : IDLE_MS), round, wokenBy: wake },
        { name: 'import_invitations', everyMs: IDLE_MS, round: inviteSome },
      ];
    },
    housekeeping: () => [() => service.prune()],
    runs: {
      [importCommand.name]: runImportCommand({ service, world }),
      [listCommand.name]: runListCommand(listed),
    },
  } satisfies Capability & Record<string, unknown>;
}
