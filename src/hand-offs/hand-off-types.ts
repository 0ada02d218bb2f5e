import type { GuideProgress } from '../guide/next-step.js';
import type { SubmissionOutcome } from '../connections/pages/submission-outcome.js';

/** A link by which a member lets a colleague do the step in RingCentral's console, without the token. */
export type HandOff = {
  id: string;
  tenantId: string;
  /** The member who answers for it: it ends with their membership. */
  madeBy: string;
  createdAt: Date;
  expiresAt: Date;
  /** The first visit. */
  openedAt: Date | null;
  /** What was pasted last. */
  submitted: { credentialId: string; at: Date } | null;
  revokedAt: Date | null;
};

/** `null`: nothing was pasted. */
export type Outcome = SubmissionOutcome | null;

/** Where it stands, for whoever made it. What was pasted tells more than how the link ended. */
export type HandOffState =
  'made' | 'opened' | 'checking' | 'refused' | 'inconclusive' | 'accepted' | 'replaced' | 'revoked' | 'expired';

export function stateOf(handOff: HandOff, outcome: Outcome, now: Date): HandOffState {
  if (outcome?.kind === 'accepted') return 'accepted';
  if (handOff.revokedAt !== null) return 'revoked';
  if (handOff.expiresAt <= now) return 'expired';
  if (outcome) return outcome.kind;
  return handOff.openedAt === null ? 'made' : 'opened';
}

/** The link opens nothing any more. */
export const hasEnded = (state: HandOffState): boolean => ['accepted', 'revoked', 'expired'].includes(state);

/** Where the guide goes on for whoever came by the link. */
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
