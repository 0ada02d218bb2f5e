import { createHash } from 'node:crypto';
import { defaultSessionRules, noLimits, type SessionLimits, type SessionRules } from './session-rules.js';
import type { App, Extension } from './world-types.js';

export type Session = {
  id: string;
  endpointId: string;
  clientId: string;
  extensionId: string;
  /** whether a person signed in for it; false: a JWT opened it */
  isSignIn: boolean;
  startedAt: number;
  lastUsedAt: number;
  /** the account's limits when the session began */
  limits: SessionLimits;
  /** the app's scopes when the session began; a changed app affects only new sessions */
  scopes: string[];
  accessTtlSeconds: number;
  refreshTtlSeconds: number;
  accessToken: string;
  accessExpiresAt: number;
  accessFirstUsedAt: number | null;
  refreshToken: string | null;
  refreshExpiresAt: number;
  previousRefresh: { token: string; supersededAt: number } | null;
  /** whether the last answer had the refresh token in it */
  showsRefresh: boolean;
};

export type TokenParameters = {
  scopes: string[];
  endpointId: string | undefined;
  accessTtlSeconds: number;
  /** 0 means no refresh token */
  refreshTtlSeconds: number;
};

export type AccessCheck = { kind: 'live'; session: Session } | { kind: 'unparsable' | 'unknown' | 'expired' };
export type RefreshCheck =
  | { kind: 'live'; session: Session; again: boolean }
  | { kind: 'reused'; session: Session }
  | { kind: 'unknown' | 'expired' | 'revoked' | 'limit_reached' };
export type Opening = { isSignIn: boolean; limits: SessionLimits };

const dataCentre = Buffer.from('SJC11P01PAS00|AAB_EMULATOR|').toString('base64url');
const perOwnerAndApp = 5;
const graceUnusedMs = 60 * 60_000;
const graceUsedMs = 10_000;

/**
 * The text of a token: opaque, shaped like a real one, and it decodes to the word EMULATOR. It is derived from an id,
 * so that a test that knows the ids can search for the tokens.
 */
export const token = (kind: 'access' | 'refresh', id: string): string =>
  dataCentre + createHash('sha512').update(`${kind} ${id}`).digest('base64url');

/** When the absolute limit ends a session; null: never. */
export const absoluteEnd = ({ startedAt, limits }: Session): number | null =>
  limits.absoluteSeconds === null ? null : startedAt + limits.absoluteSeconds * 1000;

function hasReachedLimit(session: Session, at: number): boolean {
  const { idleSeconds } = session.limits;
  return (
    at >= (absoluteEnd(session) ?? Infinity) || (idleSeconds !== null && at >= session.lastUsedAt + idleSeconds * 1000)
  );
}

/**
 * One owner and app have at most five live sessions. A sixth session ends the oldest, whose tokens then become
 * unknown. Refresh follows RingCentral's rules, including the grace period for the previous refresh token.
 */
export class Sessions {
  private readonly byOwner = new Map<string, Session[]>();
  private readonly byAccess = new Map<string, Session>();
  private readonly byRefresh = new Map<string, Session>();
  private readonly revokedRefresh = new Set<string>();
  private readonly revocations = new Map<string, number>();
  private readonly displacements = new Map<string, number>();

  rules: SessionRules = defaultSessionRules;

  constructor(private readonly newId: () => string) {}

  open(
    app: App,
    owner: Extension,
    parameters: TokenParameters,
    at: number,
    { isSignIn, limits }: Opening = { isSignIn: false, limits: noLimits },
  ): Session {
    const key = `${owner.id}|${app.clientId}`;
    const mine = this.byOwner.get(key) ?? [];
    const live = mine.filter(
      (session) => Math.max(session.accessExpiresAt, session.refreshExpiresAt) > at && !hasReachedLimit(session, at),
    );
    for (const oldest of live.slice(0, Math.max(0, live.length - perOwnerAndApp + 1))) {
      this.displacements.set(owner.id, this.displacedOf(owner.id) + 1);
      this.end(oldest);
    }
    const ended = (this.byOwner.get(key) ?? []).filter((session) => !live.includes(session));
    for (const oldest of ended.slice(0, Math.max(0, ended.length - perOwnerAndApp))) this.end(oldest);
    const session: Session = {
      id: this.newId(),
      endpointId: parameters.endpointId ?? this.newId(),
      clientId: app.clientId,
      extensionId: owner.id,
      isSignIn,
      startedAt: at,
      lastUsedAt: at,
      limits: isSignIn || this.rules.limitsApplyTo === 'every_session' ? limits : noLimits,
      scopes: parameters.scopes,
      accessTtlSeconds: parameters.accessTtlSeconds,
      refreshTtlSeconds: app.issueRefreshTokens ? parameters.refreshTtlSeconds : 0,
      accessToken: '',
      accessExpiresAt: 0,
      accessFirstUsedAt: null,
      refreshToken: null,
      refreshExpiresAt: 0,
      previousRefresh: null,
      showsRefresh: true,
    };
    this.renew(session, at);
    this.byOwner.set(key, [...(this.byOwner.get(key) ?? []), session]);
    return session;
  }

  /** The previous access token ends immediately. */
  private issueAccessToken(session: Session, at: number): void {
    this.byAccess.delete(session.accessToken);
    session.accessToken = token('access', this.newId());
    session.accessExpiresAt = at + session.accessTtlSeconds * 1000;
    session.accessFirstUsedAt = null;
    this.byAccess.set(session.accessToken, session);
  }

