import type { ConnectionService, Listed } from '../connections/connection-service.js';
import { fixOwnerOf, type Cause } from '../connections/health/causes.js';
import type { ShownState } from '../connections/health/health.js';
import type { InvitationService } from '../accounts/invitations/invitation-service.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { Tenant } from '../tenants/tenant-types.js';

const MOST = 8;
/** Clinics that no one here can help are passed over, up to so many in each state. */
const LOOKED_AT = 40;
const SILENT_MS = 5 * 24 * 3_600_000;

/** What a member of staff can do for a clinic now. */
export type Act = 'decide' | 'ours' | 'email' | 'invite';
export type Need = { tenant: Tenant; act: Act; state: ShownState; cause: Cause | null; since: Date };

/** The worst first, as in the list of clinics. */
const states = ['failing', 'pending', 'warning'] as const satisfies readonly ShownState[];

const waitsForApproval: readonly Cause[] = ['account_shared', 'account_mismatch'];

function actFor(cause: Cause | null): Act | null {
  if (cause === null) return null;
  if (waitsForApproval.includes(cause)) return 'decide';
  const owner = fixOwnerOf(cause);
  return owner === 'isv' ? 'ours' : owner === 'tenant' ? 'email' : null;
}

type Deps = {
  now: () => Date;
  connections: Pick<ConnectionService, 'inState' | 'shownOf'>;
  tenants: Pick<TenantService, 'withIds' | 'withMembers'>;
  invitations: Pick<InvitationService, 'unanswered'>;
};

/** The first clinics that need staff now, those that have waited longest first within each state. */
export const needsReader = ({ now, connections, tenants, invitations }: Deps) => {
  async function within(state: ShownState): Promise<Need[]> {
    const places = await connections.inState({ state }, LOOKED_AT, undefined, 'asc');
    const found = new Map((await tenants.withIds(places.map(({ tenantId }) => tenantId))).map((one) => [one.id, one]));
    const shown: ReadonlyMap<string, Listed> = await connections.shownOf([...found.values()]);
    return places.flatMap(({ tenantId }): Need[] => {
      const [tenant, one] = [found.get(tenantId), shown.get(tenantId)];
      const act = actFor(one?.cause ?? null);
      return tenant && one && act ? [{ tenant, act, state: one.state, cause: one.cause, since: one.since }] : [];
    });
  }

  async function silent(): Promise<Need[]> {
    const waiting = await invitations.unanswered(new Date(now().getTime() - SILENT_MS), { limit: LOOKED_AT });
    const joined = await tenants.withMembers(waiting.map(({ tenantId }) => tenantId));
    const since = new Map(
      waiting.filter(({ tenantId }) => !joined.has(tenantId)).map(({ tenantId, sentAt }) => [tenantId, sentAt]),
    );
    const found = new Map((await tenants.withIds([...since.keys()])).map((one) => [one.id, one]));
    return [...since].flatMap(([id, sentAt]): Need[] => {
      const tenant = found.get(id);
      return tenant ? [{ tenant, act: 'invite', state: 'not_connected', cause: null, since: sentAt }] : [];
    });
  }

  return async (): Promise<Need[]> => {
    const needs: Need[] = [];
    for (const read of [...states.map((state) => () => within(state)), silent]) {
      if (needs.length >= MOST) break;
      needs.push(...(await read()));
    }
    return needs.slice(0, MOST);
  };
};
