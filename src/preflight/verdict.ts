import type { Method } from '../credentials/credential-types.js';
import { fixOwnerOf, type Cause, type FixOwner } from '../connections/health/causes.js';
import { serves, shownHealth, type Health, type ShownState } from '../connections/health/health.js';

/** Why it is not known whether a run will get a token for a clinic. Stable: programs read them. */
export const unknownReasons = [
  /** RingCentral rejects our own app, so its answers say nothing about a clinic. */
  'app_incident',
  /** A paste has not been judged yet. */
  'not_proved_yet',
  /** RingCentral refused a working credential once; a second call must confirm that. */
  'refusal_unconfirmed',
  /** At the time of the run there is no conclusive evidence for twice the interval, unless a check renews it. */
  'evidence_too_old',
  /** As before, and the auth budget has no room for a check of this clinic before the run. */
  'budget_too_small',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

export type Verdict =
  | { kind: 'go' }
  | { kind: 'no_go'; state: ShownState; cause: Cause | null; fixOwner: FixOwner; since: Date }
  | { kind: 'unknown'; reason: UnknownReason };

/** What is known about one clinic. `expiresAt`, `method`: of the credential in use. */
export type RunEvidence = { health: Health; expiresAt: Date | null; method: Method };

export type Moment = {
  now: Date;
  /** When the run begins. */
  by: Date;
  /** How often evidence is renewed, in milliseconds. */
  intervalMs: number;
  /** Whether RingCentral rejects our own app in the environment of the clinic. */
  isAppRejected: boolean;
};

const ofExpiry = { jwt: 'credential_expired', authorization_code: 'sign_in_again' } as const;

/**
 * Whether a run that begins at `by` will get a token for a clinic, as far as the evidence shows it now.
 *
 * Evidence is fresh enough for `by` if the clinic would not be `unverified` then: it is at most twice the interval old
 * at that time. A credential that expires before the run is a no-go, however fresh the evidence is. What is not known
 * stays unknown; a paste that is being judged may turn any no-go into a go.
 */
export function verdictFor(
  { health, expiresAt, method }: RunEvidence,
  { now, by, intervalMs, isAppRejected }: Moment,
): Verdict {
  const at = by > now ? by : now;
  const { state, cause, since, suspect } = shownHealth(health, now, intervalMs);
  const isJudging = health.pending !== null && !health.pending.refused;
  const noGo = (why: Cause | null, from: Date): Verdict =>
    isJudging
      ? { kind: 'unknown', reason: isAppRejected ? 'app_incident' : 'not_proved_yet' }
      : { kind: 'no_go', state, cause: why, fixOwner: why === null ? 'tenant' : fixOwnerOf(why), since: from };
  if (!serves(health)) return noGo(cause, since);
  if (expiresAt !== null && expiresAt <= at) return noGo(ofExpiry[method], expiresAt);
  if (isAppRejected) return { kind: 'unknown', reason: 'app_incident' };
  if (suspect) return { kind: 'unknown', reason: 'refusal_unconfirmed' };
  if (shownHealth(health, at, intervalMs).state === 'unverified')
    return { kind: 'unknown', reason: 'evidence_too_old' };
  return { kind: 'go' };
}
