import type { Cause } from '../health/causes.js';
import { nextHealth, type Health } from '../health/health.js';

/**
 * The health after a person said that the account is the clinic's: it works from now on, by evidence from the time of
 * its proof.
 *
 * @param proved what its last proof found; null if that is too old or not enough, and a check must find more
 */
export function confirmedHealth(health: Health, proved: { at: string; warnings: Cause[] } | null, at: string): Health {
  if (!health.pending) return health;
  if (!proved) return { ...health, pending: { ...health.pending, cause: null, refused: false } };
  const verdict = { kind: 'accepted', warnings: proved.warnings } as const;
  const accepted = nextHealth(health, { kind: 'pending_judged', verdict, kept: false }, at);
  const answer = { at: proved.at, kind: verdict.kind, cause: null };
  return {
    ...accepted,
    lastCheck: answer,
    lastClear: answer,
    lastConclusive: accepted.lastConclusive && { ...accepted.lastConclusive, at: proved.at },
    lastGoodAt: proved.at,
    mintedAt: proved.at,
    probedAt: proved.at,
  };
}
