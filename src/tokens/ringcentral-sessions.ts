import type { Knex } from '../platform/database/database.js';
import { databaseTimes } from '../platform/database/database-times.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { Logger } from '../platform/log.js';
import type { Opener, Sealed, Sealer } from '../platform/sealing/sealing.js';
import { Secret } from '../platform/secret.js';
import type { BudgetWait, Inconclusive, Outcome } from '../ringcentral/catalogue/outcome.js';
import type { BudgetPlace, TokenClient } from '../ringcentral/clients/ringcentral-types.js';
import type { Environment } from '../ringcentral/environments.js';
import { accessTokenStore, type GivenToken, type KeptToken } from './access-token-store.js';
import { keepToEnd } from './ending/ending-session-store.js';
import { openedTokens } from './opened-tokens.js';
import { endpointIdOf, mayBeIssued, ownerKey, roomFor, withSignIns } from './ringcentral-session-limit.js';
import { livesOf } from './refresh/obtained.js';
import { endedSignIns } from './refresh/ended-sign-ins.js';
import { refreshRotation, type RotationDeps, type SignIn } from './refresh/rotation.js';
import { refreshTokenStore } from './refresh/refresh-token-store.js';
import type { MintAnswer, NoteEnd, RingCentralSession, SessionAsk, SessionsFull } from './token-types.js';
import { tokenContextOf } from './token-types.js';

type JwtAsk = SessionAsk & { assertion: Secret };

type Deps = RotationDeps & {
  noteEnd: NoteEnd;
  log: Pick<Logger, 'warn'>;
  databaseTime?: ((db: Knex) => Promise<number>) | undefined;
  /** Uses the key for secrets that live for an hour. */
  sealing: Sealer & Opener;
  ringcentral: Pick<TokenClient, 'mint' | 'refresh' | 'revoke'>;
  /** The user that a credential claims to act as; null if there is no such claim. */
  claimedOwner: (assertion: Secret) => string | null;
};

/** The longest lifetime that RingCentral gives a token, plus a minute for the request and its answer. */
const LONGEST_MS = 3_600_000 + 60_000;
/** The budget spaces calls that no person waits for, so there is no room for another call right after a mint. */
const END_WAIT_MS = 20_000;
/** Each try ends at most one session to make room, and another process may use that room first. */
const MOST_TRIES = 4;
const DAY_MS = 86_400_000;

