import { createHash, timingSafeEqual } from 'node:crypto';
import type { Knex } from '../platform/database/database.js';
import type { Secret } from '../platform/secret.js';
import type { World } from '../platform/world.js';
import type { Environment } from '../ringcentral/environments.js';
import type { ApiClient } from '../ringcentral/clients/ringcentral-types.js';
import type { KeptToken } from './access-token-store.js';
import type { RingCentralSessions } from './ringcentral-sessions.js';
import { tokenFlightStore, type Later } from './token-flight-store.js';
import type { MintAnswer, RingCentralSession } from './token-types.js';

/** The user that a tenant's tokens act as, and whether a token may be requested. */
export type TokenSubject = {
  credentialId: string;
  environment: Environment;
  ownerId: string;
  accountId: string;
  /** Why RingCentral refuses the credential, once a refusal is confirmed; else null. */
  failing: string | null;
  /** When a refusal that is not confirmed yet will be checked again; no other call is made before. */
  askedAgainAt: Date | null;
};

export type TokenAnswer =
  | { kind: 'token'; session: RingCentralSession; accountId: string; expiresInSeconds: number }
  /** The tenant has no working credential, so there is no user to act as. */
  | { kind: 'not_connected' }
  /** Someone must fix the credential or the account first. */
  | { kind: 'refused'; cause: string }
  | Later;

type TokenAsk = {
  tenantId: string;
  /** After waiting this long the answer is `later`; default 15,000. */
  maxWaitMs?: number;
  /** When the job first asked. A job that asks again keeps its place in the auth budget. Default now. */
  since?: Date;
};

/** The token that is requested, and the ids of kept tokens that must not be issued for it. */
type Wanted = { tenantId: string; subject: TokenSubject; since: Date; unusable: Set<string> };

/** Why no token was minted, and how long the others are told so without asking RingCentral again. */
type Told = { later: Later | null; forMs: number };

/** What tokens need to know from a tenant's connection, and what they report to it. */
export type TokenEvidence = {
  subjectOf: (tenantId: string) => Promise<TokenSubject | null>;
  /** Whether RingCentral may be asked; not while it refuses our own app. After a yes, ask or call `wasNotAsked`. */
  mayAsk: (environment: Environment) => Promise<boolean>;
  wasNotAsked: (environment: Environment) => Promise<void>;
  /** Called for every mint, because each is evidence about the credential. */
  onMinted: (tenantId: string, credentialId: string) => Promise<void>;
  onRefused: (tenantId: string, credentialId: string) => Promise<void>;
};

type Deps = TokenEvidence & {
  db: Knex;
  world: Pick<World, 'now' | 'newId' | 'wait'>;
  sessions: Pick<RingCentralSessions, 'mint' | 'kept' | 'openKept' | 'issue' | 'drop'>;
  identity: ApiClient['identity'];
  openAssertion: (tenantId: string, credentialId: string) => Promise<Secret>;
};

const DEFAULT_WAIT_MS = 15_000;
/** A new token is requested this long before the old one expires, or a quarter of its lifetime: jobs need some time. */
const RENEW_MS = 300_000;
/** How long a request may wait for the auth budget. */
const BUDGET_WAIT_MS = 15_000;
/** Long enough for two waits for the budget and two calls. After that the flight's process is presumed dead. */
const FLIGHT_MS = 60_000;
const LOOK_MS = 150;
/** How long to wait for the check that judges the refusal. */
const REFUSED_AGAIN_MS = 30_000;
const UNWELL_AGAIN_MS = 10_000;
const APP_AGAIN_MS = 60_000;
const REPORT_EVERY_MS = 60_000;
/** A credential may be replaced while its token is requested, and a token may be withdrawn before it is issued. */
const MOST_ROUNDS = 5;

/**
 * Access tokens for jobs: returns the kept token, or mints one for all waiters in all processes. No other code gives a
 * token to a caller outside the portal.
 */
