import { fixOwnerOf, type Cause } from '../health/causes.js';
import type { Trigger } from '../health/check-types.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Waits after inconclusive answers, first as RingCentral documents them for clients: after a failed connection 2 s,
 * doubling to 60 s; after a failed answer three times 10 s. Then both grow up to an hour.
 */
const afterUnreachable = [2, 4, 8, 16, 32, 60].map((s) => s * SECOND).concat(5 * MINUTE, 15 * MINUTE, HOUR);
const afterUnavailable = [10 * SECOND, 10 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
const afterRateLimited = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
/**
 * All checks together make one call a minute to find out when our own app is accepted again; see portal-incidents.ts.
 */
const afterOurApp = [MINUTE];
const afterLocked = [15 * MINUTE, 30 * MINUTE, HOUR];
/** For a refused paste that is kept: someone may be fixing it in the console and may forget to tell us. */
const afterKept = [10 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR];
/** For a proved paste whose company no person has confirmed: a check finds nothing that helps, and keeps the facts new. */
const afterUnconfirmed = [12 * HOUR];
/**
 * A refusal that the clinic cannot fix: pages say that it need not act, so it is asked again without a person. After
 * the series, the usual interval applies.
 */
const afterOthers = [10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR];

/** Delays after failures on our side, whether permanent or not. */
const afterFailure = [30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
/** A missing key will not return within half a minute: someone must restore it. */
const KEY_MISSING = 10 * MINUTE;
/**
 * Processes also end for unrelated reasons, so this many incomplete claims are allowed before the check itself is
 * suspected.
 */
const INNOCENT_LEASES = 3;

const at = (waits: number[], before: number): number => waits[Math.min(before, waits.length - 1)] ?? HOUR;

/**
 * `code`: a person waits, and the code of a sign-in is valid for a minute. `interactive`: a person waits. `recovery`: a
 * refresh has no answer, and RingCentral accepts its refresh token once more for an hour only. `urgent`: no person waits,
 * but it must run before the daily round of thousands. `background`: the daily round.
 */
export const priorities = ['code', 'interactive', 'recovery', 'urgent', 'background'] as const;
export type Priority = (typeof priorities)[number];
export const personWaits = (priority: Priority): boolean => priority === 'code' || priority === 'interactive';

/** When a request that is due now is due: a worker whose clock is behind claims that of a code at once too. */
export const dueNow = (priority: Priority, now: Date): Date =>
  priority === 'code' ? new Date(now.getTime() - HOUR) : now;

export type NextCheck = { dueAt: Date; trigger: Trigger; priority: Priority; inconclusiveStreak: number };

export type JustChecked = {
  status: 'pending' | 'active';
  verdict: { kind: 'accepted' } | { kind: 'refused' | 'inconclusive'; cause: Cause };
  /** Consecutive answers without an acceptance, before this one. */
  inconclusiveStreak: number;
  /** How long RingCentral asked us to wait, in milliseconds. */
  retryAfterMs: number | null;
  /** When a doubtful refusal arrived that has not been confirmed. */
  suspectSince: Date | null;
  expiresAt: Date | null;
  /** When the older of mint and probes was made; omitted if they are from now. */
  evidenceAt?: Date;
  /** Whether a refresh of this sign-in still has no answer. */
  isInDoubt?: boolean;
};

export type Intervals = { checkEveryMs: number; confirmMs: number };

/**
 * Chooses the next check of a living credential.
 *
 * @param spread 0 to 1, drawn once per check: moves it up to a tenth of the interval earlier, so that tenants who
 *   connected in the same hour do not stay due in the same minute
 */
export function nextCheck(checked: JustChecked, intervals: Intervals, now: Date, spread: number): NextCheck {
  const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const trigger: Trigger = checked.status === 'pending' ? 'pending' : 'schedule';
  const common = { trigger, priority: priorityOf(checked) };
  if (checked.verdict.kind === 'inconclusive') {
    const wait = Math.max(checked.retryAfterMs ?? 0, at(waitsAfter(checked.verdict.cause), checked.inconclusiveStreak));
    return { ...common, dueAt: after(wait), inconclusiveStreak: checked.inconclusiveStreak + 1 };
  }
  // The check used a token from before the refresh, so it recovered nothing.
  if (checked.isInDoubt && checked.verdict.kind === 'accepted') return { ...common, dueAt: now, inconclusiveStreak: 0 };
  if (checked.suspectSince) {
    const dueAt = new Date(Math.max(now.getTime(), checked.suspectSince.getTime() + intervals.confirmMs));
    return { trigger: 'confirmation', priority: 'urgent', dueAt, inconclusiveStreak: 0 };
  }
  if (checked.status === 'pending')
    return {
      ...common,
      dueAt: after(at(waitsWhileKept(checked.verdict), checked.inconclusiveStreak)),
      inconclusiveStreak: checked.inconclusiveStreak + 1,
    };
  const streak =
    checked.verdict.kind === 'refused' && fixOwnerOf(checked.verdict.cause) !== 'tenant'
      ? checked.inconclusiveStreak
      : null;
  if (streak !== null && streak < afterOthers.length)
    return {
      ...common,
      dueAt: after(Math.min(at(afterOthers, streak), intervals.checkEveryMs)),
      inconclusiveStreak: streak + 1,
    };
  const from = checked.verdict.kind === 'accepted' ? (checked.evidenceAt ?? now) : now;
  const due = new Date(Math.max(now.getTime(), from.getTime() + intervals.checkEveryMs * (1 - spread / 10)));
  // The expiry is known to the second, so it must not be reported a day late.
  const expiry = checked.expiresAt === null ? null : new Date(checked.expiresAt.getTime() + 61 * SECOND);
  return expiry !== null && expiry > now && expiry < due
    ? { ...common, priority: 'urgent', dueAt: expiry, inconclusiveStreak: 0 }
    : { ...common, dueAt: due, inconclusiveStreak: streak ?? 0 };
}

const waitsWhileKept = (verdict: JustChecked['verdict']): number[] =>
  verdict.kind === 'refused' && verdict.cause === 'not_confirmed' ? afterUnconfirmed : afterKept;

function priorityOf({ isInDoubt = false, status }: JustChecked): Priority {
  if (isInDoubt) return 'recovery';
  // A clinic that is fixing something in the console waits for the result, although not on a page.
  return status === 'pending' ? 'urgent' : 'background';
}

function waitsAfter(cause: Cause): number[] {
  if (cause === 'unreachable') return afterUnreachable;
  if (cause === 'rate_limited') return afterRateLimited;
  if (cause === 'owner_locked') return afterLocked;
  if (cause === 'app_misconfigured' || cause === 'scope_missing') return afterOurApp;
  return afterUnavailable;
}

/**
 * How long to wait after a check that could not be completed, in milliseconds.
 *
 * @param failedClaims consecutive incomplete claims, at least 1
 */
export const failedForMs = (failedClaims: number, keyMissing: boolean): number =>
  Math.max(at(afterFailure, failedClaims - 1), keyMissing ? KEY_MISSING : 0);

/**
 * How long the lease of a claim lasts, in milliseconds. Growing leases make a check that crashes every process run
 * less and less often.
 */
export const leasedForMs = (failedClaims: number, leaseMs: number): number =>
  failedClaims <= INNOCENT_LEASES ? leaseMs : Math.max(leaseMs, at(afterFailure, failedClaims - INNOCENT_LEASES));
