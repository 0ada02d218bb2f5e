import type { Cause } from './causes.js';

/** Why a check was made. `confirmation`: a doubtful refusal asked again. `pending`: a kept paste tried by itself. */
export type Trigger = 'submission' | 'person' | 'schedule' | 'confirmation' | 'pending';

/** Codes of RingCentral and names of its permissions, for support; never a text or a body of RingCentral's. */
export type CheckDetail = {
  codes?: string[];
  requestId?: string;
  permission?: string;
  extensionId?: string;
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
