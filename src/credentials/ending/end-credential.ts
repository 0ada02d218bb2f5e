import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { credentialStore } from '../credential-store.js';
import type { Destruction, Retirement, Tried } from '../credential-types.js';

/**
 * Runs in the transaction in which a credential is retired or destroyed, to remove what was derived from it. A token that
 * a job has lives on until it ends.
 */
export type OnEnded = (trx: Knex, tenantId: string, credentialId: string) => Promise<void>;

export type EndingDeps = { world: Pick<World, 'now' | 'newId'>; onEnded: OnEnded };

/** How long a retired JWT is kept, so that its people can prove that they deleted it. */
const RETIRED_MS = 7 * 24 * 3_600_000;

/** @returns a function that destroys a credential in a transaction that holds the tenant's lock */
export const destroyCredential =
  ({ world, onEnded }: EndingDeps) =>
  async (
    trx: Knex,
    tenantId: string,
    id: string,
    because: Destruction,
    actor: Actor,
    origin?: Origin,
  ): Promise<void> => {
    await credentialStore(trx).forTenant(tenantId).destroy(id, because, world.now());
    await onEnded(trx, tenantId, id);
    const event = { actor, origin, target: id, outcome: 'ok', detail: { because } } as const;
    await auditStore(trx, world)
      .forTenant(tenantId)
      .append({ action: 'credential.destroyed', ...event });
  };

/**
 * @returns a function that retires a credential in a transaction that holds the tenant's lock: no job gets a token with it
 *   any more. A JWT is kept sealed for its death check. A sign-in is destroyed: the revocation of its session is the proof.
 */
export const retireCredential =
  (deps: EndingDeps) =>
  async (
    trx: Knex,
    tenantId: string,
    id: string,
    because: Retirement['because'],
    actor: Actor = { kind: 'portal' },
  ): Promise<'retired' | 'destroyed'> => {
    const credential = await credentialStore(trx).forTenant(tenantId).find(id);
    if (credential?.method !== 'jwt') {
      await destroyCredential(deps)(trx, tenantId, id, because, actor);
      return 'destroyed';
    }
    const now = deps.world.now();
    const keptUntil = new Date(now.getTime() + RETIRED_MS);
    await credentialStore(trx).forTenant(tenantId).retire(id, because, now, keptUntil);
    await deps.onEnded(trx, tenantId, id);
    const event = { actor, target: id, outcome: 'ok', detail: { because } } as const;
    await auditStore(trx, deps.world)
      .forTenant(tenantId)
      .append({ action: 'credential.retired', ...event });
    return 'retired';
  };

/**
 * Gives up the code of a sign-in, in a transaction that holds the tenant's lock. A code is deleted before it is sent.
 *
 * @returns whether it was there: then it was never sent, and RingCentral began no session
 */
export const giveUpCode = (trx: Knex, tenantId: string, id: string): Promise<boolean> =>
  credentialStore(trx).forTenant(tenantId).deleteCode(id);

/** What people and death checks say of a retired credential, in a transaction that holds the tenant's lock. */
export const retiredCredentials = (trx: Knex, tenantId: string) => {
  const mine = credentialStore(trx).forTenant(tenantId);
  return {
    find: (id: string) => mine.find(id),
    noteSaidDeleted: (id: string, at: Date, by: string) => mine.noteSaidDeleted(id, at, by),
    noteTried: (id: string, tried: Tried) => mine.noteTried(id, tried),
  };
};
