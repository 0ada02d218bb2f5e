import type { Knex } from '../platform/database/database.js';
import { SealingOpenError } from '../platform/sealing/sealing.js';
import type { Secret } from '../platform/secret.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import { appNameOf } from '../ringcentral/environments.js';
import type { ApiClient } from '../ringcentral/clients/ringcentral-types.js';
import { bestOf, isWorth } from './best-token.js';
import type { RingCentralSessions } from './ringcentral-sessions.js';
import type { Later } from './token-flight-store.js';
import { kindOf, tokenFlights, type Landed } from './token-flights.js';
import { tokenReports } from './token-reports.js';
import type { KeptToken } from './access-token-store.js';
import type { MintAnswer, RingCentralSession, TokenEvidence, TokenSubject } from './token-types.js';

export type TokenAnswer =
  | ({ kind: 'token'; session: RingCentralSession; expiresInSeconds: number; isRenewed: boolean } & Pick<
      TokenSubject,
      'accountId' | 'faxExtensions'
    >)
  /** The tenant has no working credential, so there is no user to act as. */
  | { kind: 'not_connected'; since: Date | null }
  /** Someone must fix the credential or the account first. */
  | { kind: 'refused'; cause: string; since: Date }
  /** The tenant has a token with other scopes that are fewer than all, until then. */
  | { kind: 'other_scopes'; until: Date }
  | Later;

export type TokenAsk = {
  tenantId: string;
  /** After waiting this long the answer is `later`; default 15,000. */
  maxWaitMs?: number;
  /** The scopes of the token, in order, if they are fewer than all; default: all that the portal requests. */
  scopes?: string;
  /** The token must live so long: up to three quarters of the life of a new one. Default 0. */
  minTtlSeconds?: number;
};

/** The token that is requested, and the ids of kept tokens that must not be issued for it. */
type Wanted = {
  tenantId: string;
  subject: TokenSubject;
  /** Whether a person gave the credential by signing in: its access token has all scopes, and one job's refresh ends it. */
  isSignIn: boolean;
  scopes: string;
  minTtlMs: number;
  unusable: Set<string>;
  /** Called if this request's own flight minted a token. */
  onMinted: () => void;
};

type Deps = TokenEvidence & {
  db: Knex;
  world: Pick<World, 'now' | 'newId' | 'wait'>;
  sessions: Pick<RingCentralSessions, 'mint' | 'signInsOf' | 'keptOf' | 'openKept' | 'issue' | 'drop' | 'report'>;
  identity: ApiClient['identity'];
  /** @returns null if the credential has been destroyed @throws {SealingOpenError} if no key opens it */
  openAssertion: (tenantId: string, credentialId: string) => Promise<Secret | null>;
  log: Pick<Logger, 'error'>;
};

export const DEFAULT_WAIT_MS = 15_000;
/** A token must still live as long as a job asked for when the job is answered, after the commit of the audit row. */
const ANSWER_MS = 5_000;
/** How long a request may wait for the auth budget. */
const BUDGET_WAIT_MS = 15_000;
/** How long to wait for the check that judges the refusal. */
const REFUSED_AGAIN_MS = 30_000;
const UNWELL_AGAIN_MS = 10_000;
const SESSIONS_AGAIN_MS = 60_000;
/** How long a wait for the auth budget is repeated to callers before the budget is asked again. */
const BUDGET_AGAIN_MS = 60_000;
const APP_AGAIN_MS = 60_000;
/** How long until someone may have restored the key that opens a credential. */
const KEY_AGAIN_MS = 60_000;
/** A credential may be replaced while its token is requested, and a token may be withdrawn before it is issued. */
const MOST_ROUNDS = 5;

/**
 * Access tokens for jobs: returns the kept token, or mints one for all waiters in all processes. No other code gives a
 * token to a caller outside the portal.
 */
