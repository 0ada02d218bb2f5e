import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import { credentialReader } from '../credentials/credential-service.js';
import type { CredentialStatus } from '../credentials/credential-types.js';
import { destroyCredential, giveUpCode, retireCredential } from '../credentials/ending/end-credential.js';
import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import { credentialsWithSessions, hasEndingSessions, withdrawTokensOf } from '../tokens/ending/ending-sessions.js';
import { signInOf } from '../tokens/refresh/sign-in-reader.js';
import { endTokensOf } from '../tokens/ringcentral-sessions.js';
import { disconnectionStore } from './disconnection-store.js';
import type { DisconnectedBy, Disconnection } from './disconnection-types.js';

export type Asked = { by: DisconnectedBy; actor: Actor; origin?: Origin };

/** What a disconnection changes elsewhere, in its transaction. */
export type DisconnectHooks = {
  /** Ends the checks of these credentials and changes the state. @returns null if there is nothing to disconnect */
  onDisconnected: (
    trx: Knex,
    tenantId: string,
    endedIds: readonly string[],
  ) => Promise<{ accountId: string | null } | null>;
  /** Ends links for colleagues: no one without a role in the clinic may connect it again. @returns how many worked */
  endLinks: (trx: Knex, tenantId: string, at: Date) => Promise<number>;
  tell: (trx: Knex, disconnection: Disconnection) => Promise<void>;
};

type Deps = DisconnectHooks & { world: Pick<World, 'now' | 'newId'> };

/**
 * @returns a function that disconnects a tenant in a transaction that holds the tenant's lock. From its commit on no process
 *   issues a token. What it had issued is revoked by the worker. null if there is nothing to disconnect.
 */
export const disconnectTenant = (deps: Deps) => {
  const { world, onDisconnected, endLinks, tell } = deps;
  const destroy = destroyCredential({ world, onEnded: endTokensOf });
  const retire = retireCredential({ world, onEnded: endTokensOf });

  return async (trx: Knex, tenantId: string, { by, actor, origin }: Asked): Promise<Disconnection | null> => {
    const now = world.now();
    const living = await credentialReader(trx).living(tenantId);
    const ended = living.filter(({ status }) => status === 'active' || status === 'pending');
    const connection = await onDisconnected(
      trx,
      tenantId,
      ended.map(({ id }) => id),
    );
    if (!connection) return null;
    const links = await endLinks(trx, tenantId, now);
    const notRevocable = new Map<string, number>();
    const endings: Date[] = [];
    // Jobs may still have tokens of a credential that was replaced or refused within the hour: the receipt answers for it too.
    const endedEarlier: { id: string; status: CredentialStatus }[] = [];
    for (const id of await credentialsWithSessions(trx, tenantId, now)) {
      const credential = await credentialReader(trx).find(tenantId, id);
      if (!credential) continue;
      const isSignIn = credential.method !== 'jwt';
      // The session of a sign-in ends with its refresh token.
      const isOpen = !isSignIn || (await hasEndingSessions(trx, tenantId, [id]));
      if (isOpen && !living.some((one) => one.id === id)) endedEarlier.push({ id, status: credential.status });
      if (isSignIn) continue;
      const withdrawn = await withdrawTokensOf(trx, tenantId, id, now);
      if (withdrawn.endBy) endings.push(withdrawn.endBy);
      notRevocable.set(id, withdrawn.notRevocable);
    }
    const neverExchanged = new Set<string>();
    for (const { id, status, method } of ended) {
      if (method === 'authorization_code' && (await giveUpCode(trx, tenantId, id))) neverExchanged.add(id);
      // A refresh without an answer may have made another refresh token, which we cannot revoke.
      if ((await signInOf(trx, tenantId, id))?.attempt) notRevocable.set(id, 1);
      if (status === 'active') await retire(trx, tenantId, id, 'disconnected', actor);
      else await destroy(trx, tenantId, id, 'disconnected', actor);
    }
    const disconnection: Disconnection = {
      id: world.newId(),
      tenantId,
      at: now,
      by,
      accountId: connection.accountId,
      sessionsEndBy: endings.length > 0 ? new Date(Math.max(...endings.map(Number))) : null,
      receipt: null,
      erasedReceipt: null,
      credentials: [...living, ...endedEarlier].map(({ id, status }) => ({
        id,
        was: status,
        revoked: 0,
        notRevoked: notRevocable.get(id) ?? 0,
        neverExchanged: neverExchanged.has(id),
      })),
    };
    await disconnectionStore(trx).forTenant(tenantId).add(disconnection);
    await auditStore(trx, world)
      .forTenant(tenantId)
      .append({
        action: 'connection.disconnected',
        actor,
        target: disconnection.id,
        outcome: 'ok',
        detail: { by, credentials: disconnection.credentials.length, links },
        origin,
      });
    await tell(trx, disconnection);
    return disconnection;
  };
};

export type DisconnectTenant = ReturnType<typeof disconnectTenant>;
