import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { CliCommand } from '../app/cli-command.js';
import type { Foundation } from '../app/foundation.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { Holding, Unowned } from '../platform/database/held-rows.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { exportRoutes } from './export-routes.js';
import { offboardingActs } from './offboarding-acts.js';
import { exportLines } from './tenant-export.js';

const exportCommand: CliCommand = {
  name: 'tenants export',
  summary: 'prints what is held on a tenant as one JSON object, without secrets',
  arguments: [{ name: '<ref>', summary: "the ISV's own id for it" }],
};

export const offboarding: Declaration = { commands: [exportCommand], audit: offboardingActs };

type Given = {
  tenants: TenantService;
  connections: ConnectionService;
  accounts: { inWeb: (web: WebRole) => AccountsInWeb };
  /** Of all capabilities. */
  holdings: readonly (Holding | Unowned)[];
};

/** A clinic leaves: what is held on it is exported, and then erased. */
export function offboardingCapability({ runtime: { db, world } }: Foundation, { accounts, holdings, ...given }: Given) {
  const { tenants } = given;
  /** The audit row is committed before the first line is read. */
  async function exportOf(tenantId: string, actor: Actor, origin?: Origin): Promise<AsyncIterable<string>> {
    const event = { action: 'tenant.exported', actor, target: tenantId, outcome: 'ok', origin } as const;
    await auditStore(db, world).forTenant(tenantId).append(event);
    return exportLines({ db, holdings, peopleOf: (id) => tenants.personIds(id) }, tenantId, world.now());
  }

  return {
    pages: (web) => ({
      mounts: [
        {
          path: '/staff/tenants/:tenantId/export',
          access: 'staff',
          router: exportRoutes({ db, world, ...given, accounts: accounts.inWeb(web), exportOf }),
        },
      ],
    }),
    runs: {
      [exportCommand.name]: async ({ ref }, { say, fail }) => {
        const tenant = await tenants.findByRef(String(ref));
        if (!tenant) return fail('there is no tenant with this reference');
        for await (const line of await exportOf(tenant.id, { kind: 'command_line' })) say(line);
        return 0;
      },
    },
  } satisfies Capability;
}