  /** Issues new tokens in an existing session. */
  private renew(session: Session, at: number): void {
    this.issueAccessToken(session, at);
    session.lastUsedAt = at;
    session.showsRefresh = session.refreshToken === null || this.rules.rotates;
    if (session.refreshTtlSeconds === 0 || !session.showsRefresh) return;
    if (session.previousRefresh) this.byRefresh.delete(session.previousRefresh.token);
    if (session.refreshToken !== null) session.previousRefresh = { token: session.refreshToken, supersededAt: at };
    session.refreshToken = token('refresh', this.newId());
    session.refreshExpiresAt = at + session.refreshTtlSeconds * 1000;
    this.byRefresh.set(session.refreshToken, session);
  }

  checkAccess(accessToken: string, at: number): AccessCheck {
    if (!accessToken.startsWith('U0pD')) return { kind: 'unparsable' };
    const session = this.byAccess.get(accessToken);
    if (!session) return { kind: 'unknown' };
    if (session.accessExpiresAt <= at || hasReachedLimit(session, at)) return { kind: 'expired' };
    session.accessFirstUsedAt ??= at;
    session.lastUsedAt = at;
    return { kind: 'live', session };
  }

  /**
   * @returns `again` when the previous refresh token arrives within its grace period, `reused` when it arrives later
   */
  checkRefresh(refreshToken: string, at: number): RefreshCheck {
    if (this.revokedRefresh.has(refreshToken)) return { kind: 'revoked' };
    const session = this.byRefresh.get(refreshToken);
    if (!session) return { kind: 'unknown' };
    if (hasReachedLimit(session, at)) return { kind: 'limit_reached' };
    if (session.refreshToken === refreshToken) {
      return session.refreshExpiresAt <= at ? { kind: 'expired' } : { kind: 'live', session, again: false };
    }
    const supersededAt = session.previousRefresh?.supersededAt ?? 0;
    const { accessFirstUsedAt } = session;
    const until = accessFirstUsedAt === null ? supersededAt + graceUnusedMs : accessFirstUsedAt + graceUsedMs;
    const isInGrace = at < until && this.rules.graceAnswer !== 'refused';
    return isInGrace ? { kind: 'live', session, again: true } : { kind: 'reused', session };
  }

  /** Answers the previous refresh token in its grace period. That token may come back until the period ends. */
  answerAgain(session: Session, at: number): void {
    const { graceAnswer } = this.rules;
    if (graceAnswer === 'other_tokens') this.issueAccessToken(session, at);
    if (graceAnswer === 'same_tokens' || session.refreshToken === null) return;
    this.byRefresh.delete(session.refreshToken);
    session.refreshToken = token('refresh', this.newId());
    this.byRefresh.set(session.refreshToken, session);
  }

  refresh(
    session: Session,
    ttl: { accessSeconds?: number | undefined; refreshSeconds?: number | undefined },
    at: number,
  ) {
    if (ttl.accessSeconds !== undefined) session.accessTtlSeconds = ttl.accessSeconds;
    if (ttl.refreshSeconds) session.refreshTtlSeconds = ttl.refreshSeconds;
    this.renew(session, at);
  }

  /** Finds a session by any of its tokens, expired or not. */
  find(anyToken: string): Session | undefined {
    return this.byAccess.get(anyToken) ?? this.byRefresh.get(anyToken);
  }

  /** Ends the whole session with all its tokens. */
  revoke(session: Session): void {
    this.revocations.set(session.extensionId, (this.revocations.get(session.extensionId) ?? 0) + 1);
    for (const refreshToken of [session.refreshToken, session.previousRefresh?.token]) {
      if (refreshToken !== null && refreshToken !== undefined) this.revokedRefresh.add(refreshToken);
    }
    this.end(session);
  }

  /** A changed password ends the sessions that the old one opened; of a JWT's sessions that is unknown. */
  changePassword(extensionId: string): void {
    for (const session of this.all()) {
      const ends = session.isSignIn || this.rules.passwordEnds === 'every_session';
      if (session.extensionId === extensionId && ends) this.revoke(session);
    }
  }

  /** Ends the session that a code opened, when that code arrives again. */
  endReplayed(sessionId: string | undefined): void {
    if (this.rules.replayedCode !== 'ends_session') return;
    for (const session of this.all()) if (session.id === sessionId) this.revoke(session);
  }

  /** An old refresh token that comes back after its grace period may have been stolen. */
  endReused(session: Session): void {
    if (this.rules.reusedRefreshToken === 'ends_session') this.revoke(session);
  }

  endAllOf(extensionId: string): void {
    for (const session of this.all()) if (session.extensionId === extensionId) this.end(session);
  }

  /** How many sessions of the user were revoked. */
  revokedOf = (extensionId: string): number => this.revocations.get(extensionId) ?? 0;
  /** How many sessions of the user a sixth one has ended. */
  displacedOf = (extensionId: string): number => this.displacements.get(extensionId) ?? 0;

  all(): Session[] {
    return [...this.byOwner.values()].flat();
  }

  private end(session: Session): void {
    this.byAccess.delete(session.accessToken);
    if (session.refreshToken !== null) this.byRefresh.delete(session.refreshToken);
    if (session.previousRefresh) this.byRefresh.delete(session.previousRefresh.token);
    const key = `${session.extensionId}|${session.clientId}`;
    const rest = (this.byOwner.get(key) ?? []).filter((other) => other !== session);
    this.byOwner.set(key, rest);
  }
}
