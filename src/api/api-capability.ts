import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { apiActs } from './api-acts.js';
import { apiHoldings } from './api-holdings.js';
import { connectionCalls } from './connection-calls.js';
import { idempotencyOf, KEPT_MS } from './idempotency.js';
import { idempotencyStore } from './idempotency-store.js';
import { tenantCalls } from './tenant-calls.js';

export const api: Declaration = { audit: apiActs, holds: apiHoldings };

type Given = {
  tenants: TenantService;
  connections: ConnectionService;
  accounts: { invitations: Pick<InvitationService, 'invite'> };
};

/** What the ISV's programs may do with clinics. */
export function apiCapability({ runtime: { db, world } }: Foundation, { accounts, ...given }: Given) {
  const deps = { db, world, ...given };
  return {
    api: () => [...tenantCalls(deps, idempotencyOf(deps)), ...connectionCalls(deps, accounts.invitations)],
    housekeeping: () => [() => idempotencyStore(db).deleteBefore(new Date(world.now().getTime() - KEPT_MS))],
  } satisfies Capability;
}
