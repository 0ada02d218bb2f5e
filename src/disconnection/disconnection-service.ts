import type { ReadPeople } from '../accounts/people/people-directory.js';
import { changingStaff } from '../app/clinic-roles.js';
import { credentialReader } from '../credentials/credential-service.js';
import { destroyCredential } from '../credentials/ending/end-credential.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { hasEndingSessions } from '../tokens/ending/ending-sessions.js';
import { endTokensOf } from '../tokens/ringcentral-sessions.js';
import type { Asked, DisconnectTenant } from './disconnect.js';
import { disconnectionStore } from './disconnection-store.js';
import type { Disconnection, EndedCredential, Outcome } from './disconnection-types.js';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  disconnect: DisconnectTenant;
  requireRole: TenantService['requireRole'];
  people: ReadPeople;
  /** Ends the checks of a credential that was destroyed. */
  onDestroyed: (trx: Knex, tenantId: string, credentialId: string) => Promise<void>;
};

const MOST_SHOWN = 20;

/** What people do about a disconnection. Makes no network calls; the worker does. */
export const disconnectionService = ({ db, transaction, world, disconnect, onDestroyed, ...deps }: Deps) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    ...boundTo(trx, { disconnect, onDestroyed, destroy: destroyCredential({ world, onEnded: endTokensOf }) }),
    find: (id: string) => disconnectionStore(trx).forTenant(tenantId).find(id),
    credentials: credentialReader(trx),
    /** The role may have changed since the guard in front of the route read it. */
    requireRight: async ({ by, actor }: Pick<Asked, 'by' | 'actor'>): Promise<void> => {
      if (actor.kind !== 'person') return;
      if (by === 'clinic') await deps.requireRole(trx, 'owner', tenantId, actor.id);
      else await deps.people(trx).requireStaff(changingStaff, actor.id);
    },
  }));

  return {
    /** @returns null if there is nothing to disconnect */
    disconnect: (tenantId: string, asked: Asked): Promise<Disconnection | null> =>
      inTenantLock(tenantId, async ({ disconnect, requireRight }) => {
        await requireRight(asked);
        return disconnect(tenantId, asked);
      }),

    /** "Destroy now, unproved". @returns how many were destroyed */
    destroyNow: (tenantId: string, id: string, asked: Asked): Promise<number> =>
      inTenantLock(tenantId, async ({ find, credentials, destroy, onDestroyed, requireRight }) => {
        await requireRight(asked);
        const disconnection = await find(id);
        let count = 0;
        for (const one of disconnection?.credentials ?? []) {
          const credential = await credentials.find(tenantId, one.id);
          if (credential?.status !== 'retired') continue;
          await destroy(tenantId, one.id, 'on_request', asked.actor, asked.origin);
          await onDestroyed(tenantId, one.id);
          count += 1;
        }
        return count;
      }),

    /** Newest first. */
    outcomes: async (tenantId: string): Promise<Outcome[]> => {
      const found = await disconnectionStore(db).forTenant(tenantId).newest(MOST_SHOWN);
      return Promise.all(found.map((one) => outcomeOf(db, one)));
    },

    newest: async (tenantId: string): Promise<Outcome | undefined> => {
      const [found] = await disconnectionStore(db).forTenant(tenantId).newest(1);
      return found && outcomeOf(db, found);
    },

    /** The text of a receipt; undefined if there is none. */
    receipt: async (tenantId: string, id: string): Promise<string | undefined> =>
      (await disconnectionStore(db).forTenant(tenantId).find(id))?.receipt?.text,
  };
};

export type DisconnectionService = ReturnType<typeof disconnectionService>;

/** What has become of a disconnection, in a transaction or outside one. */
export async function outcomeOf(db: Knex, disconnection: Disconnection): Promise<Outcome> {
  const { tenantId } = disconnection;
  const credentials: EndedCredential[] = [];
  for (const { id, ...of } of disconnection.credentials) {
    const credential = await credentialReader(db).find(tenantId, id);
    if (credential) credentials.push({ ...of, credential });
  }
  const ids = disconnection.credentials.map(({ id }) => id);
  return { disconnection, credentials, isRevoking: await hasEndingSessions(db, tenantId, ids) };
}
