import { isDoubtful, warningOrder, type Cause } from './causes.js';

/**
 * The result of all checks of the credential in use. Times are ISO 8601 UTC, because the value is stored as it is.
 *
 * `suspect`: a doubtful refusal of a working credential that is not confirmed; the shown state stays as before.
 */
export type Serving =
  | { state: 'none' }
  | { state: 'working'; since: string; warnings: Cause[] }
  | { state: 'suspect'; since: string; cause: Cause; before: { since: string; warnings: Cause[] } }
  | { state: 'failing'; since: string; cause: Cause }
  | { state: 'disconnected'; since: string };

/** A pasted credential that is not proved yet. `cause` is from the last answer; null before the first answer. */
export type Pending = { since: string; cause: Cause | null; refused: boolean; keptUntil: string };

export type Health = {
  since: string;
  serving: Serving;
  pending: Pending | null;
  /** Why the last paste failed; shown until the next paste. */
  lastRefusal: { cause: Cause; at: string } | null;
  /** The last conclusive evidence, good or bad. */
  lastConclusive: { state: 'healthy' | 'warning' | 'failing'; at: string } | null;
  /** The result of the last check of any credential, whatever it was; absent in older data. */
  lastCheck?: Answer;
  /** The last check with a clear result: accepted, or refused without doubt; absent in older data. */
  lastClear?: Answer;
  /** The last good evidence; absent in data stored before this field existed. */
  lastGoodAt?: string;
  /** When RingCentral last accepted the credential in use, for any caller; absent in older data. */
  mintedAt?: string;
  /** When everything a job needs was last tried with the credential and worked; absent in older data. */
  probedAt?: string;
  /** Since when the mailbox of a line that is read has been filling up; absent if none is. */
  mailboxFillingSince?: string;
  /** Since when a JWT that was replaced and said to be deleted is known to work still; absent if none is. */
  oldCredentialAliveSince?: string;
};

/** The result of a check. An inconclusive result proves nothing: it neither breaks nor repairs a connection. */
export type Verdict =
  { kind: 'accepted'; warnings: Cause[] } | { kind: 'refused'; cause: Cause } | { kind: 'inconclusive'; cause: Cause };

/** What a check found, and when. */
export type Answer = { at: string; kind: Verdict['kind']; cause: Cause | null };

export type HealthEvent =
  | { kind: 'submitted'; keptUntil: string }
  | { kind: 'pending_judged'; verdict: Verdict; kept: boolean }
  | { kind: 'pending_dropped' }
  /** A person ended the connection. */
  | { kind: 'disconnected' }
  /** A person refused the account that a credential acts as, and the credential was destroyed. */
  | { kind: 'account_refused'; cause: Cause; wasServing: boolean }
  /** A job asked for a token: RingCentral accepted the credential in use, and nothing else was tried. */
  | { kind: 'minted' }
  /** How full the mailboxes of the lines are that are read, as far as the fax pull reported. */
  | { kind: 'mailboxes_counted'; filling: boolean }
  /** Whether RingCentral accepted a retired JWT after a person had said that it was deleted. */
  | { kind: 'old_credentials_tried'; alive: boolean }
  /**
   * `confirmMs`: how long to wait until a second refusal can confirm a doubtful one, in milliseconds. `mintedAt`:
   * when the token of this check was minted, if that happened before the check.
   */
  | { kind: 'serving_checked'; verdict: Verdict; confirmMs: number; mintedAt?: string };

export const neverConnected = (at: string): Health => ({
  since: at,
  serving: { state: 'none' },
  pending: null,
  lastRefusal: null,
  lastConclusive: null,
});

/** Computes the next health. `at` is when the answer arrived; the same inputs give the same health. */
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
    case 'disconnected':
      return disconnected(health, at);
    case 'account_refused':
      if (!event.wasServing)
        return judgePending(health, { verdict: { kind: 'refused', cause: event.cause }, kept: false }, at);
      return health.serving.state === 'failing'
        ? health
        : { ...health, since: at, serving: { state: 'failing', since: at, cause: event.cause } };
    case 'pending_judged':
      return withAnswer(judgePending(health, event, at), event.verdict, at);
    case 'minted':
      return health.serving.state === 'working' ? { ...health, mintedAt: later(health.mintedAt, at) } : health;
    case 'mailboxes_counted':
      return withLasting(health, 'mailboxFillingSince', event.filling, at);
    case 'old_credentials_tried':
      return withLasting(health, 'oldCredentialAliveSince', event.alive, at);
    case 'serving_checked':
      // A late answer about a credential that is no longer used.
      if (health.serving.state === 'disconnected') return health;
      return withAnswer(
        withServing(health, nextServing(health.serving, event, at), event.verdict, at, event.mintedAt),
        event.verdict,
        at,
        nextServing(health.serving, event, at).state === 'suspect',
      );
  }
}

function withAnswer(health: Health, verdict: Verdict, at: string, isDoubted = false): Health {
  const lastCheck = { at, kind: verdict.kind, cause: verdict.kind === 'accepted' ? null : verdict.cause };
  return { ...health, lastCheck, ...(verdict.kind === 'inconclusive' || isDoubted ? {} : { lastClear: lastCheck }) };
}

/** When a check last had a clear result; null if none had. */
export function lastClearAt({ lastClear, lastConclusive }: Health): Date | null {
  const at = lastClear?.at ?? lastConclusive?.at;
  return at === undefined ? null : new Date(at);
}

