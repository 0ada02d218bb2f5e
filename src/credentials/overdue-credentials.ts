import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { CredentialKeeper } from './credential-service.js';
import type { Credential, Destruction } from './credential-types.js';

/** Runs in the transaction that destroys an overdue credential, for the rest of the portal. */
export type OnOverdueDestroyed = (trx: Knex, credential: Credential) => Promise<void>;

type Deps = {
  transaction: Transaction;
  world: Pick<World, 'now'>;
  credentials: Pick<CredentialKeeper, 'findWithin' | 'overdue' | 'destroy'>;
  onDestroyed: OnOverdueDestroyed;
};

/**
 * Destroys overdue unproved or retired credentials, reading `pageSize` of them at a time. If one cannot be
 * destroyed, the others still are: `onError` is called, and the next call tries again.
 */
export const overdueCredentials = ({ transaction, world, credentials, onDestroyed }: Deps) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    find: (id: string) => credentials.findWithin(trx, tenantId, id),
    destroy: async (credential: Credential) => {
      await credentials.destroy(trx, tenantId, credential.id, becauseOf(credential));
      await onDestroyed(trx, credential);
    },
  }));

  const destroyKept = ({ tenantId, id, status }: Credential): Promise<void> =>
    inTenantLock(tenantId, async ({ find, destroy }) => {
      const current = await find(id);
      if (current?.status !== status || current.keptUntil === null || current.keptUntil > world.now()) return;
      await destroy(current);
    });

  return async (pageSize: number, onError: (err: unknown, of: Credential) => void): Promise<void> => {
    let last: Credential | undefined;
    do {
      const overdue = await credentials.overdue(pageSize, last);
      for (const credential of overdue)
        await destroyKept(credential).catch((err: unknown) => {
          onError(err, credential);
        });
      last = overdue.length === pageSize ? overdue.at(-1) : undefined;
    } while (last);
  };
};

/** An earlier version retired credentials without a death check, so it says nothing about one. */
function becauseOf({ status, retirement }: Credential): Destruction {
  if (status === 'pending') return 'expired_unproved';
  return retirement === null ? 'replaced' : 'not_proved_dead';
}
