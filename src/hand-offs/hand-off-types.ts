import type { GuideProgress } from '../guide/next-step.js';
import type { SubmissionOutcome } from '../connections/pages/submission-outcome.js';

/** A link with which a member lets a colleague do the step in RingCentral's console; without its token. */
export type HandOff = {
  id: string;
  tenantId: string;
  /** The responsible member: the link ends with their membership. */
  madeBy: string;
  createdAt: Date;
  expiresAt: Date;
  /** The time of the first visit. */
  openedAt: Date | null;
  /** The last paste. */
  submitted: { credentialId: string; at: Date } | null;
  revokedAt: Date | null;
};

/** `null`: nothing was pasted. */
export type Outcome = SubmissionOutcome | null;

/** The state for the maker of the link. The result of a paste is more informative than the end of the link. */
export type HandOffState =
  'made' | 'opened' | 'checking' | 'refused' | 'inconclusive' | 'accepted' | 'replaced' | 'revoked' | 'expired';

export function stateOf(handOff: HandOff, outcome: Outcome, now: Date): HandOffState {
  if (outcome?.kind === 'accepted') return 'accepted';
  if (handOff.revokedAt !== null) return 'revoked';
  if (handOff.expiresAt <= now) return 'expired';
  if (outcome) return outcome.kind;
  return handOff.openedAt === null ? 'made' : 'opened';
}

/** Whether the link no longer works. */
export const hasEnded = (state: HandOffState): boolean => ['accepted', 'revoked', 'expired'].includes(state);

/** The guide's progress for a colleague who uses the link. */
export function progressOf(outcome: Outcome): GuideProgress {
  switch (outcome?.kind) {
    case undefined:
    case 'replaced':
      return { state: 'not_started' };
    case 'accepted':
      return { state: 'healthy' };
    case 'refused':
      return { state: 'pending', lastCause: outcome.cause };
    case 'checking':
    case 'inconclusive':
      return { state: 'pending' };
  }
}
