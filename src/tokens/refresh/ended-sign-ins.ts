import type { Knex, Transaction } from '../../platform/database/database.js';
import { inLock } from '../../platform/database/lock.js';
import type { Logger } from '../../platform/log.js';
import type { World } from '../../platform/world.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import type { Environment } from '../../ringcentral/environments.js';
import { refreshTokenStore } from './refresh-token-store.js';
import type { RefreshToken, RefreshTokenVault } from './refresh-token-types.js';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now'>;
  log: Pick<Logger, 'warn'>;
  ringcentral: Pick<TokenClient, 'revoke'>;
  refreshTokens: RefreshTokenVault;
  /** The client ID of the app with which people sign in; null if none is configured. */
  signInClientId: (environment: Environment) => string | null;
};

const AT_ONCE = 100;

/**
 * Ends the sessions of sign-ins whose credential was destroyed or replaced (RFC 7009), then deletes their refresh tokens.
 * What cannot be ended now is tried again in the next round, until the token has expired. If the auth budget has no room,
 * the round is over.
 */
export const endedSignIns = (deps: Deps) => {
  const { db, world, refreshTokens: vault } = deps;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    forget: async (credentialId: string): Promise<void> => {
      await vault.remove(trx, tenantId, credentialId);
      await refreshTokenStore(trx).forTenant(tenantId).removeEnded(credentialId);
    },
  }));

  async function end({ tenantId, credentialId, environment, clientId, endsAt }: RefreshToken) {
    if (endsAt <= world.now()) return 'over';
    // RingCentral revokes a token only for the app that obtained it.
    if (deps.signInClientId(environment) !== clientId) return 'later';
    const token = await vault.open(tenantId, credentialId);
    if (!token) return 'over';
    const place = { lane: 'background', tenantId, maxWaitMs: 0 } as const;
    const answer = await deps.ringcentral.revoke({ ...place, environment, token, app: 'sign_in' });
    if (answer.kind === 'wait') return 'no_room';
    if (answer.kind === 'inconclusive') return 'later';
    return answer.kind === 'refused' && answer.cause === 'app_misconfigured' ? 'later' : 'over';
  }

  return async (): Promise<void> => {
    for (const token of await refreshTokenStore(db).ended(AT_ONCE)) {
      const { tenantId, credentialId } = token;
      const became = await end(token).catch((err: unknown) => {
        deps.log.warn({ err, tenantId, credentialId }, 'the session of an ended sign-in could not be ended');
        return 'later' as const;
      });
      if (became === 'no_room') return;
      if (became === 'over') await inTenantLock(tenantId, ({ forget }) => forget(credentialId));
    }
  };
};
