import type { SessionToken } from '../token-types.js';
import type { RefreshToken } from './refresh-token-types.js';

export type RotationStep =
  /** RingCentral is asked for new tokens. `recovers`: an earlier attempt has no answer, so this goes first. */
  | { do: 'refresh'; recovers: boolean }
  /** A kept access token is as good as a new one. */
  | { do: 'reuse'; id: string }
  /** A job uses the access token, or another process is rotating the refresh token. */
  | { do: 'hold'; until: Date }
  /**
   * Another app obtained the refresh token, and RingCentral would refuse it to ours; `isOver`: by now it would refuse it
   * to any.
   */
  | { do: 'refuse'; isOver: boolean };

type Given = {
  token: RefreshToken;
  accessTokens: readonly SessionToken[];
  /** Our app's; null if none is configured. */
  clientId: string | null;
  /** Whether a job asks; it has looked at the kept tokens already. Otherwise a check asks. */
  forJob: boolean;
  now: Date;
};

/** A rotation by another process is over after about this long. */
const LOOK_MS = 2_000;

/**
 * What to do if someone needs an access token of a session that a person gave by signing in. A refresh ends the access
 * token that came with the last one, so none is made while a job may use it.
 */
export function nextRotationStep({ token, accessTokens, clientId, forJob, now }: Given): RotationStep {
  const { attempt } = token;
  if (attempt?.by != null && attempt.until !== null && attempt.until > now)
    return { do: 'hold', until: new Date(Math.min(attempt.until.getTime(), now.getTime() + LOOK_MS)) };
  const kept = accessTokens.find(({ servesUntil }) => servesUntil !== null && servesUntil > now);
  if (kept && !forJob) return { do: 'reuse', id: kept.id };
  const used = accessTokens.filter(({ isIssued, endsAt }) => isIssued && endsAt > now);
  const [last] = used.sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  // After an attempt without an answer the access token may have ended, and the refresh token can be lost.
  if (last && !attempt) return { do: 'hold', until: last.endsAt };
  if (token.clientId !== clientId) return { do: 'refuse', isOver: token.endsAt <= now };
  return { do: 'refresh', recovers: attempt !== null };
}
