import type { KeptToken } from './access-token-store.js';

type Life = Pick<KeptToken, 'mintedAt' | 'servesUntil'>;

/** A new token is requested this long before the old one expires, or a quarter of its lifetime: jobs need some time. */
const RENEW_MS = 300_000;

const lifeMs = ({ mintedAt, servesUntil }: Life): number => servesUntil.getTime() - mintedAt.getTime();

/** A token whose whole life is hardly longer than a job asks for would otherwise be replaced by every job. */
const reachable = (token: Life, minTtlMs: number): number => Math.min(minTtlMs, (lifeMs(token) * 3) / 4);

/** Whether the token lives at least as long as a job asks for, as far as tokens of its kind can. */
export const isWorth = (token: Life, minTtlMs: number, now: Date): boolean =>
  token.servesUntil.getTime() - now.getTime() >= reachable(token, minTtlMs);

/** Whether no new token need be requested yet. */
const isFresh = (token: Life, minTtlMs: number, now: Date): boolean =>
  isWorth(token, Math.max(minTtlMs, Math.min(RENEW_MS, lifeMs(token) / 4)), now);

/** Prefers a token that jobs already have, to use as few sessions as possible; then the one that expires last. */
export function bestOf<Kept extends Life & Pick<KeptToken, 'isIssued'>>(
  kept: readonly Kept[],
  minTtlMs: number,
  now: Date,
): { kept: Kept; isFresh: boolean } | null {
  const fresh = kept.filter((one) => isFresh(one, minTtlMs, now));
  const best = fresh.find(({ isIssued }) => isIssued) ?? fresh[0];
  if (best) return { kept: best, isFresh: true };
  return kept[0] ? { kept: kept[0], isFresh: false } : null;
}
