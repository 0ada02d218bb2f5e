import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import { perRole, type Capability, type Declaration, type WorkerRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { createWake } from '../platform/loop.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { clinicFilesActs } from './clinic-files-acts.js';
import { importCommand, runImportCommand } from './clinic-files-commands.js';
import { clinicFilesHoldings } from './clinic-files-holdings.js';
import { importService } from './import-service.js';
import { importWorker } from './import-worker.js';

export const clinicFiles: Declaration = {
  commands: [importCommand],
  audit: clinicFilesActs,
  holds: clinicFilesHoldings,
};

type Given = {
  tenants: TenantService;
  accounts: { invitations: Pick<InvitationService, 'inviteWithin'> };
};

const IDLE_MS = 5000;
const SOON_MS = 10;

/** Many clinics at once: a file of them is imported, and all of them are exported. */
export function clinicFilesCapability(foundation: Foundation, { tenants, accounts }: Given) {
  const { config, runtime, transaction, isv } = foundation;
  const { db, world, log } = runtime;
  const wake = createWake();
  const service = importService({ db, transaction, world, environments: isv.environments, poke: wake.call });
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
  return {
    service,
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
    runs: { [importCommand.name]: runImportCommand({ service, world }) },
  } satisfies Capability & Record<string, unknown>;
}
