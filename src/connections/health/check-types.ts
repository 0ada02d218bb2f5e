import type { Environment } from '../../ringcentral/environments.js';
import type { Cause } from './causes.js';

/**
 * Why a check was made. `confirmation`: repeats a doubtful refusal. `pending`: retries a kept paste automatically.
 */
export type Trigger = 'submission' | 'person' | 'schedule' | 'confirmation' | 'pending';

/** RingCentral's codes and permission names, for support; never a message or body of RingCentral. */
export type CheckDetail = {
  codes?: string[];
  requestId?: string;
  permission?: string;
  extensionId?: string;
  /** The environment that the refused JWT names, if RingCentral was asked in another one. */
  issuedBy?: Environment;
  /** The refused JWT had not expired. */
  unexpired?: true;
  /** RingCentral gave no clear answer to the code of a sign-in, or the code was not sent in time. */
  unanswered?: true;
  step?: 'mint' | 'identity' | 'scopes' | 'fax_lines' | 'pins' | 'local' | 'incident' | 'control';
};

export type Check = {
  id: string;
  credentialId: string;
  trigger: Trigger;
  verdict: 'accepted' | 'refused' | 'inconclusive';
  cause: Cause | null;
  warnings: Cause[];
  detail: CheckDetail;
  startedAt: Date;
  finishedAt: Date;
};
