import type { ProblemDetails } from '../app/problem.js';
import type { TokenAnswer } from './token-service.js';

type FixOwner = ProblemDetails['fixOwner'];

/** Why a job gets no token, as the API says it. */
export type Refusal = {
  kind: 'refusal';
  /** 409: someone must act first. 422: the request itself is wrong. 503: the same request may succeed later. */
  status: 409 | 422 | 503;
  cause: string;
  fixOwner: FixOwner;
  since?: Date | null;
  /** Not before. */
  until?: Date;
};

/** Causes of our own for a token that is not there yet. */
export const waits = {
  budget: 'auth_budget',
  sessions: 'session_limit',
  confirmation: 'refusal_unconfirmed',
  busy: 'token_pending',
} as const;
/** The portal cannot open the credential. Its operators must restore the key. */
const unreadable = 'unavailable';

/** What no credential of a clinic is to blame for, and what says nothing about it: told as it is. */
const toldAsIs = [
  'rate_limited',
  'ringcentral_unavailable',
  'unreachable',
  'owner_locked',
  'app_misconfigured',
  'scope_missing',
];

/** The causes of this call, besides those that a connection can have. */
export const tokenCauses = {
  409: ['not_connected'],
  422: ['scope_not_requested', 'other_scope_in_use'],
  503: [...Object.values(waits), ...toldAsIs, 'audit_unavailable', unreadable],
} as const;

/** @param fixOwnerOf who can fix a cause that a connection can have */
export function refusalOf(
  answer: Exclude<TokenAnswer, { kind: 'token' }> | { kind: 'foreign_scope' },
  fixOwnerOf: (cause: string) => FixOwner,
): Refusal {
  const refusal = { kind: 'refusal' } as const;
  switch (answer.kind) {
    case 'not_connected':
      return { ...refusal, status: 409, cause: 'not_connected', fixOwner: 'tenant', since: answer.since };
    case 'refused': {
      const { cause, since } = answer;
      return { ...refusal, status: 409, cause, since, fixOwner: fixOwnerOf(cause) };
    }
    case 'foreign_scope':
      return { ...refusal, status: 422, cause: 'scope_not_requested', fixOwner: 'isv' };
    case 'other_scopes':
      return { ...refusal, status: 422, cause: 'other_scope_in_use', fixOwner: 'isv', until: answer.until };
    case 'later': {
      const { because, until } = answer;
      if (because === 'unreadable') return { ...refusal, status: 503, cause: unreadable, fixOwner: 'isv', until };
      if (Object.hasOwn(waits, because))
        return { ...refusal, status: 503, cause: waits[because as keyof typeof waits], fixOwner: 'nobody', until };
      if (toldAsIs.includes(because))
        return { ...refusal, status: 503, cause: because, fixOwner: fixOwnerOf(because), until };
      // RingCentral refused the credential, and a check has not judged that yet.
      return { ...refusal, status: 503, cause: waits.confirmation, fixOwner: 'nobody', until };
    }
  }
}
