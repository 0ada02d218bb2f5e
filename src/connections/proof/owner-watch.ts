import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { IncidentNotices } from '../health/connection-notices.js';
import { nextOwner, type OwnerFacts } from './owner-change.js';
import { ownerStore } from './owner-store.js';

type Deps = { world: Pick<World, 'now' | 'newId'>; notices: Pick<IncidentNotices, 'ownerChanged'> };

/**
 * Notices changes that RingCentral shows for the user of a clinic's credential, so that the clinic is told before
 * anything fails. Changes no state, because RingCentral does not say why the user changed or whether anything will
 * fail.
 */
export const ownerWatch = ({ world, notices }: Deps) => ({
  /** @param trx must hold the tenant's lock */
  async note(trx: Knex, tenantId: string, seen: { ownerId: string; facts: OwnerFacts }): Promise<void> {
    const store = ownerStore(trx).forTenant(tenantId);
    const { owner, step } = nextOwner(await store.find(), seen, world.now(), () => world.newId());
    await store.save(owner);
    if (step === 'none') return;
    await auditStore(trx, world).append({
      action: step === 'over' ? 'owner.change_over' : 'owner.changed',
      actor: { kind: 'portal' },
      tenantId,
      target: owner.ownerId,
      outcome: 'ok',
      detail: step === 'over' ? {} : { what: owner.change?.kinds.join(' ') ?? null },
    });
    if (step === 'opened' && owner.change) await notices.ownerChanged(trx, owner.change.id, tenantId);
  },
});

export type OwnerWatch = ReturnType<typeof ownerWatch>;
