import type { Knex, Transaction } from '../../platform/database/database.js';
import { inLock } from '../../platform/database/lock.js';
import type { Logger } from '../../platform/log.js';
import type { World } from '../../platform/world.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import { environmentNames, type Environment } from '../../ringcentral/environments.js';
import type { NoteEnd, SessionEnd } from '../token-types.js';
import { refreshTokenStore, type EndingApp } from './refresh-token-store.js';
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
  noteEnd: NoteEnd;
};

const AT_ONCE = 100;
/** A session that could not be ended is tried again after as long as it has been tried already, within these limits. */
const LEAST_PAUSE_MS = 60_000;
const MOST_PAUSE_MS = 6 * 3_600_000;

/**
 * Ends the sessions of sign-ins whose credential was destroyed or replaced (RFC 7009), then deletes their refresh tokens.
 * What cannot be ended now is tried again after a pause that grows, until the token has expired. If the auth budget has no
 * room, the round is over.
 */
export const endedSignIns = (deps: Deps) => {
  const { db, world, refreshTokens: vault } = deps;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    forget: async (token: RefreshToken, how: SessionEnd): Promise<void> => {
      if (!(await refreshTokenStore(trx).forTenant(tenantId).removeEnded(token))) return;
      const { credentialId } = token;
      await vault.remove(trx, tenantId, credentialId);
      await deps.noteEnd(trx, tenantId, credentialId, how);
    },
    endLater: async ({ credentialId, attempt }: RefreshToken): Promise<void> => {
      const now = world.now();
      const since = attempt?.since ?? now;
      const tried = now.getTime() - since.getTime();
      const pause = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, tried));
      const notBefore = new Date(now.getTime() + pause);
      await refreshTokenStore(trx).forTenant(tenantId).endLater(credentialId, since, notBefore);
    },
  }));

  /** RingCentral revokes a token only for the app that obtained it. */
  const ourApps = (): EndingApp[] =>
    environmentNames.flatMap((environment) => {
      const clientId = deps.signInClientId(environment);
      return clientId === null ? [] : [{ environment, clientId }];
    });

  async function end({ tenantId, credentialId, environment, endsAt }: RefreshToken) {
    if (endsAt <= world.now()) return 'not_revoked';
    const token = await vault.open(tenantId, credentialId);
    if (!token) return 'not_revoked';
    const place = { lane: 'background', tenantId, maxWaitMs: 0 } as const;
    const answer = await deps.ringcentral.revoke({ ...place, environment, token, app: 'sign_in' });
    if (answer.kind === 'wait') return 'no_room';
    if (answer.kind === 'inconclusive') return 'later';
    if (answer.kind === 'accepted') return 'revoked';
    return answer.cause === 'app_misconfigured' ? 'later' : 'not_revoked';
  }

  return async (): Promise<void> => {
    for (const token of await refreshTokenStore(db).ended(world.now(), ourApps(), AT_ONCE)) {
      const { tenantId, credentialId } = token;
      const became = await end(token).catch((err: unknown) => {
        deps.log.warn({ err, tenantId, credentialId }, 'the session of an ended sign-in could not be ended');
        return 'later' as const;
      });
      if (became === 'no_room') return;
      await inTenantLock(tenantId, ({ forget, endLater }) =>
        became === 'later' ? endLater(token) : forget(token, became),
      );
    }
  };
};
