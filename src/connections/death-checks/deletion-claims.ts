import { actorOf, type Origin, type PersonRequester } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { retiredCredentials } from '../../credentials/ending/end-credential.js';
import { waitUntil } from '../../credentials/submission-limits.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { CheckParts } from '../checks/check-parts.js';
import { checkQueue } from '../checks/check-queue.js';
import type { CheckOutcome } from '../connection-unit.js';

type Deps = Pick<CheckParts, 'transaction' | 'world' | 'poke'> & {
  /** The role may have changed since the guard in front of the route read it. @throws an error if it is not enough */
  requireChanger: (trx: Knex, tenantId: string, by: PersonRequester) => Promise<void>;
};

/**
 * A person says that a retired JWT was deleted at RingCentral. It is tried at once, or as soon as the clinic's limit allows
 * it; then daily, until it is proved dead or its week is over.
 */
export const deletionClaims = ({ transaction, world, poke, requireChanger }: Deps) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    queue: checkQueue(trx, world).forTenant(tenantId),
    retired: retiredCredentials(trx, tenantId),
    ...boundTo(trx, { requireChanger }),
  }));

  /** @returns `nothing` if it is not retired, or was destroyed meanwhile */
  return async (tenantId: string, id: string, by: PersonRequester, origin: Origin): Promise<CheckOutcome> => {
    const outcome = await inTenantLock(
      tenantId,
      async ({ audit, queue, retired, requireChanger }): Promise<CheckOutcome> => {
        await requireChanger(tenantId, by);
        const credential = await retired.find(id);
        if (credential?.status !== 'retired' || credential.retirement === null) return { kind: 'nothing' };
        const now = world.now();
        const until = await waitUntil('exchange', audit, by, now);
        if (until && credential.retirement.saidDeleted) return { kind: 'limited', until };
        await retired.noteSaidDeleted(id, now, by.personId);
        const actor = actorOf(by);
        const action = by.isStaff ? 'credential.said_deleted_by_staff' : 'credential.said_deleted';
        await audit.append({ action, actor, target: id, outcome: 'ok', origin });
        const open = await queue.openFor(id);
        if (open) await queue.hurry(open.id, by, until ?? now);
        const requestId = open?.id ?? (await queue.addNow(id, 'person', by));
        if (!open && until) await queue.hurry(requestId, by, until);
        return until ? { kind: 'limited', until } : { kind: 'queued', requestId };
      },
    );
    if (outcome.kind === 'queued') poke();
    return outcome;
  };
};

export type DeletionClaims = ReturnType<typeof deletionClaims>;
