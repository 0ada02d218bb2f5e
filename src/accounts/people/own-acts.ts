import type { AuditAction, AuditEvent, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';

/** Writes the audit rows of what a person does with their own account. */
export const ownActs =
  (db: Knex, world: Pick<World, 'now' | 'newId'>) =>
  (
    action: AuditAction,
    personId: string,
    origin: Origin,
    more?: Pick<AuditEvent, 'detail'> & { outcome?: 'refused' },
  ) =>
    auditStore(db, world).append({
      action,
      actor: { kind: 'person', id: personId },
      target: personId,
      outcome: 'ok',
      origin,
      ...more,
    });