/** The last check, if it had no clear answer; null if it had one. */
export const unanswered = ({ lastCheck }: Health): Answer | null =>
  lastCheck?.kind === 'inconclusive' ? lastCheck : null;

function judgePending(health: Health, { verdict, kept }: { verdict: Verdict; kept: boolean }, at: string): Health {
  // First submissions and replacements are judged immediately, because there is no good history to weigh a refusal
  // against.
  if (verdict.kind === 'accepted') {
    const serving: Serving = { state: 'working', since: at, warnings: verdict.warnings };
    return withServing({ ...health, pending: null, lastRefusal: null }, serving, verdict, at);
  }
  if (!health.pending) return health;
  // A person's answer is what is missing, whether or not RingCentral answers now.
  if (verdict.kind === 'inconclusive' && health.pending.cause === 'not_confirmed') return health;
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
      // An unconfirmed suspicion was never a break, so the start of the working state stays.
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
      // The check came too soon: the second refusal must be later than the first by the full wait.
      if (serving.state === 'suspect' && isDoubtful(verdict.cause) && msBetween(serving.since, at) < confirmMs)
        return { ...serving, cause: verdict.cause };
      return { state: 'failing', since: at, cause: verdict.cause };
  }
}

/** What was known of the credential in use is known of none now. */
function disconnected({ lastConclusive, lastGoodAt }: Health, at: string): Health {
  const known = { lastConclusive, ...(lastGoodAt === undefined ? {} : { lastGoodAt }) };
  return { ...known, since: at, serving: { state: 'disconnected', since: at }, pending: null, lastRefusal: null };
}

const later = (before: string | undefined, at: string): string => (before !== undefined && before > at ? before : at);

const msBetween = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

function withServing(health: Health, serving: Serving, verdict: Verdict, at: string, mintedAt = at): Health {
  const changed = shownOfServing(health) !== shownOfServing({ ...health, serving });
  const conclusive = verdict.kind !== 'inconclusive' && serving.state !== 'suspect';
  return {
    ...health,
    since: changed ? at : health.since,
    serving,
    lastConclusive: conclusive
      ? { state: serving.state === 'failing' ? 'failing' : workingState({ ...health, serving }), at }
      : health.lastConclusive,
    ...(verdict.kind === 'accepted'
      ? { lastGoodAt: at, mintedAt: later(health.mintedAt, mintedAt), probedAt: at }
      : {}),
  };
}

type Lasting = 'mailboxFillingSince' | 'oldCredentialAliveSince';

/** Checks replace their own warnings; what others found lasts until they find something else. */
function withLasting(health: Health, name: Lasting, isSo: boolean, at: string): Health {
  const { [name]: since, ...others } = health;
  if (isSo === (since !== undefined)) return health;
  const after: Health = isSo ? { ...others, [name]: at } : others;
  return shownOfServing(after) === shownOfServing(health) ? after : { ...after, since: at };
}

type Warned = Pick<Health, 'serving' | Lasting>;

function warningsOf({ serving, mailboxFillingSince, oldCredentialAliveSince }: Warned): Cause[] {
  if (serving.state !== 'working' && serving.state !== 'suspect') return [];
  return [
    ...(serving.state === 'working' ? serving.warnings : serving.before.warnings),
    ...(mailboxFillingSince === undefined ? [] : ['mailbox_filling' as const]),
    ...(oldCredentialAliveSince === undefined ? [] : ['old_credential_alive' as const]),
  ];
}

const workingState = (health: Warned) => (warningsOf(health).length > 0 ? 'warning' : 'healthy');

const shownOfServing = (health: Warned) => (serves(health) ? workingState(health) : health.serving.state);

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
  /** The refusal that is being confirmed, if any. */
  suspect: { cause: Cause; since: Date } | null;
};

/**
 * The state that people see at `now`.
 *
 * @param intervalMs how often evidence is renewed, in milliseconds; without conclusive evidence for twice this time, a
 *   connection is `unverified`, because an idle connection is not proved to be healthy
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
  const stale = staleAt(health, intervalMs);
  if (stale !== null && now > stale) return { state: 'unverified', cause: null, since: stale, suspect };
  const warning = warningOrder.find((cause) => warningsOf(health).includes(cause)) ?? null;
  return { state: warning ? 'warning' : 'healthy', cause: warning, since, suspect };
}

/**
 * When a working connection becomes `unverified` without new evidence; null if it cannot. A mint proves the credential
 * and probes prove the job's access; the older of the two determines the age of the evidence.
 *
 * @param intervalMs as for `shownHealth`
 */
export function staleAt(health: Health, intervalMs: number): Date | null {
  if (health.serving.state !== 'working' && health.serving.state !== 'suspect') return null;
  return new Date(evidenceAt(health).getTime() + 2 * intervalMs);
}

/** Whether jobs can use the connection, including after a refusal that has not been confirmed. */
export const serves = ({ serving }: Pick<Health, 'serving'>): boolean =>
  serving.state === 'working' || serving.state === 'suspect';

/** The time of the older of the last mint and the last probes of the credential in use. */
export function evidenceAt(health: Health): Date {
  const both = health.lastConclusive?.at ?? health.since;
  const [older] = [health.mintedAt ?? both, health.probedAt ?? both].sort();
  return new Date(older ?? both);
}

/** Whether a new token should also be used for probes, because the last probes are too old. */
export const areProbesStale = (health: Health, now: Date, intervalMs: number): boolean =>
  now.getTime() - Date.parse(health.probedAt ?? health.lastConclusive?.at ?? health.since) >= intervalMs;
