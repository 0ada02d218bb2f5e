import { isDoubtful, warningOrder, type Cause } from './causes.js';

/**
 * What the checks of the credential that serves have said. Times are ISO 8601 UTC, so that it is stored as it is.
 *
 * `suspect` is a doubtful refusal of what worked until then, not yet confirmed: shown as it was before.
 */
export type Serving =
  | { state: 'none' }
  | { state: 'working'; since: string; warnings: Cause[] }
  | { state: 'suspect'; since: string; cause: Cause; before: { since: string; warnings: Cause[] } }
  | { state: 'failing'; since: string; cause: Cause }
  | { state: 'disconnected'; since: string };

/** A pasted credential that is not proved yet. `cause` is the last answer; null while there is none. */
export type Pending = { since: string; cause: Cause | null; refused: boolean; keptUntil: string };

export type Health = {
  since: string;
  serving: Serving;
  pending: Pending | null;
  /** Why the last paste came to nothing, shown until the next one. */
  lastRefusal: { cause: Cause; at: string } | null;
  /** The last evidence that said yes or no. */
  lastConclusive: { state: 'healthy' | 'warning' | 'failing'; at: string } | null;
  /** The last evidence that said yes; absent in what was stored before this was kept. */
  lastGoodAt?: string;
  /** When RingCentral last took the credential that serves, whoever asked; absent likewise. */
  mintedAt?: string;
  /** When all that a job needs was last tried with it and worked; absent likewise. */
  probedAt?: string;
};

/** What a check found. An inconclusive one proves nothing: it neither breaks a connection nor mends one. */
export type Verdict =
  { kind: 'accepted'; warnings: Cause[] } | { kind: 'refused'; cause: Cause } | { kind: 'inconclusive'; cause: Cause };

export type HealthEvent =
  | { kind: 'submitted'; keptUntil: string }
  | { kind: 'pending_judged'; verdict: Verdict; kept: boolean }
  | { kind: 'pending_dropped' }
  /** RingCentral took the credential that serves, and nothing else was tried: a job asked for a token. */
  | { kind: 'minted' }
  /**
   * `confirmMs`: how long a doubtful refusal is left alone before a second one confirms it, in milliseconds. `mintedAt`:
   * when the token was minted by which it was checked, where that was not done for this check.
   */
  | { kind: 'serving_checked'; verdict: Verdict; confirmMs: number; mintedAt?: string };

export const neverConnected = (at: string): Health => ({
  since: at,
  serving: { state: 'none' },
  pending: null,
  lastRefusal: null,
  lastConclusive: null,
});

/** One step of a connection's life. `at` is when the answer came; the same inputs give the same health. */
export function nextHealth(health: Health, event: HealthEvent, at: string): Health {
  switch (event.kind) {
    case 'submitted':
      return {
        ...health,
        since: health.serving.state === 'none' ? at : health.since,
        pending: { since: at, cause: null, refused: false, keptUntil: event.keptUntil },
        lastRefusal: null,
      };
    case 'pending_dropped':
      return { ...health, pending: null };
    case 'pending_judged':
      return judgePending(health, event, at);
    case 'minted':
      return health.serving.state === 'working' ? { ...health, mintedAt: later(health.mintedAt, at) } : health;
    case 'serving_checked':
      return withServing(health, nextServing(health.serving, event, at), event.verdict, at, event.mintedAt);
  }
}

function judgePending(health: Health, { verdict, kept }: { verdict: Verdict; kept: boolean }, at: string): Health {
  // First submissions and replacements are judged at once: there is no good past to weigh a refusal against.
  if (verdict.kind === 'accepted') {
    const serving: Serving = { state: 'working', since: at, warnings: verdict.warnings };
    return withServing({ ...health, pending: null, lastRefusal: null }, serving, verdict, at);
  }
  if (!health.pending) return health;
  if (kept)
    return { ...health, pending: { ...health.pending, cause: verdict.cause, refused: verdict.kind === 'refused' } };
  const since = health.serving.state === 'none' ? at : health.since;
  return { ...health, since, pending: null, lastRefusal: { cause: verdict.cause, at } };
}

function nextServing(
  serving: Serving,
  { verdict, confirmMs }: { verdict: Verdict; confirmMs: number },
  at: string,
): Serving {
  switch (verdict.kind) {
    case 'inconclusive':
      return serving;
    case 'accepted':
      if (serving.state === 'working') return { ...serving, warnings: verdict.warnings };
      // A suspicion that was not confirmed never was a break: the good days go on counting.
      if (serving.state === 'suspect')
        return { state: 'working', since: serving.before.since, warnings: verdict.warnings };
      return { state: 'working', since: at, warnings: verdict.warnings };
    case 'refused':
      if (serving.state === 'failing')
        return serving.cause === verdict.cause ? serving : { ...serving, cause: verdict.cause };
      if (serving.state === 'working' && isDoubtful(verdict.cause))
        return {
          state: 'suspect',
          since: at,
          cause: verdict.cause,
          before: { since: serving.since, warnings: serving.warnings },
        };
      // Somebody pressed "check now" too soon: the second no must come later than the first by the whole wait.
      if (serving.state === 'suspect' && isDoubtful(verdict.cause) && msBetween(serving.since, at) < confirmMs)
        return { ...serving, cause: verdict.cause };
      return { state: 'failing', since: at, cause: verdict.cause };
  }
}

