import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { CliCommand } from '../app/cli-command.js';
import type { Foundation } from '../app/foundation.js';
import type { DisconnectionService } from '../disconnection/disconnection-service.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { isHolding, type Holding, type Unowned } from '../platform/database/held-rows.js';
import type { Knex } from '../platform/database/database.js';
import { endMessagesOf } from '../platform/outbox.js';
import type { LeftTenants } from '../tenants/left-tenant-store.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { erasure } from './erasure.js';
import { exportRoutes } from './export-routes.js';
import { offboardingActs } from './offboarding-acts.js';
import { offboardingCalls } from './offboarding-calls.js';
import type { OffboardingMails } from './offboarding-mails.js';
import { offboardedUrl, type Receipts } from './offboarding-page.js';
import { offboardingHoldings } from './offboarding-holdings.js';
import { offboardedRoutes, offboardingRoutes } from './offboarding-routes.js';
import { offboardingService, type Ends } from './offboarding-service.js';
import { exportLines } from './tenant-export.js';

const exportCommand: CliCommand = {
  name: 'tenants export',
  summary: 'prints what is held on a tenant as one JSON object, without secrets',
  arguments: [{ name: '<ref>', summary: "the ISV's own id for it" }],
};

export const offboarding: Declaration = {
  commands: [exportCommand],
  audit: offboardingActs,
  holds: offboardingHoldings,
};

type Given = {
  tenants: { service: TenantService; left: LeftTenants };
  connections: ConnectionService;
  accounts: {
    inWeb: (web: WebRole) => AccountsInWeb;
    ofLeavingClinic: {
      endInvitations: Ends['endInvitations'];
      onceInvited: (trx: Knex, tenantId: string) => Promise<string[]>;
      isStaff: (trx: Knex, personId: string) => Promise<boolean>;
    };
  };
  disconnection: {
    disconnect: Ends['disconnect'];
    newestOutcome: Ends['newestOutcome'];
    receiptsOf: (tenantId: string) => Promise<Receipts>;
    service: Pick<DisconnectionService, 'destroyNow'>;
  };
  handOffs: { endLinks: Ends['endLinks'] };
  apiKeys: { endKeys: Ends['endKeys'] };
  notifications: { record: Ends['record'] };
  mails: OffboardingMails;
  people: ReadPeople;
  /** Of all capabilities. */
  holdings: readonly (Holding | Unowned)[];
};

const PEOPLE_AT_ONCE = 500;

/** A clinic leaves: what is held on it is exported, its access ends, and later everything but ids is erased. */
export function offboardingCapability(
  foundation: Foundation,
  { accounts, tenants, connections, disconnection, holdings, mails, people, ...given }: Given,
) {
  const { config, runtime, transaction } = foundation;
  const { db, world, log } = runtime;
  const { left } = tenants;
  const { endInvitations, onceInvited, isStaff } = accounts.ofLeavingClinic;
  const eraseAfterDays = config.RETENTION_ERASURE_DAYS;
  const ends: Ends = {
    disconnect: disconnection.disconnect,
    newestOutcome: disconnection.newestOutcome,
    endLinks: given.handOffs.endLinks,
    endKeys: given.apiKeys.endKeys,
    record: given.notifications.record,
    endInvitations,
    endMessages: endMessagesOf,
    forget: connections.forget,
    begin: connections.onTenantCreated,
  };
  const service = offboardingService({ db, transaction, world, left, ends, mails, people, eraseAfterDays });

  async function* peopleOf(tenantId: string): AsyncGenerator<string> {
    yield* tenants.service.personIds(tenantId);
    for (let after = '', page: string[] = []; ; after = page.at(-1) ?? '') {
      page = await left(db).formerMembers(tenantId, PEOPLE_AT_ONCE, after);
      yield* page;
      if (page.length < PEOPLE_AT_ONCE) return;
    }
  }

  /** The audit row is committed before the first line is read. */
  async function exportOf(tenantId: string, actor: Actor, origin?: Origin): Promise<AsyncIterable<string>> {
    const event = { action: 'tenant.exported', actor, target: tenantId, outcome: 'ok', origin } as const;
    await auditStore(db, world).forTenant(tenantId).append(event);
    return exportLines({ db, holdings, peopleOf }, tenantId, world.now());
  }

  return {
    service,
    /** The page of a clinic that has left; null if it has not. */
    pageOf: async (tenantId: string): Promise<string | null> =>
      tenantId.length <= 100 && (await service.find(tenantId)) ? `${offboardedUrl}/${tenantId}` : null,
    pages: (web) => {
      const inWeb = accounts.inWeb(web);
      const deps = {
        db,
        world,
        tenants: tenants.service,
        connections,
        accounts: inWeb,
        service,
        eraseAfterDays,
        receiptsOf: disconnection.receiptsOf,
        outcomeOf: (tenantId: string) => disconnection.newestOutcome(db, tenantId),
        destroyNow: (tenantId: string, id: string, actor: Actor, origin: Origin) =>
          disconnection.service.destroyNow(tenantId, id, { by: 'staff', actor, origin }),
      };
      return {
        mounts: [
          { path: '/staff/tenants/:tenantId/export', access: 'staff', router: exportRoutes({ ...deps, exportOf }) },
          { path: '/staff/tenants/:tenantId/offboarding', access: 'staff', router: offboardingRoutes(deps) },
          { path: offboardedUrl, access: 'staff', router: offboardedRoutes(deps) },
        ],
      };
    },
    api: () => offboardingCalls(service),
    housekeeping: () => [
      erasure({ db, transaction, world, log, left, onceInvited, isStaff, holdings: holdings.filter(isHolding) }),
    ],
    runs: {
      [exportCommand.name]: async ({ ref }, { say, fail }) => {
        const id = await service.idOfRef(String(ref));
        if (id === undefined) return fail('there is no tenant with this reference');
        for await (const line of await exportOf(id, { kind: 'command_line' })) say(line);
        return 0;
      },
    },
  } satisfies Capability & Record<string, unknown>;
}
