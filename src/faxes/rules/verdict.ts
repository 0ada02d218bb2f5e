import type { LineExit, LineResult } from '../fax-types.js';

/** `open`: never asked for. `lost`: it can no longer be had. */
export type Verdict = 'open' | 'pending' | 'failed' | 'lost' | 'done';

/** What is known of a fax. `since` is when its verdict was first this one. */
export type FaxState = {
  verdict: Verdict;
  since: string;
  /** Since when its content has not been found, without a break. */
  goneSince: string | null;
  /** Why it failed or is lost: a code, never a text of RingCentral. */
  reason: string | null;
};

/** What asking for a fax came to. */
export type Outcome =
  { kind: 'done' } | { kind: 'pending' } | { kind: 'gone' } | { kind: 'purged' } | { kind: 'failed'; reason: string };

const DAY_MS = 86_400_000;
const hasLasted = (since: string, at: string): boolean => Date.parse(at) - Date.parse(since) >= DAY_MS;

/** The state of a fax after it was asked for. What is not found counts as pending for a day, and as lost from then on. */
export function stateAfter(before: FaxState, outcome: Outcome, at: string): FaxState {
  const become = (verdict: Verdict, reason: string | null = null, goneSince: string | null = null): FaxState => ({
    verdict,
    since: before.verdict === verdict ? before.since : at,
    goneSince,
    reason,
  });
  if (outcome.kind === 'purged') return become('lost', 'purged');
  if (outcome.kind === 'failed') return become('failed', outcome.reason, before.goneSince);
  if (outcome.kind !== 'gone') return become(outcome.kind);
  const goneSince = before.goneSince ?? at;
  return hasLasted(goneSince, at) ? become('lost', 'not_found', goneSince) : become('pending', 'not_found', goneSince);
}

/** The outcome of a fax with several attachments: the worst one, and what can still be had before what cannot. */
export function worstOf(outcomes: Outcome[]): Outcome {
  for (const kind of ['failed', 'pending', 'gone', 'purged'] as const) {
    const found = outcomes.find((one) => one.kind === kind);
    if (found) return found;
  }
  return { kind: 'done' };
}

/** Whether a fax is asked for again in this run. What was refused, or has been missing for a day, waits for the next. */
export const isWorthRetrying = ({ verdict, since, reason }: FaxState, at: string): boolean =>
  (verdict === 'pending' || (verdict === 'failed' && !reason?.startsWith('refused'))) && !hasLasted(since, at);

/** Lost faxes and gaps do not count: another run changes nothing about them. */
export function exitOf({ problem, failed, oldestPendingAt, at }: LineResult): LineExit {
  const isLate = oldestPendingAt !== null && hasLasted(oldestPendingAt, at);
  return problem !== null || failed > 0 || isLate ? 1 : 0;
}
