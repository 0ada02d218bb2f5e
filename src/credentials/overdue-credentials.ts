import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { CredentialKeeper } from './credential-service.js';
import type { Credential } from './credential-types.js';

/** What the rest of the portal does in the transaction that destroys a credential which was kept long enough. */
export type OnOverdueDestroyed = (trx: Knex, credential: Credential) => Promise<void>;

type Deps = {
  transaction: Transaction;
  world: Pick<World, 'now'>;
  credentials: Pick<CredentialKeeper, 'findWithin' | 'overdue' | 'destroy'>;
  onDestroyed: OnOverdueDestroyed;
};

/**
 * Destroys what was kept long enough, unproved or replaced, and reads `pageSize` of it at a time. A credential that cannot
 * be destroyed keeps no other alive: `onError` is told, and the next call tries it again.
 */
export const overdueCredentials = ({ transaction, world, credentials, onDestroyed }: Deps) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    find: (id: string) => credentials.findWithin(trx, tenantId, id),
    destroy: async (credential: Credential) => {
      const because = credential.status === 'pending' ? 'expired_unproved' : 'replaced';
      await credentials.destroy(trx, tenantId, credential.id, because);
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

export type DestroyOverdue = ReturnType<typeof overdueCredentials>;
