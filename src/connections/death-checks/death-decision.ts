import type { Credential, Tried } from '../../credentials/credential-types.js';
import { nextCheck, type NextCheck } from '../checks/schedule.js';
import type { Cause } from '../health/causes.js';

/** What RingCentral said to a retired JWT; `isLocal`: it was not asked, because the JWT has expired. */
export type DeathAsked =
  | { kind: 'accepted' }
  | { kind: 'refused'; cause: Cause; isLocal?: true }
  | { kind: 'inconclusive'; cause: Cause; retryAfterMs: number | null };

/**
 * A refusal with one of these means that the JWT itself is dead: revoked, deleted or expired. All others may end without a
 * change of the JWT, such as our client ID that is missing on it, or its user who is inactive.
 */
const provingCauses: readonly Cause[] = ['credential_rejected', 'credential_expired'];

/**
 * Whether our app works, as far as is known. `works`: RingCentral gave a token for another JWT after the first refusal of
 * this one. `doubtful`: RingCentral refuses others too that worked. `not_shown`: nothing else was asked, or answered.
 */
export type AppSeen = { kind: 'works'; at: Date } | { kind: 'doubtful' } | { kind: 'not_shown' };

/** How long a repeated death check waits, if nothing is in doubt. */
const DAILY_MS = 24 * 3_600_000;
const DOUBTFUL_MS = 15 * 60_000;

const none = { provedDeadAt: null, appWorkedAt: null } as const;

export type DeathChanges = Tried & {
  /** When it is tried again; null if it is proved dead. */
  next: NextCheck | null;
};

type Facts = {
  now: Date;
  /** How long a refusal waits to be confirmed, in milliseconds. */
  confirmMs: number;
  app: AppSeen;
  inconclusiveStreak: number;
};

/** Whether this answer would prove a retired JWT dead: the second refusal in a row, or the end of its own time. */
export function isAboutToDie(
  { retirement }: Pick<Credential, 'retirement'>,
  asked: DeathAsked,
  { now, confirmMs }: Pick<Facts, 'now' | 'confirmMs'>,
): boolean {
  if (asked.kind !== 'refused' || !provingCauses.includes(asked.cause)) return false;
  const since = retirement?.refusedSince;
  return asked.isLocal === true || (since != null && now.getTime() - since.getTime() >= confirmMs);
}

/**
 * What a death check changes. "Proved dead" stands on a receipt, so it takes two refusals that name the JWT itself, some
 * minutes apart and without another clear answer between them, and another JWT that our app could use meanwhile. See
 * docs/decisions/0042.
 */
export function decideDeath(credential: Pick<Credential, 'retirement'>, asked: DeathAsked, facts: Facts): DeathChanges {
  const { now, confirmMs, app } = facts;
  const after = (ms: number) => new Date(now.getTime() + ms);
  const before = credential.retirement?.refusedSince ?? null;
  const daily = { dueAt: after(DAILY_MS), trigger: 'schedule', priority: 'background', inconclusiveStreak: 0 } as const;
  if (asked.kind === 'accepted')
    return { ...none, tried: { at: now, answer: 'works', cause: null }, refusedSince: null, next: daily };
  const { cause } = asked;
  const unclear = { ...none, tried: { at: now, answer: 'unclear', cause } } as const;
  if (asked.kind === 'inconclusive') {
    const checked = { status: 'pending', verdict: asked, suspectSince: null, expiresAt: null, ...facts } as const;
    const again = nextCheck({ ...checked, retryAfterMs: asked.retryAfterMs }, { checkEveryMs: 0, confirmMs }, now, 0);
    return { ...unclear, refusedSince: before, next: { ...again, trigger: 'schedule', priority: 'background' } };
  }
  if (!provingCauses.includes(cause)) return { ...unclear, refusedSince: null, next: daily };
  const refused = { at: now, answer: 'refused', cause } as const;
  const since = before ?? now;
  const isDying = isAboutToDie(credential, asked, facts);
  const found = { tried: refused, refusedSince: since };
  if (isDying && (asked.isLocal || app.kind === 'works'))
    return { ...found, provedDeadAt: now, appWorkedAt: app.kind === 'works' ? app.at : null, next: null };
  // The longer nothing else is accepted, the longer it waits, up to a day.
  const age = now.getTime() - since.getTime();
  const again = app.kind === 'doubtful' ? Math.max(age, DOUBTFUL_MS) : age;
  const wait = isDying ? Math.min(again, DAILY_MS) : confirmMs - age;
  const confirming = {
    dueAt: after(wait),
    trigger: 'confirmation',
    priority: 'urgent',
    inconclusiveStreak: 0,
  } as const;
  return { ...none, ...found, next: confirming };
}
