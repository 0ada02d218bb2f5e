import type { Inconclusive, Refused } from '../../ringcentral/catalogue/outcome.js';
import type { RingCentralSession } from '../../tokens/token-types.js';
import type { CheckDetail } from '../health/check-types.js';
import type { Identity } from '../health/connection-store.js';
import type { Verdict } from '../health/health.js';
import type { FaxLine } from './fax-line-store.js';
import type { OwnerFacts } from './owner-change.js';

/** The result of a completed check. */
export type Judged = {
  kind: 'done';
  verdict: Verdict;
  detail: CheckDetail;
  retryAfterMs: number | null;
  /** Set as soon as RingCentral has named the user, even if the verdict is a refusal. */
  identity: Identity | null;
  /** What RingCentral says about the credential's user, independent of the verdict; null if it was not asked. */
  owner: OwnerFacts | null;
  lines: FaxLine[] | null;
  /** The session of the proof, and whether it was begun for it. */
  by?: { session: RingCentralSession; isNew: boolean };
  /** Whether a new token has the scopes that our app needs; absent if RingCentral was not asked for a new one. */
  scopes?: 'held' | 'missing';
  /** The code of a sign-in was used up, and there is nothing to keep. */
  isSpent?: true;
  /** Whether RingCentral gave a refresh token for a code; absent if it accepted none. */
  refreshToken?: 'given' | 'missing';
};

export type Step = NonNullable<CheckDetail['step']>;

export const ended = (verdict: Verdict, detail: CheckDetail): Judged => ({
  kind: 'done',
  verdict,
  detail,
  retryAfterMs: null,
  identity: null,
  owner: null,
  lines: null,
});

export function unsuccessful(outcome: Refused | Inconclusive, step: Step): Judged {
  return {
    ...ended(
      { kind: outcome.kind, cause: outcome.cause },
      {
        step,
        ...(outcome.codes.length > 0 ? { codes: outcome.codes } : {}),
        ...(outcome.requestId !== null ? { requestId: outcome.requestId } : {}),
        ...(outcome.kind === 'refused' && outcome.permission !== undefined ? { permission: outcome.permission } : {}),
      },
    ),
    retryAfterMs: outcome.kind === 'inconclusive' ? outcome.retryAfterMs : null,
  };
}
