import type { Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Notice } from '../../notifications/notice-store.js';
import { newestNotices, type TellPerson } from '../../notifications/notices.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { Recipients } from '../health/connection-notices.js';
import { connectionStore } from '../health/connection-store.js';
import { shownHealth } from '../health/health.js';
import { clinicsCause } from './fix-text.js';

/** A second click, or a second person, does not send the same again. */
export const FIX_EVERY_MS = 60 * 60_000;

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  checkEveryMs: (db: Knex) => Promise<number>;
  tell: TellPerson;
  recipients: Pick<Recipients, 'members'>;
};

export type FixMailed =
  | { kind: 'mailed'; people: number }
  | { kind: 'limited'; until: Date }
  | { kind: 'nothing_to_fix' }
  | { kind: 'no_reader' };

export type FixMailer = ReturnType<typeof fixMailer>;

/** Staff email the steps of the cause to the people of a clinic. */
export function fixMailer({ db, transaction, world, checkEveryMs, tell, recipients }: Deps) {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    connections: connectionStore(trx).forTenant(tenantId),
    members: () => recipients.members(trx, tenantId, 'fix'),
    ...boundTo(trx, { tell, checkEveryMs }),
  }));

  return {
    mailFix: (tenantId: string, staffId: string, origin: Origin): Promise<FixMailed> =>
      inTenantLock(tenantId, async ({ audit, connections, members, tell, checkEveryMs }) => {
        const now = world.now();
        const connection = await connections.find();
        const shown = connection && shownHealth(connection.health, now, await checkEveryMs());
        const cause = shown ? clinicsCause({ shown, health: connection.health }) : null;
        if (cause === null) return { kind: 'nothing_to_fix' };
        const since = new Date(now.getTime() - FIX_EVERY_MS);
        const [last] = await audit.times(['fix.mailed'], since, 1, 'members');
        if (last) return { kind: 'limited', until: new Date(last.getTime() + FIX_EVERY_MS) };
        const them = await members();
        if (them.length === 0) return { kind: 'no_reader' };
        const about = world.newId();
        await audit.append({
          action: 'fix.mailed',
          actor: { kind: 'person', id: staffId },
          target: about,
          outcome: 'ok',
          detail: { cause, people: them.length },
          origin,
        });
        for (const personId of them) await tell({ about, kind: 'fix', tenantId, personId });
        return { kind: 'mailed', people: them.length };
      }),
    /** To whom the fix was emailed last, and what became of each email; empty if it never was. */
    lastFix: (tenantId: string): Promise<Notice[]> => newestNotices(db, tenantId, 'fix'),
  };
}
