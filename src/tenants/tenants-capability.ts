import { tenantActs } from './tenant-acts.js';
import { tenantHoldings } from './tenant-holdings.js';
import type { CliCommand } from '../app/cli-command.js';
import type { Requester } from '../audit/audit-events.js';
import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { Knex } from '../platform/database/database.js';
import { leftTenantStore } from './left-tenant-store.js';
import { requireHere } from './require-here.js';
import { tenantService, type TellOfRule } from './tenant-service.js';

const create: CliCommand = {
  name: 'tenants create',
  summary: 'creates a tenant and prints its id',
  options: [
    { flags: '--name <name>', required: true },
    { flags: '--ref <ref>', summary: "the ISV's own id for it", required: true },
  ],
};

export const tenants: Declaration = { commands: [create], audit: tenantActs, holds: tenantHoldings };

type Given = {
  /** Creates what belongs to a new tenant, in the same transaction. */
  onCreated: (trx: Knex, tenantId: string, at: Date) => Promise<void>;
  /** Tells the members, in the transaction that changes whether they need a second factor. */
  onRuleSet: TellOfRule;
};

/** Clinics and their members. */
export function tenantsCapability({ runtime, transaction, isv }: Foundation, { onCreated, onRuleSet }: Given) {
  const { db, world } = runtime;
  const service = tenantService({ db, transaction, world, environments: isv.environments, onCreated, onRuleSet });
  return {
    service,
    /** Clinics that have left, for the capability that lets them go. */
    left: leftTenantStore,
    /**
     * A person's role may have changed since the guard in front of the route read it. Links and staff have no role here.
     *
     * @throws `not_found` or `role_needed`
     */
    requireHere: async (trx: Knex, id: string, { personId, handOffId, isStaff }: Requester): Promise<void> => {
      await requireHere(trx, id);
      if (personId === null || handOffId !== undefined || isStaff) return;
      await service.requireRole(trx, 'member', id, personId);
    },
    /** For the paths of the API. */
    tenantIdOf: async (named: string, alsoLeft = false): Promise<string | undefined> =>
      (await service.idOf(named)) ?? (alsoLeft ? leftTenantStore(db).idOf(named) : undefined),
    runs: {
      [create.name]: async ({ name = '', ref = '' }, { say, fail }) => {
        const wanted = { name: String(name), externalRef: String(ref) };
        const created = await service.create(wanted, { kind: 'command_line' });
        if (created.ok) {
          say(created.tenant.id);
          return 0;
        }
        const options: Record<string, string> = { name: '--name', externalRef: '--ref' };
        return fail(...created.problems.map(({ field, code }) => `${options[field] ?? field}: ${code}`));
      },
    },
  } satisfies Capability & Record<string, unknown>;
}
