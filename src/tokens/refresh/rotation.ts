import type { Knex, Transaction } from '../../platform/database/database.js';
import type { DatabaseTimes } from '../../platform/database/database-times.js';
import { inLock, lockFor } from '../../platform/database/lock.js';
import type { Sealed } from '../../platform/sealing/sealing.js';
import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { BudgetWait, Outcome, Refused, SignInTokens } from '../../ringcentral/catalogue/outcome.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import type { Environment } from '../../ringcentral/environments.js';
import { accessTokenStore, type KeptToken } from '../access-token-store.js';
import { ownerKey } from '../ringcentral-session-limit.js';
import type { Held, MintAnswer, NoteEnd, RingCentralSession } from '../token-types.js';
import { nextRotationStep, type RotationStep } from './next-rotation-step.js';
import { obtainedFrom, sessionFrom } from './obtained.js';
import { refreshTokenStore, type Claim } from './refresh-token-store.js';
import type { RefreshToken, RefreshTokenVault } from './refresh-token-types.js';
import { placeOf, type Ask, type Place } from './rotation-place.js';

export type RotationDeps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  ringcentral: Pick<TokenClient, 'refresh' | 'revoke'>;
  refreshTokens: RefreshTokenVault;
  /** The client ID of the app with which people sign in; null if none is configured. */
  signInClientId: (environment: Environment) => string | null;
  /** Whether tokens of this credential may still be kept; called in a transaction that holds the tenant's lock. */
  isLiving: (trx: Knex, tenantId: string, credentialId: string) => Promise<boolean>;
  /** RingCentral named the time at which the account's limit ends the session; called in the same transaction. */
  onSessionEnd: (trx: Knex, tenantId: string, credentialId: string, at: Date) => Promise<void>;
  noteEnd: NoteEnd;
};

/** What the keeper of the sessions does for a rotation. */
type Keeper = {
  endpointIdOf: (credentialId: string) => string;
  seal: (session: RingCentralSession) => Promise<Sealed>;
  keptOf: (tenantId: string) => Promise<KeptToken[]>;
  openKept: (tenantId: string, kept: KeptToken) => Promise<RingCentralSession | null>;
  /** Claims, and the lives of tokens, are compared with the database's time, because processes decide together. */
  times: DatabaseTimes;
};

/** The answer to a code, with what is known of the sign-in. */
export type SignIn = Pick<RefreshToken, 'tenantId' | 'credentialId' | 'environment' | 'clientId'> & {
  tokens: SignInTokens & { refreshToken: Secret };
  /** When the request with the code was sent. */
  askedAt: Date;
};

/** `doubtSince`: since when an earlier attempt has no answer; null if there is none. */
type Begun = {
  claim: Claim;
  at: Date;
  until: Date;
  place: Place;
  token: RefreshToken;
  doubtSince: Date | null;
  /** The access tokens of before; none if there is a doubt. */
  withdrawn: readonly { id: string; servesUntil: Date }[];
  /** Whose access tokens are kept: the one who signed in, and the one that staff approved after a refresh named another. */
  owners: readonly (string | null)[];
};

/** A call is made again if the client secret was just changed; each one waits for the auth budget first. */
const CALLS = 2;
/** Longer than a call may last. A request that could not be answered within the claim is not sent. */
const CALL_MS = 20_000;
const toEnd = { maxWaitMs: 20_000, app: 'sign_in' } as const;
/** Another process may begin or end a rotation between two reads. */
const MOST_TRIES = 3;
const AGAIN_MS = 2_000;
/** How long RingCentral accepts a rotated refresh token once more while the new access token is unused. */
const GRACE_MS = 3_600_000;
const LAST_TRIES_MS = 600_000;
const AT_ONCE = 100;

/** RingCentral said that it would end the refresh token by now. */
const over: Refused = { kind: 'refused', cause: 'sign_in_again', codes: [], status: 0, requestId: null };
/** Our app did not obtain the refresh token, so RingCentral would refuse the token. It stays stored. */
const ofAnotherApp: Refused = { kind: 'refused', cause: 'app_misconfigured', codes: [], status: 0, requestId: null };

/**
 * Exchanges the refresh token of a sign-in for the next one and an access token. The attempt is committed before the
 * request is sent, and the old refresh token is kept until the new one is committed: after a crash RingCentral accepts
 * the old one once more, in its grace period. No two rotations of a token are made at once, in whatever process.
 */
