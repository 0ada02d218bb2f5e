import type { Request, Response } from 'express';
import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { AuditAction } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { Knex } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';
import type { Clock } from '../platform/http/view-helpers.js';
import type { World } from '../platform/world.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { Tenant } from '../tenants/tenant-types.js';

/** What the routes of the staff pages use. */
export type StaffDeps = {
  db: Knex;
  world: World;
  tenants: TenantService;
  connections: ConnectionService;
  accounts: AccountsInWeb;
};

/** The guard in front sets the person; without it, the request is not from staff. */
export function staffOf(req: Request, res: Response) {
  const { person, requestId } = res.locals;
  if (!person || person.staffRole === null) throw new PortalError('not_found');
  const actor = { kind: 'person', id: person.id } as const;
  const mayChange = person.staffRole !== 'auditor';
  return { actor, mayChange, mayManage: person.staffRole === 'administrator', origin: { ip: req.ip, requestId } };
}

/** Steps that every staff page shares. */
export const staffRequests = ({ db, world, tenants, accounts }: StaffDeps) => ({
  /** Admits the roles that may make changes. */
  changers: accounts.requireStaffRole('operator', 'administrator'),
  /** Admits the role that changes people, settings and approvals. */
  administrators: accounts.requireStaffRole('administrator'),

  viewed: (req: Request, res: Response, action: AuditAction, tenantId?: string): Promise<void> => {
    const { actor, origin } = staffOf(req, res);
    return auditStore(db, world).append({ action, actor, tenantId, target: tenantId, outcome: 'ok', origin });
  },

  tenantOf: async (req: Request): Promise<Tenant> => {
    const id = req.params.tenantId;
    const tenant = typeof id === 'string' && id.length <= 100 ? await tenants.find(id) : undefined;
    if (!tenant) throw new PortalError('not_found');
    return tenant;
  },

  /** In the tenant's time zone; pages about several tenants use UTC. */
  clockOf: (res: Response, tenant?: Tenant): Clock => ({
    now: world.now(),
    timeZone: tenant?.timeZone ?? 'UTC',
    language: res.locals.t.common.lang,
  }),
});
