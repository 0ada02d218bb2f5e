import type { Knex, Transaction } from '../../platform/database/database.js';
import { databaseTimes } from '../../platform/database/database-times.js';
import { inLock } from '../../platform/database/lock.js';
import type { Logger } from '../../platform/log.js';
import type { Opener } from '../../platform/sealing/sealing.js';
import { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import { accessTokenStore } from '../access-token-store.js';
import { refreshTokenStore } from '../refresh/refresh-token-store.js';
import { tokenContextOf, type NoteEnd, type SessionEnd } from '../token-types.js';
import { endingSessionStore, type EndingSession } from './ending-session-store.js';

/**
 * The sessions of a credential at its end. `waiting`: a death check began them, and they were to be revoked already.
 * `endBy`: when the last of those that cannot be revoked ends by itself.
 */
export type Withdrawn = { toRevoke: number; waiting: number; notRevocable: number; endBy: Date | null };

/**
 * Withdraws the tokens of a credential in the transaction that disconnects: from its commit on no process issues one. The
 * worker revokes their sessions afterwards. Needs no key.
 */
export async function withdrawTokensOf(
  trx: Knex,
  tenantId: string,
  credentialId: string,
  now: Date,
): Promise<Withdrawn> {
  const tokens = accessTokenStore(trx).forTenant(tenantId);
  const ending = endingSessionStore(trx).forTenant(tenantId);
  const waiting = await ending.idsOf(credentialId);
  let toRevoke = 0;
  const left: Date[] = [];
  for (const { id, environment, endsAt } of await tokens.ofCredential(credentialId, now)) {
    if (waiting.includes(id)) continue; // noted once it is over
    const jwe = await tokens.ciphertext(id);
    if (jwe === undefined) {
      left.push(endsAt);
      await tokens.writeOff(id, now);
    } else {
      await ending.add({ id, credentialId, environment, jwe, endsAt });
      toRevoke += 1;
    }
  }
  await tokens.forgetOf(credentialId);
  const endBy = left.length > 0 ? new Date(Math.max(...left.map(Number))) : null;
  return { toRevoke, waiting: waiting.length, notRevocable: left.length, endBy };
}

/**
 * The credentials of a tenant with sessions that RingCentral may still accept, also those that ended earlier: by access
 * tokens that jobs may have, and by sessions that wait to be revoked.
 */
export async function credentialsWithSessions(trx: Knex, tenantId: string, now: Date): Promise<string[]> {
  // One after the other: a transaction has one connection.
  const issued = await accessTokenStore(trx).forTenant(tenantId).withSessions(now);
  const ending = await endingSessionStore(trx).forTenant(tenantId).credentialIds();
  const signIns = await refreshTokenStore(trx).forTenant(tenantId).endingIds();
  return [...new Set([...issued, ...ending, ...signIns])].sort();
}

/** Sessions that RingCentral may still accept. */
export type SessionsLeft = { uncounted: number; ends: Date[] };

/**
 * The sessions of this credential that still live although they were not revoked. Those that RingCentral refused to end
 * are noted already. Not counted yet are those that began after `since`: a process that died between the token of a death
 * check and its revocation leaves one, whose token no one has.
 */
export const sessionsLeft = async (
  db: Knex,
  tenantId: string,
  credentialId: string,
  { since, now }: { since: Date; now: Date },
): Promise<SessionsLeft> => {
  const living = await accessTokenStore(db).forTenant(tenantId).ofCredential(credentialId, now);
  const left = living.filter(({ askedAt, isWrittenOff }) => isWrittenOff || askedAt > since);
  return { uncounted: left.filter((one) => !one.isWrittenOff).length, ends: left.map(({ endsAt }) => endsAt) };
};

/** Whether a session of one of these credentials still waits to be revoked. */
export const hasEndingSessions = async (
  db: Knex,
  tenantId: string,
  credentialIds: readonly string[],
): Promise<boolean> =>
  (await endingSessionStore(db).forTenant(tenantId).has(credentialIds)) ||
  (await refreshTokenStore(db).forTenant(tenantId).isEnding(credentialIds));

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now'>;
  log: Pick<Logger, 'warn'>;
  databaseTime?: ((db: Knex) => Promise<number>) | undefined;
  sealing: Opener;
  ringcentral: Pick<TokenClient, 'revoke'>;
  noteEnd: NoteEnd;
};

const AT_ONCE = 100;
const PAUSE_MS = 60_000;

/**
 * The worker's part: revokes the sessions of credentials that are no longer used (RFC 7009). What cannot be revoked now is
 * tried again until the session has ended by itself. If the auth budget has no room, the round is over.
 */
export const endingSessions = (deps: Deps) => {
  const { db, world } = deps;
  const times = databaseTimes(deps);
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    tryLater: (id: string, at: Date) => endingSessionStore(trx).forTenant(tenantId).tryLater(id, at),
    over: async ({ id, credentialId }: EndingSession, how: SessionEnd): Promise<void> => {
      if (!(await endingSessionStore(trx).forTenant(tenantId).remove(id))) return;
      // RingCentral counts a session until it has ended.
      const tokens = accessTokenStore(trx).forTenant(tenantId);
      if (how === 'revoked') await tokens.remove(id);
      else await tokens.writeOff(id, world.now());
      await deps.noteEnd(trx, tenantId, credentialId, how);
    },
  }));

  async function end({ id, tenantId, environment, jwe, endsAt }: EndingSession) {
    if (endsAt <= world.now()) return 'not_revoked';
    const token = new Secret(await deps.sealing.open(jwe, tokenContextOf(tenantId, id)));
    const answer = await deps.ringcentral.revoke({ lane: 'background', tenantId, maxWaitMs: 0, environment, token });
    if (answer.kind === 'accepted') return 'revoked';
    if (answer.kind === 'wait') return 'no_room';
    if (answer.kind === 'inconclusive') return 'later';
    return answer.cause === 'app_misconfigured' ? 'later' : 'not_revoked';
  }

  return async (): Promise<void> => {
    await times.measured();
    for (const session of await endingSessionStore(db, times).due(world.now(), AT_ONCE)) {
      const { id, tenantId } = session;
      const became = await end(session).catch((err: unknown) => {
        deps.log.warn({ err, tenantId, accessTokenId: id }, 'a session could not be revoked');
        return 'later' as const;
      });
      if (became === 'no_room') return;
      await inTenantLock(tenantId, ({ over, tryLater }) =>
        became === 'later' ? tryLater(id, new Date(world.now().getTime() + PAUSE_MS)) : over(session, became),
      );
    }
  };
};