export const refreshRotation = (deps: RotationDeps, keeper: Keeper) => {
  const { db, world, ringcentral, refreshTokens: vault } = deps;
  const storesOf = storesWith(keeper.times);
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    ...storesOf(trx, tenantId),
    lockOwner: ({ environment, ownerId }: RefreshToken) => lockFor(trx, 'owner', ownerKey(environment, ownerId)),
    isLiving: (credentialId: string) => deps.isLiving(trx, tenantId, credentialId),
    onSessionEnd: (credentialId: string, at: Date) => deps.onSessionEnd(trx, tenantId, credentialId, at),
    putRefreshToken: (id: string, sealed: Sealed, at: Date) => vault.put(trx, tenantId, id, sealed, at),
    noteFound: (credentialId: string) => deps.noteEnd(trx, tenantId, credentialId, 'found'),
  }));
  const again = (): Held => ({ kind: 'held', until: new Date(world.now().getTime() + AGAIN_MS) });

  async function stepFor(ask: Ask, token: RefreshToken, { accessTokens }: Stores): Promise<RotationStep> {
    const now = world.now();
    return nextRotationStep({
      token,
      accessTokens: await accessTokens.ofCredential(token.credentialId, now),
      clientId: deps.signInClientId(token.environment),
      forJob: ask.lane === 'broker',
      now,
    });
  }

  async function reuse(tenantId: string, id: string): Promise<MintAnswer | null> {
    const kept = (await keeper.keptOf(tenantId)).find((one) => one.id === id);
    const session = kept && (await keeper.openKept(tenantId, kept));
    return session ? { kind: 'minted', session, requestId: null, isKept: true } : null;
  }

  /**
   * Commits the attempt. From then on the access tokens of before are not given to a job: RingCentral may end them.
   *
   * @returns null if the token was rotated or used meanwhile
   */
  const begin = (ask: Ask, { credentialId, version }: RefreshToken): Promise<Begun | null> =>
    inTenantLock(ask.tenantId, async (unit) => {
      const token = await unit.refreshTokens.find(credentialId);
      if (token?.version !== version || !(await unit.isLiving(credentialId))) return null;
      await unit.lockOwner(token); // a job is given an access token in this lock
      const step = await stepFor(ask, token, unit);
      if (step.do !== 'refresh') return null;
      const at = world.now();
      const doubtSince = token.attempt?.since ?? null;
      const place = placeOf(ask, doubtSince);
      const until = new Date(at.getTime() + CALLS * (place.maxWaitMs + CALL_MS));
      const claim = { credentialId, version, attemptId: world.newId() };
      if (!(await unit.refreshTokens.claim(claim, at, until))) return null;
      const withdrawn = await unit.accessTokens.withdrawOf(credentialId);
      return { claim, at, until, place, token, doubtSince, withdrawn, owners: [token.ownerId, ask.pinnedOwnerId] };
    });

  async function rotate(begun: Begun, refreshToken: Secret): Promise<MintAnswer | null> {
    const { token, place, until } = begun;
    const { credentialId, environment } = token;
    let askedAt = world.now();
    const onSend = () => {
      askedAt = world.now();
      if (askedAt.getTime() + CALL_MS > until.getTime()) throw new Error('the claim of this rotation is over');
    };
    const endpointId = keeper.endpointIdOf(credentialId);
    const outcome = await ringcentral.refresh({ ...place, environment, refreshToken, endpointId, onSend });
    if (outcome.kind !== 'accepted') return released(begun, outcome);
    const { value } = outcome;
    const isNew = value.refreshToken !== null && !value.refreshToken.isSame(refreshToken);
    const told = isNew ? outcome : { ...outcome, value: { ...value, refreshToken: null } };
    return store(begun, told, { askedAt, answeredAt: world.now() });
  }

  /** There are no new tokens: either RingCentral has not rotated the refresh token, or that is in doubt. */
  async function released(begun: Begun, outcome: Exclude<Outcome<SignInTokens>, { kind: 'accepted' }> | BudgetWait) {
    const { claim, at, doubtSince, place, token, withdrawn } = begun;
    const isUntried = outcome.kind === 'wait' || (outcome.kind === 'inconclusive' && outcome.cause === 'rate_limited');
    const isAnswered = isUntried || outcome.kind !== 'inconclusive';
    const isDead = outcome.kind === 'refused' && outcome.cause === 'sign_in_again';
    const inDoubtSince = isDead ? null : isAnswered ? doubtSince : (doubtSince ?? at);
    // A check that has no answer is made again anyway; after a job that has none, the worker brings one forward.
    const abandonedAt = !isAnswered && doubtSince === null && place.lane === 'broker' ? world.now() : null;
    const isOurs = await inTenantLock(token.tenantId, async ({ refreshTokens, accessTokens, noteFound }) => {
      if (!(await refreshTokens.release(claim, inDoubtSince, abandonedAt))) {
        // A disconnection counts a rotation under way as a session that cannot be revoked.
        const isKnown = isAnswered && doubtSince === null;
        if ((await refreshTokens.settleEnded(claim, null)) && isKnown) await noteFound(token.credentialId);
        return false;
      }
      if (!isUntried) await accessTokens.forgetOf(token.credentialId);
      else for (const { id, servesUntil } of withdrawn) await accessTokens.giveBack(id, servesUntil);
      return true;
    });
    return isOurs ? outcome : again(); // a late answer about an old token says nothing about the new one
  }

  async function store(
    { claim, token, place, owners }: Begun,
    { value, requestId }: Outcome<SignInTokens> & { kind: 'accepted' },
    times: { askedAt: Date; answeredAt: Date },
  ): Promise<MintAnswer | null> {
    const { tenantId, credentialId, environment } = token;
    const { session, endsAt } = sessionFrom({ id: world.newId(), tenantId, credentialId, environment }, value, times);
    const isOwners = owners.includes(value.ownerId);
    const [accessJwe, refreshJwe] = await Promise.all([
      keeper.seal(session),
      value.refreshToken && vault.seal(tenantId, credentialId, value.refreshToken),
    ]);
    const became = await inTenantLock(tenantId, async (unit) => {
      const obtained = obtainedFrom(value, times, token);
      if (!(await unit.isLiving(credentialId))) {
        if (!(await unit.refreshTokens.settleEnded(claim, obtained))) return 'unwanted';
        if (refreshJwe) await unit.putRefreshToken(credentialId, refreshJwe, times.answeredAt);
        await unit.noteFound(credentialId);
        return 'kept_to_end';
      }
      if (!(await unit.refreshTokens.rotate(claim, obtained, isOwners ? value.ownerId : token.ownerId))) return 'late';
      if (obtained.sessionEndsAt) await unit.onSessionEnd(credentialId, obtained.sessionEndsAt);
      if (refreshJwe) await unit.putRefreshToken(credentialId, refreshJwe, times.answeredAt);
      await unit.accessTokens.forgetOf(credentialId);
      if (isOwners) await unit.accessTokens.keepNew(session, endsAt, accessJwe);
      return 'stored';
    });
    if (became === 'unwanted')
      await ringcentral.revoke({ ...place, ...toEnd, environment, token: session.accessToken });
    if (became === 'unwanted' || became === 'kept_to_end') return null;
    // After `late` another process has the tokens of the same session, so the session must go on.
    if (became !== 'stored') return again();
    return isOwners
      ? { kind: 'minted', session, requestId }
      : { kind: 'foreign_owner', found: { ownerId: value.ownerId } };
  }

  return {
    /**
     * An access token of a sign-in: a kept one for a check, or that of a rotation.
     *
     * @returns null if the credential has no refresh token, or was destroyed or replaced meanwhile
     */
    async mint(ask: Ask): Promise<MintAnswer | null> {
      const { tenantId, credentialId } = ask;
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const token = await storesOf(db, tenantId).refreshTokens.find(credentialId);
        if (!token) return null;
        const step = await stepFor(ask, token, storesOf(db, tenantId));
        if (step.do === 'hold') return { kind: 'held', until: step.until };
        if (step.do === 'refuse') return step.isOver ? over : ofAnotherApp;
        if (step.do === 'reuse') {
          const reused = await reuse(tenantId, step.id);
          if (reused) return reused;
          continue;
        }
        const refreshToken = await vault.open(tenantId, credentialId);
        if (!refreshToken) return null;
        const begun = await begin(ask, token);
        if (begun) return rotate(begun, refreshToken);
      }
      return again();
    },

    /**
     * Calls `onFound` for the rotations without an answer whose process ended, or whose grace period is about to end.
     */
    async findUnanswered(onFound: (tenantId: string, credentialId: string) => Promise<void>): Promise<void> {
      await keeper.times.measured();
      const now = world.now();
      const ago = (ms: number) => new Date(now.getTime() - ms);
      const doubt = { after: ago(GRACE_MS), until: ago(GRACE_MS - LAST_TRIES_MS) };
      for (const { tenantId, credentialId, version, attempt } of await refreshTokenStore(db, keeper.times).unanswered(
        now,
        doubt,
        AT_ONCE,
      )) {
        await onFound(tenantId, credentialId);
        if (attempt?.by == null) continue;
        const claim = { credentialId, version, attemptId: attempt.by };
        await storesOf(db, tenantId).refreshTokens.release(claim, attempt.since);
      }
    },

    /**
     * The session that a code brought, sealed. `write` stores it: its transaction holds the tenant's lock, and has
     * added or found the living credential.
     */
    async signedIn({ tokens, askedAt, ...of }: SignIn): Promise<{
      session: RingCentralSession;
      write: (trx: Knex) => Promise<void>;
    }> {
      const { tenantId, credentialId } = of;
      await keeper.times.measured();
      const times = { askedAt, answeredAt: world.now() };
      const { session, endsAt } = sessionFrom({ id: world.newId(), ...of }, tokens, times);
      const [accessJwe, refreshJwe] = await Promise.all([
        keeper.seal(session),
        vault.seal(tenantId, credentialId, tokens.refreshToken),
      ]);
      const obtained = obtainedFrom(tokens, times, null);
      return {
        session,
        async write(trx) {
          const { refreshTokens, accessTokens } = storesOf(trx, tenantId);
          await refreshTokens.add({ ...of, ...obtained, ownerId: tokens.ownerId });
          await vault.put(trx, tenantId, credentialId, refreshJwe, times.answeredAt);
          await accessTokens.keepNew(session, endsAt, accessJwe);
        },
      };
    },
  };
};

const storesWith = (times: DatabaseTimes) => (db: Knex, tenantId: string) => ({
  accessTokens: accessTokenStore(db, times).forTenant(tenantId),
  refreshTokens: refreshTokenStore(db, times).forTenant(tenantId),
});
type Stores = ReturnType<ReturnType<typeof storesWith>>;