/** Begins RingCentral sessions, counts them and keeps their tokens sealed. No other code begins sessions of tenants. */
export const ringCentralSessions = (deps: Deps) => {
  const { db, transaction, world, sealing, ringcentral, noteEnd } = deps;
  const times = databaseTimes(deps);
  const storeOf = (tenantId: string) => accessTokenStore(db, times).forTenant(tenantId);
  const opened = openedTokens(world);
  /** Requests that come together issue a token in one transaction. */
  const issuing = new Map<string, Promise<boolean>>();
  const inOwnerLock = inLock(transaction, 'owner', (trx) => ({
    tokens: accessTokenStore(trx, times),
    knownOf: async (environment: Environment, ownerId: string) =>
      withSignIns(
        await accessTokenStore(trx, times).ofOwner(environment, ownerId),
        await refreshTokenStore(trx, times).ofOwner(environment, ownerId),
      ),
  }));

  /** Stores the session before it can begin, so that it is counted even if this process is killed. */
  async function reserve(ask: JwtAsk): Promise<string | SessionsFull | BudgetWait | Inconclusive> {
    const { tenantId, credentialId, environment, narrowedTo = null } = ask;
    const ownerId = ask.pinnedOwnerId ?? deps.claimedOwner(ask.assertion);
    const id = world.newId();
    const write = (tokens: ReturnType<typeof storeOf>, askedAt: Date): Promise<void> =>
      tokens.reserve(
        id,
        { credentialId, environment, ownerId, narrowedTo },
        askedAt,
        new Date(askedAt.getTime() + LONGEST_MS),
      );
    if (ownerId === null) return write(storeOf(tenantId), world.now()).then(() => id);
    let full: SessionsFull = { kind: 'full', until: world.now() };
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const answer = await inOwnerLock(ownerKey(environment, ownerId), async ({ tokens, knownOf }) => {
        const now = world.now();
        const sessions = await knownOf(environment, ownerId);
        const room = roomFor(sessions, now);
        if (room.kind === 'full') return room;
        const spare = room.kind === 'end' && sessions.find(({ id }) => id === room.id);
        if (spare) return { kind: 'end' as const, ...spare };
        return write(tokens.forTenant(tenantId), now);
      });
      if (!answer) return id;
      if (answer.kind === 'full') return answer;
      const ended = await endUnused(ask, answer);
      if (ended?.kind === 'wait') return ended;
      full = { kind: 'full', until: answer.endsAt };
    }
    return full;
  }

  /** Ends a session whose token was given to no job, which makes room for another one. */
  async function endUnused(ask: SessionAsk, { id, tenantId }: { id: string; tenantId: string }) {
    const taken = await storeOf(tenantId).takeBack(id);
    const accessToken = taken && (await unseal(tenantId, { id, jwe: taken.jwe }));
    if (!accessToken) return undefined;
    const ended = await revoke(ask, { id, tenantId, accessToken });
    if (ended.kind === 'wait') await storeOf(tenantId).giveBack(id, taken.servesUntil);
    return ended;
  }

  async function revoke(
    place: Omit<BudgetPlace, 'tenantId'> & Pick<SessionAsk, 'environment'>,
    { id, tenantId, accessToken }: Pick<RingCentralSession, 'id' | 'tenantId' | 'accessToken'>,
  ): Promise<Outcome<null> | BudgetWait> {
    const outcome = await ringcentral.revoke({ ...place, tenantId, token: accessToken });
    // If it was not ended, the session lives for up to an hour: its token is deleted, and it is still counted.
    if (outcome.kind === 'accepted') await storeOf(tenantId).remove(id);
    else if (outcome.kind !== 'wait') await storeOf(tenantId).forget(id);
    return outcome;
  }

  async function unseal(tenantId: string, { id, jwe }: { id: string; jwe: string }): Promise<Secret | null> {
    try {
      return new Secret(await sealing.open(jwe, tokenContextOf(tenantId, id)));
    } catch (err) {
      // A new token costs one call. Only the credential must not be lost.
      deps.log.warn({ err, tenantId, accessTokenId: id }, 'a kept access token does not open, and was given up');
      await storeOf(tenantId).forget(id);
      return null;
    }
  }

  const seal = ({ tenantId, id, accessToken }: RingCentralSession): Promise<Sealed> =>
    sealing.seal(accessToken.reveal(), tokenContextOf(tenantId, id));

  /** @param trx holds the tenant's lock: a token of a credential that has ended meanwhile is only kept to be revoked */
  async function keepSealed(trx: Knex, session: RingCentralSession, sealed: Sealed): Promise<void> {
    const { tenantId, credentialId } = session;
    const tokens = accessTokenStore(trx, times).forTenant(tenantId);
    if (await deps.isLiving(trx, tenantId, credentialId)) return tokens.keep(session, sealed);
    await keepToEnd(trx, times, session, sealed);
    // One that was asked for after the disconnection is in no count of it.
    if (await tokens.writeOff(session.id, null)) await noteEnd(trx, tenantId, credentialId, 'found');
  }

  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    tokens: accessTokenStore(trx, times).forTenant(tenantId),
    keepToEnd: (session: RingCentralSession, sealed: Sealed) => keepToEnd(trx, times, session, sealed),
    ...boundTo(trx, { keepSealed }),
  }));

  /** Records that a session has begun, and keeps its token if `isOurs`: its owner is the pinned one. */
  async function keep(session: RingCentralSession, endsAt: Date, isOurs: boolean) {
    const { tenantId, id, ownerId, mintedAt: answeredAt } = session;
    const answer = { ownerId, answeredAt, endsAt };
    if (!isOurs) return storeOf(tenantId).answered(id, answer);
    const sealed = await seal(session);
    await inTenantLock(tenantId, async ({ tokens, keepSealed }) => {
      await tokens.answered(id, answer);
      await keepSealed(session, sealed);
    });
  }

  /** The valid tokens of a tenant, the one that expires last first. */
  async function keptOf(tenantId: string): Promise<KeptToken[]> {
    await times.measured();
    return storeOf(tenantId).kept(world.now());
  }

  /** @returns null if the token cannot be opened, and is deleted then, or is no longer kept */
  async function openKept(tenantId: string, kept: KeptToken): Promise<RingCentralSession | null> {
    const accessToken = await opened.open(kept, async () => {
      const jwe = await storeOf(tenantId).ciphertext(kept.id);
      return jwe === undefined ? null : unseal(tenantId, { id: kept.id, jwe });
    });
    return accessToken && { ...kept, tenantId, accessToken };
  }

  const signIns = refreshRotation(deps, { endpointIdOf, seal, keptOf, openKept, times });

  /**
   * Begins a session. Uses one call of the auth budget, two if another session must be ended first. If an owner is
   * pinned, the token is kept immediately; otherwise the caller judges the session, then keeps its token or ends it.
   */
  async function mintByJwt(ask: JwtAsk): Promise<MintAnswer> {
    const id = await reserve(ask);
    if (typeof id !== 'string') return id;
    const { tenantId, credentialId, environment, pinnedOwnerId, narrowedTo } = ask;
    let askedAt = world.now();
    const onSend = () => {
      askedAt = world.now();
    };
    const minted = await ringcentral.mint({
      ...ask,
      ...(narrowedTo ? { scopes: narrowedTo.split(' ') } : {}),
      keepsPlace: ask.lane === 'broker',
      endpointId: endpointIdOf(ask.endpointOf ?? tenantId),
      onSend,
    });
    const store = storeOf(tenantId);
    const now = world.now();
    if (minted.kind !== 'accepted') {
      const mayHaveBegun = minted.kind === 'inconclusive' && minted.cause !== 'rate_limited';
      if (!mayHaveBegun) await store.remove(id);
      else await store.answered(id, { answeredAt: now, endsAt: new Date(now.getTime() + LONGEST_MS) });
      return minted;
    }
    const { ownerId, accessToken, expiresInSeconds } = minted.value;
    const { servesUntil, endsAt } = livesOf(expiresInSeconds, { askedAt, answeredAt: now });
    const token = { ownerId, accessToken, scopes: minted.value.scopes, askedAt, mintedAt: now, servesUntil };
    const session: RingCentralSession = { id, tenantId, credentialId, environment, ...token };
    await keep(session, endsAt, ownerId === pinnedOwnerId);
    if (pinnedOwnerId === null || ownerId === pinnedOwnerId)
      return { kind: 'minted', session, requestId: minted.requestId };
    await revoke({ ...ask, maxWaitMs: END_WAIT_MS }, session); // its token was never kept; it lives an hour if the budget has no room
    return { kind: 'foreign_owner', found: { ownerId } };
  }

  return {
    /**
     * An access token of a session that is begun for it, or, of a sign-in, the access token of its session. null as the
     * assertion of a credential that has no refresh token means that it was destroyed meanwhile.
     */
    async mint(ask: SessionAsk): Promise<MintAnswer> {
      const { assertion } = ask;
      await times.measured();
      if (assertion !== null) return mintByJwt({ ...ask, assertion });
      return (await signIns.mint(ask)) ?? { kind: 'held', until: world.now() };
    },

    endSignIns: endedSignIns(deps),
    signedIn: (signIn: SignIn) => signIns.signedIn(signIn),
    findUnanswered: (onFound: (tenantId: string, credentialId: string) => Promise<void>) =>
      signIns.findUnanswered(onFound),

    /** The credentials that people gave by signing in: they have no assertion. */
    signInsOf: (tenantId: string): Promise<readonly string[]> =>
      refreshTokenStore(db, times).forTenant(tenantId).credentialIds(),

    seal,
    keepSealed,

    keptOf,

    /** The valid tokens of a credential with all scopes, the one that expires last first. */
    kept: async (tenantId: string, credentialId: string): Promise<KeptToken[]> =>
      (await keptOf(tenantId)).filter((one) => one.credentialId === credentialId && one.narrowedTo === null),

    openKept,

    /** @returns false if the token was withdrawn meanwhile, or younger sessions may have ended its session */
    issue(tenantId: string, { id, credentialId, environment, ownerId, isIssued }: KeptToken): Promise<boolean> {
      if (isIssued) return Promise.resolve(true);
      const issued =
        issuing.get(id) ??
        inOwnerLock(ownerKey(environment, ownerId), async ({ tokens, knownOf }) => {
          const sessions = await knownOf(environment, ownerId);
          const of = sessions.some((one) => one.isSignIn && one.id === credentialId) ? credentialId : id;
          // A token that is not issued is still kept: without the token its session could not be ended to make room.
          return mayBeIssued(sessions, of, world.now()) && tokens.forTenant(tenantId).issue(id, world.now());
        }).finally(() => issuing.delete(id));
      issuing.set(id, issued);
      return issued;
    },

    /** @returns whether no job has reported this token since `before` */
    report: (tenantId: string, id: string, before: Date): Promise<boolean> =>
      storeOf(tenantId).report(id, world.now(), before),

    /** Deletes a session whose token RingCentral no longer accepts: the session has ended. */
    drop: ({ tenantId, id }: Pick<RingCentralSession, 'tenantId' | 'id'>): Promise<void> =>
      storeOf(tenantId).remove(id),

    /**
     * Ends the session at RingCentral if the budget has room for that. Its token is deleted in either case. The session of
     * a sign-in goes on, because its refresh token is the credential.
     */
    async end(place: Omit<BudgetPlace, 'maxWaitMs'>, session: RingCentralSession): Promise<void> {
      const { tenantId, credentialId, id } = session;
      if (await refreshTokenStore(db, times).forTenant(tenantId).find(credentialId))
        return storeOf(tenantId).forget(id);
      const ended = await revoke({ ...place, maxWaitMs: END_WAIT_MS, environment: session.environment }, session);
      if (ended.kind === 'wait') await storeOf(session.tenantId).forget(session.id);
    },

    /** Ends the session of a retired JWT. If that is not possible now, its token is kept, and the worker revokes it later. */
    async endOrKeep(place: Omit<BudgetPlace, 'maxWaitMs'>, session: RingCentralSession): Promise<void> {
      const ended = await revoke({ ...place, maxWaitMs: END_WAIT_MS, environment: session.environment }, session);
      if (ended.kind === 'accepted') return;
      const sealed = await seal(session);
      await inTenantLock(session.tenantId, ({ keepToEnd }) => keepToEnd(session, sealed));
    },

    /** For which credentials of any tenant RingCentral gave a token that was asked after `since`, the newest first. */
    givenSince: (environment: Environment, since: Date, limit: number): Promise<GivenToken[]> =>
      times.measured().then(() => accessTokenStore(db, times).givenSince(environment, since, limit)),

    /** Deletes tokens in the first round of housekeeping after they expire, and sessions a day after they end. */
    prune: async (): Promise<void> => {
      await times.measured();
      const now = world.now();
      return accessTokenStore(db, times).prune(now, new Date(now.getTime() - DAY_MS));
    },
  };
};

export type RingCentralSessions = ReturnType<typeof ringCentralSessions>;

export { endTokensOf, forgetTokensOf } from './ending/end-tokens.js';
