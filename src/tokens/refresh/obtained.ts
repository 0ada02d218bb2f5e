import type { SignInTokens } from '../../ringcentral/catalogue/outcome.js';
import type { RingCentralSession } from '../token-types.js';
import type { Obtained } from './refresh-token-store.js';
import type { RefreshToken } from './refresh-token-types.js';

/** RingCentral's default life of a refresh token, for an answer that does not tell it. */
const DEFAULT_LIFE_MS = 7 * 86_400_000;
/** No access token is used for the last minute, or last tenth, of its life, because a call needs time to arrive. */
const MARGIN_MS = 60_000;

/** When the request was sent, and when its answer came. */
export type Times = { askedAt: Date; answeredAt: Date };

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/**
 * What an answer says about the refresh token. An end of the session that was named before stays.
 *
 * @param before the refresh token that was sent; it stays valid if the answer has no other one. null for a code
 */
export function obtainedFrom(
  tokens: SignInTokens,
  { askedAt, answeredAt }: Times,
  before: RefreshToken | null,
): Obtained {
  const { refreshToken, refreshExpiresInSeconds, session } = tokens;
  const lifeMs = refreshExpiresInSeconds === null ? DEFAULT_LIFE_MS : refreshExpiresInSeconds * 1000;
  const stays = refreshToken === null ? before : null;
  return {
    obtainedAt: stays?.obtainedAt ?? answeredAt,
    endsAt: stays?.endsAt ?? later(askedAt, lifeMs),
    idleSeconds: session.idleSeconds,
    sessionEndsAt:
      session.endsInSeconds === null ? (before?.sessionEndsAt ?? null) : later(askedAt, session.endsInSeconds * 1000),
  };
}

/** The lives of an access token: how long it may be used, and how long RingCentral may accept it. */
export function livesOf(expiresInSeconds: number, { askedAt, answeredAt }: Times): { servesUntil: Date; endsAt: Date } {
  const lifeMs = expiresInSeconds * 1000;
  // From the moment of the request: its life began at an unknown moment between the request and the answer.
  return { servesUntil: later(askedAt, lifeMs - Math.min(MARGIN_MS, lifeMs / 10)), endsAt: later(answeredAt, lifeMs) };
}

type Of = Pick<RingCentralSession, 'id' | 'tenantId' | 'credentialId' | 'environment'>;

export function sessionFrom(of: Of, tokens: SignInTokens, times: Times): { session: RingCentralSession; endsAt: Date } {
  const { ownerId, accessToken, scopes } = tokens;
  const { servesUntil, endsAt } = livesOf(tokens.expiresInSeconds, times);
  const { askedAt, answeredAt: mintedAt } = times;
  return { session: { ...of, ownerId, accessToken, scopes, askedAt, mintedAt, servesUntil }, endsAt };
}