export const tokenService = (deps: Deps) => {
  const { db, world, sessions } = deps;
  const flightOf = (tenantId: string) => tokenFlightStore(db).forTenant(tenantId);
  const flying = new Map<string, Promise<Later | null>>();
  const inMs = (ms: number) => new Date(world.now().getTime() + ms);

  async function currentToken(ask: TokenAsk): Promise<TokenAnswer> {
    const { tenantId, maxWaitMs = DEFAULT_WAIT_MS, since = world.now() } = ask;
    const deadline = inMs(maxWaitMs);
    const unusable = new Set<string>();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const subject = await deps.subjectOf(tenantId);
      if (!subject) return { kind: 'not_connected' };
      if (subject.failing !== null) return { kind: 'refused', cause: subject.failing };
      const kept = await keptBy(tenantId, subject, unusable);
      const best = bestOf(kept, world.now());
      if (best?.isFresh) {
        const issued = await issue(tenantId, subject, best.kept);
        if (issued) return issued;
        for (const { id, isIssued } of kept) if (!isIssued) unusable.add(id); // if the newest may have ended, so may the others
        continue;
      }
      const answer = subject.askedAgainAt
        ? ({ kind: 'later', until: subject.askedAgainAt, because: 'confirmation' } as const)
        : await mintForAll({ tenantId, subject, since, unusable }, deadline);
      if (answer === null) continue;
      // No new token is available now; the old one still works until it expires.
      const rest = best && (await issue(tenantId, subject, best.kept));
      return rest ?? answer;
    }
    return { kind: 'later', until: deadline, because: 'busy' };
  }

  const keptBy = async (tenantId: string, { credentialId, ownerId }: TokenSubject, unusable = new Set<string>()) =>
    (await sessions.kept(tenantId, credentialId)).filter((one) => one.ownerId === ownerId && !unusable.has(one.id));

  async function issue(tenantId: string, subject: TokenSubject, kept: KeptToken): Promise<TokenAnswer | null> {
    const session = await sessions.openKept(tenantId, kept);
    const expiresInSeconds = Math.floor((kept.servesUntil.getTime() - world.now().getTime()) / 1000);
    if (!session || expiresInSeconds < 1 || !(await sessions.issue(tenantId, kept))) return null;
    return { kind: 'token', session, accountId: subject.accountId, expiresInSeconds };
  }

  /** @returns null if there is, or may be, a token now: the caller looks again */
  async function mintForAll(wanted: Wanted, deadline: Date): Promise<Later | null> {
    const { tenantId } = wanted;
    const flight = flying.get(tenantId) ?? fly(wanted).finally(() => flying.delete(tenantId));
    flying.set(tenantId, flight);
    const over = new AbortController();
    const tooLong = world
      .wait(Math.max(0, deadline.getTime() - world.now().getTime()), over.signal)
      .then((): Later => ({ kind: 'later', until: inMs(UNWELL_AGAIN_MS), because: 'busy' }));
    return Promise.race([flight, tooLong]).finally(() => {
      over.abort();
    });
  }

  /** Asks RingCentral for a token, or waits for the process that is asking. */
  async function fly(wanted: Wanted): Promise<Later | null> {
    const { tenantId, subject, unusable } = wanted;
    const flights = flightOf(tenantId);
    const me = world.newId();
    const before = await flights.find(world.now());
    if (before.later && before.toldUntil && before.toldUntil > world.now()) return before.later;
    if (!(await flights.take(me, world.now(), inMs(FLIGHT_MS)))) {
      const { number } = await flights.find(world.now());
      for (;;) {
        await world.wait(LOOK_MS);
        const flight = await flights.find(world.now());
        if (flight.number !== number) return null;
        if (!flight.isUnderWay) return flight.later;
      }
    }
    let told: Told = { later: null, forMs: 0 };
    try {
      // Another process may have minted a token after we looked and before our flight began.
      const kept = await keptBy(tenantId, subject, unusable);
      if (bestOf(kept, world.now())?.isFresh) return null;
      told = await askRingCentral(wanted);
      return told.later;
    } finally {
      await flights.finish(me, told.later, told.later && inMs(told.forMs));
    }
  }

  async function askRingCentral({ tenantId, subject, since }: Wanted) {
    const { credentialId, environment } = subject;
    if (!(await deps.mayAsk(environment))) return laterFor('app_misconfigured', APP_AGAIN_MS, UNWELL_AGAIN_MS);
    const minted = await sessions.mint({
      lane: 'broker',
      tenantId,
      credentialId,
      environment,
      assertion: await deps.openAssertion(tenantId, credentialId),
      pinnedOwnerId: subject.ownerId,
      maxWaitMs: BUDGET_WAIT_MS,
      since,
    });
    if (minted.kind === 'wait' || minted.kind === 'full') await deps.wasNotAsked(environment);
    if (minted.kind === 'minted') await deps.onMinted(tenantId, credentialId);
    // A check judges the refusal, like every other; a refusal that a job got is not believed before.
    if (minted.kind === 'refused' || minted.kind === 'foreign_owner') await deps.onRefused(tenantId, credentialId);
    return toldOf(minted);
  }

  function toldOf(minted: MintAnswer): Told {
    switch (minted.kind) {
      case 'minted':
        return { later: null, forMs: 0 };
      case 'wait':
        return { later: { kind: 'later', until: minted.until, because: 'budget' }, forMs: 0 };
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

  const laterFor = (because: string, untilMs: number, forMs = untilMs): Told => ({
    later: { kind: 'later', until: inMs(untilMs), because },
    forMs,
  });

  /**
   * A job reports that RingCentral no longer accepts its token. The portal asks RingCentral, which uses no auth budget.
   * A token that RingCentral still accepts is not dropped, so a job's mistake cannot end the sessions of other jobs.
   *
   * @param sha256 the SHA-256 of the token, in hex
   * @returns `unknown` if the token is not kept, or another report came less than a minute earlier
   */
  async function report(tenantId: string, sha256: string): Promise<'dropped' | 'still_good' | 'unknown'> {
    const subject = await deps.subjectOf(tenantId);
    if (!subject || !/^[\da-f]{64}$/i.test(sha256)) return 'unknown';
    const wanted = Buffer.from(sha256, 'hex');
    for (const kept of await keptBy(tenantId, subject)) {
      const session = await sessions.openKept(tenantId, kept);
      if (!session || !timingSafeEqual(sha256Of(session.accessToken), wanted)) continue;
      if (!(await flightOf(tenantId).report(world.now(), inMs(-REPORT_EVERY_MS)))) return 'unknown';
      const answer = await deps.identity(session);
      if (answer.kind !== 'token_rejected') return 'still_good';
      await sessions.drop(session);
      return 'dropped';
    }
    return 'unknown';
  }

  return { currentToken, report };
};

export type TokenService = ReturnType<typeof tokenService>;

const sha256Of = (token: Secret): Buffer => createHash('sha256').update(token.reveal()).digest();

/** Prefers a token that jobs already have, to use as few sessions as possible; then the one that expires last. */
function bestOf(kept: readonly KeptToken[], now: Date): { kept: KeptToken; isFresh: boolean } | null {
  const fresh = kept.filter((one) => one.servesUntil.getTime() - now.getTime() >= renewalMs(one));
  const best = fresh.find(({ isIssued }) => isIssued) ?? fresh[0];
  if (best) return { kept: best, isFresh: true };
  return kept[0] ? { kept: kept[0], isFresh: false } : null;
}

const renewalMs = ({ mintedAt, servesUntil }: KeptToken): number =>
  Math.min(RENEW_MS, (servesUntil.getTime() - mintedAt.getTime()) / 4);