const later = (before: string | undefined, at: string): string => (before !== undefined && before > at ? before : at);

const msBetween = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

function withServing(health: Health, serving: Serving, verdict: Verdict, at: string, mintedAt = at): Health {
  const changed = shownOfServing(health.serving) !== shownOfServing(serving);
  const conclusive = verdict.kind !== 'inconclusive' && serving.state !== 'suspect';
  return {
    ...health,
    since: changed ? at : health.since,
    serving,
    lastConclusive: conclusive ? { state: conclusiveState(serving), at } : health.lastConclusive,
    ...(verdict.kind === 'accepted'
      ? { lastGoodAt: at, mintedAt: later(health.mintedAt, mintedAt), probedAt: at }
      : {}),
  };
}

const conclusiveState = (serving: Serving): 'healthy' | 'warning' | 'failing' =>
  serving.state === 'failing'
    ? 'failing'
    : serving.state === 'working' && serving.warnings.length > 0
      ? 'warning'
      : 'healthy';

function shownOfServing(serving: Serving): 'none' | 'healthy' | 'warning' | 'failing' | 'disconnected' {
  if (serving.state === 'working') return serving.warnings.length > 0 ? 'warning' : 'healthy';
  if (serving.state === 'suspect') return serving.before.warnings.length > 0 ? 'warning' : 'healthy';
  return serving.state;
}

export const shownStates = [
  'not_connected',
  'pending',
  'healthy',
  'warning',
  'failing',
  'unverified',
  'disconnected',
] as const;
export type ShownState = (typeof shownStates)[number];

export type Shown = {
  state: ShownState;
  cause: Cause | null;
  since: Date;
  /** The refusal that is being asked again, if one is. */
  suspect: { cause: Cause; since: Date } | null;
};

/**
 * What people see of a stored health at `now`.
 *
 * @param intervalMs how often evidence is renewed, in milliseconds; without conclusive evidence for twice as long a
 *   connection is `unverified`: idle is not healthy
 */
export function shownHealth(health: Health, now: Date, intervalMs: number): Shown {
  const { serving, pending } = health;
  const since = new Date(health.since);
  const plain = { since, suspect: null };
  if (serving.state === 'none' || serving.state === 'disconnected') {
    if (pending) return { ...plain, state: 'pending', cause: pending.cause };
    if (serving.state === 'disconnected') return { ...plain, state: 'disconnected', cause: null };
    return { ...plain, state: 'not_connected', cause: health.lastRefusal?.cause ?? null };
  }
  if (serving.state === 'failing') return { ...plain, state: 'failing', cause: serving.cause };
  const suspect = serving.state === 'suspect' ? { cause: serving.cause, since: new Date(serving.since) } : null;
  const warnings = serving.state === 'suspect' ? serving.before.warnings : serving.warnings;
  const stale = staleAt(health, intervalMs);
  if (stale !== null && now > stale) return { state: 'unverified', cause: null, since: stale, suspect };
  const warning = warningOrder.find((cause) => warnings.includes(cause)) ?? null;
  return { state: warning ? 'warning' : 'healthy', cause: warning, since, suspect };
}

/**
 * After when a connection that works is shown as `unverified` unless new evidence comes; null where nothing can go stale.
 * A mint proves the credential and probes prove the job: the older of the two says how old the evidence is.
 *
 * @param intervalMs as for `shownHealth`
 */
export function staleAt(health: Health, intervalMs: number): Date | null {
  if (health.serving.state !== 'working' && health.serving.state !== 'suspect') return null;
  return new Date(evidenceAt(health).getTime() + 2 * intervalMs);
}

/** Whether jobs can use it: also where it was refused once and not yet for sure. */
export const serves = ({ serving }: Health): boolean => serving.state === 'working' || serving.state === 'suspect';

/** Of mint and probes of what serves, when the older was made. */
export function evidenceAt(health: Health): Date {
  const both = health.lastConclusive?.at ?? health.since;
  const [older] = [health.mintedAt ?? both, health.probedAt ?? both].sort();
  return new Date(older ?? both);
}

/** Whether a token that was just minted should be probed with, since what a job needs was tried too long ago. */
export const areProbesStale = (health: Health, now: Date, intervalMs: number): boolean =>
  now.getTime() - Date.parse(health.probedAt ?? health.lastConclusive?.at ?? health.since) >= intervalMs;

const DAY_MS = 24 * 3_600_000;
/** RingCentral's inboxes keep faxes this long (or the newest 200; how many came is not known to us). */
const INBOX_DAYS = 30;

/** When faxes begin to be lost that came after the last evidence that they could be read. */
export const faxesLostAt = (health: Health): Date =>
  new Date(Date.parse(health.lastGoodAt ?? health.since) + INBOX_DAYS * DAY_MS);