export const tokenService = (deps: Deps) => {
  const { world, sessions } = deps;
  const flights = tokenFlights(deps);
  const inMs = (ms: number) => new Date(world.now().getTime() + ms);

  async function currentToken(ask: TokenAsk): Promise<TokenAnswer> {
    const { tenantId, maxWaitMs = DEFAULT_WAIT_MS } = ask;
    const deadline = inMs(maxWaitMs);
    const minTtlMs = ask.minTtlSeconds ? ask.minTtlSeconds * 1000 + ANSWER_MS : 0;
    const unusable = new Set<string>();
    let hasMinted = false;
    const onMinted = () => {
      hasMinted = true;
    };
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const [subject, all, signIns] = await Promise.all([
        deps.subjectOf(tenantId),
        sessions.keptOf(tenantId),
        sessions.signInsOf(tenantId),
      ]);
      if (subject.credentialId === null) {
        const { since, waitsFor } = subject;
        return waitsFor && since ? { kind: 'refused', cause: waitsFor, since } : { kind: 'not_connected', since };
      }
      if (subject.failing !== null) return { kind: 'refused', ...subject.failing };
      const isSignIn = signIns.includes(subject.credentialId);
      const scopes = isSignIn ? '' : (ask.scopes ?? '');
      const wanted: Wanted = { tenantId, subject, isSignIn, scopes, minTtlMs, unusable, onMinted };
      const { kept, other } = keptFor(wanted, all);
      if (other) return { kind: 'other_scopes', until: other.servesUntil };
      const best = bestOf(kept, minTtlMs, world.now());
      if (best && isEnough(wanted, best)) {
        const issued = await issue(wanted, best.kept, hasMinted);
        if (issued) return issued;
        // Younger sessions may have ended this one. A refresh does not make it younger, so the job waits until they end.
        if (isSignIn && (await sessions.keptOf(tenantId)).some(({ id }) => id === best.kept.id))
          return { kind: 'later', until: inMs(SESSIONS_AGAIN_MS), because: 'sessions' };
        for (const { id, isIssued } of kept) if (!isIssued) unusable.add(id); // if the newest may have ended, so may the others
        continue;
      }
      const answer = subject.askedAgainAt
        ? ({ kind: 'later', until: subject.askedAgainAt, because: 'confirmation' } as const)
        : await mintForAll(wanted, deadline);
      if (answer === null) continue;
      // No new token is available now; the old one still works until it expires.
      const rest = best && isWorth(best.kept, minTtlMs, world.now()) && (await issue(wanted, best.kept, false));
      return rest || answer;
    }
    return { kind: 'later', until: inMs(UNWELL_AGAIN_MS), because: 'busy' };
  }

  /** A token of a sign-in that a job has is not renewed early: a refresh would end the token. */
  const isEnough = (
    { isSignIn, minTtlMs }: Wanted,
    { kept, isFresh }: NonNullable<ReturnType<typeof bestOf<KeptToken>>>,
  ) => isFresh || (isSignIn && kept.isIssued && isWorth(kept, minTtlMs, world.now()));

  /** Of these tokens, those with exactly the wanted scopes; `other`: one with other scopes that are fewer than all. */
  function keptFor({ subject, scopes, unusable }: Wanted, all: readonly KeptToken[]) {
    const { credentialId, ownerId } = subject;
    const usable = all.filter(
      (one) =>
        one.credentialId === credentialId &&
        one.ownerId === ownerId &&
        kindOf(one.narrowedTo ?? '') === kindOf(scopes) &&
        !unusable.has(one.id),
    );
    const isWanted = ({ narrowedTo }: KeptToken) => (narrowedTo ?? '') === scopes;
    return { kept: usable.filter(isWanted), other: usable.find((one) => !isWanted(one)) };
  }

  async function issue(
    { tenantId, subject }: Wanted,
    kept: KeptToken,
    isRenewed: boolean,
  ): Promise<TokenAnswer | null> {
    const session = await sessions.openKept(tenantId, kept);
    const expiresInSeconds = Math.floor((kept.servesUntil.getTime() - world.now().getTime()) / 1000);
    if (!session || expiresInSeconds < 1 || !(await sessions.issue(tenantId, kept))) return null;
    const { accountId, faxExtensions } = subject;
    return { kind: 'token', session, accountId, faxExtensions, expiresInSeconds, isRenewed };
  }

  /** @returns null if there is, or may be, a token now: the caller looks again */
  async function mintForAll(wanted: Wanted, deadline: Date): Promise<Later | null> {
    const { tenantId, scopes, subject } = wanted;
    const flight = flights.join({ tenantId, scopes, credentialId: subject.credentialId }, () => mintFor(wanted));
    const over = new AbortController();
    const tooLong = world
      .wait(Math.max(0, deadline.getTime() - world.now().getTime()), over.signal)
      .then((): Later => ({ kind: 'later', until: inMs(UNWELL_AGAIN_MS), because: 'busy' }));
    return Promise.race([flight, tooLong]).finally(() => {
      over.abort();
    });
  }

  async function mintFor(wanted: Wanted): Promise<Landed> {
    // Another process may have minted a token after we looked and before our flight began.
    const { kept, other } = keptFor(wanted, await sessions.keptOf(wanted.tenantId));
    if (other || bestOf(kept, wanted.minTtlMs, world.now())?.isFresh) return { later: null, forMs: 0 };
    return askRingCentral(wanted);
  }

  async function askRingCentral({ tenantId, subject, isSignIn, scopes, onMinted }: Wanted) {
    const { credentialId, environment } = subject;
    const assertion = isSignIn ? null : await openedFor(tenantId, () => deps.openAssertion(tenantId, credentialId));
    if (assertion === null && !isSignIn) return { later: null, forMs: 0 }; // the caller looks again, and finds what replaced it
    if (assertion === 'unreadable') return laterFor('unreadable', KEY_AGAIN_MS, UNWELL_AGAIN_MS);
    const app = appNameOf(environment, isSignIn ? 'sign_in' : 'jwt');
    if (!(await deps.mayAsk(app))) return laterFor('app_misconfigured', APP_AGAIN_MS, UNWELL_AGAIN_MS);
    const ask = { tenantId, credentialId, environment, assertion, pinnedOwnerId: subject.ownerId } as const;
    const minted = await openedFor(tenantId, () =>
      sessions.mint({ ...ask, lane: 'broker', narrowedTo: scopes || null, maxWaitMs: BUDGET_WAIT_MS }),
    );
    if (minted === 'unreadable' || !wasSent(minted)) await deps.wasNotAsked(app);
    if (minted === 'unreadable') return laterFor('unreadable', KEY_AGAIN_MS, UNWELL_AGAIN_MS);
    if (minted.kind === 'minted') {
      onMinted();
      await deps.onMinted(tenantId, credentialId);
    }
    // A check judges the refusal, like every other; a refusal that a job got is not believed before.
    const isRefused = minted.kind === 'refused' || minted.kind === 'foreign_owner';
    if (isRefused && wasSent(minted)) await deps.onRefused(tenantId, credentialId);
    return landedOf(minted);
  }

  /** @param work opens the credential */
  async function openedFor<T>(tenantId: string, work: () => Promise<T>): Promise<T | 'unreadable'> {
    try {
      return await work();
    } catch (err) {
      if (!(err instanceof SealingOpenError)) throw err;
      deps.log.error({ err, tenantId }, 'a credential cannot be opened, so no token was minted');
      return 'unreadable';
    }
  }

  function landedOf(minted: MintAnswer): Landed {
    switch (minted.kind) {
      case 'minted':
        return { later: null, forMs: 0 };
      case 'wait':
        return toldUntil('budget', minted.until);
      case 'held':
        // Past: the credential was replaced, so the caller looks again.
        return { later: minted.until > world.now() ? { ...minted, kind: 'later', because: 'busy' } : null, forMs: 0 };
      case 'full':
        return { later: { kind: 'later', until: minted.until, because: 'sessions' }, forMs: 0 };
      case 'foreign_owner':
        return laterFor('account_mismatch', REFUSED_AGAIN_MS);
      case 'refused':
        return laterFor(minted.cause, REFUSED_AGAIN_MS);
      case 'inconclusive':
        return laterFor(minted.cause, Math.max(minted.retryAfterMs ?? 0, UNWELL_AGAIN_MS));
    }
  }

  /** Repeated until then, but not for long: someone ahead in the auth budget may not come back. */
  const toldUntil = (because: string, until: Date): Landed => ({
    later: { kind: 'later', until, because },
    forMs: Math.min(Math.max(0, until.getTime() - world.now().getTime()), BUDGET_AGAIN_MS),
  });

  const laterFor = (because: string, untilMs: number, forMs = untilMs): Landed => ({
    later: { kind: 'later', until: inMs(untilMs), because },
    forMs,
  });

  return { currentToken, report: tokenReports(deps) };
};

export type TokenService = ReturnType<typeof tokenService>;

/** Whether RingCentral was asked; we refuse ourselves what it would refuse. */
const wasSent = (minted: MintAnswer): boolean =>
  minted.kind === 'refused' ? minted.status !== 0 : !['wait', 'full', 'held'].includes(minted.kind);
