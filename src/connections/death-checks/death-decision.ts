import type { Credential, Tried } from '../../credentials/credential-types.js';
import type { Control } from '../checks/rejections.js';
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

/** How long a repeated death check waits, if nothing is in doubt. */
const DAILY_MS = 24 * 3_600_000;

export type DeathChanges = Tried & {
  /** When it is tried again; null if it is proved dead. */
  next: NextCheck | null;
};

type Facts = {
  now: Date;
  /** How long a refusal waits to be confirmed, in milliseconds. */
  confirmMs: number;
  /** What RingCentral says to a credential that was not deleted, if many are refused at once. */
  control: Control;
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
 * minutes apart and without another clear answer between them; if many clinics are refused at once, a control credential
 * must work too. See docs/decisions/0042.
 */
export function decideDeath(credential: Pick<Credential, 'retirement'>, asked: DeathAsked, facts: Facts): DeathChanges {
  const { now, confirmMs, control } = facts;
  const after = (ms: number) => new Date(now.getTime() + ms);
  const before = credential.retirement?.refusedSince ?? null;
  const daily = { dueAt: after(DAILY_MS), trigger: 'schedule', priority: 'background', inconclusiveStreak: 0 } as const;
  if (asked.kind === 'accepted')
    return { tried: { at: now, answer: 'works', cause: null }, refusedSince: null, provedDeadAt: null, next: daily };
  const { cause } = asked;
  const unclear = { tried: { at: now, answer: 'unclear', cause }, provedDeadAt: null } as const;
  if (asked.kind === 'inconclusive') {
    const checked = { status: 'pending', verdict: asked, suspectSince: null, expiresAt: null, ...facts } as const;
    const again = nextCheck({ ...checked, retryAfterMs: asked.retryAfterMs }, { checkEveryMs: 0, confirmMs }, now, 0);
    return { ...unclear, refusedSince: before, next: { ...again, trigger: 'schedule', priority: 'background' } };
  }
  if (!provingCauses.includes(cause)) return { ...unclear, refusedSince: null, next: daily };
  const refused = { at: now, answer: 'refused', cause } as const;
  const isControlled = control === 'not_needed' || control === 'works';
  if (isAboutToDie(credential, asked, facts) && (asked.isLocal || isControlled))
    return { tried: refused, refusedSince: before ?? now, provedDeadAt: now, next: null };
  const since = before ?? now;
  const dueAt = new Date(Math.max(since.getTime() + confirmMs, isControlled ? 0 : after(15 * 60_000).getTime()));
  const confirming = { dueAt, trigger: 'confirmation', priority: 'urgent', inconclusiveStreak: 0 } as const;
  return { tried: refused, refusedSince: since, provedDeadAt: null, next: confirming };
}
