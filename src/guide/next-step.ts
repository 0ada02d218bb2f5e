import type { Method } from '../credentials/credential-types.js';
import { fixOwnerOf, isCause, keepsPaste } from '../connections/health/causes.js';
import type { ShownState } from '../connections/health/health.js';

/**
 * A tenant's progress, derived only from stored facts, so that the guide continues on any device and for any
 * colleague. `state` is the shown state of the connection. `lastCause` is the cause of the last refused paste or
 * check, if any.
 */
export type GuideProgress = {
  state: 'not_started' | ShownState;
  lastCause?: string;
  /** How the tenant last connected or tried to; a JWT if it is not said. */
  method?: Method;
};

/**
 * What to do next.
 *
 * - `make`: nothing has been pasted. - `make_again`: the last JWT can no longer be used.
 * - `wait`: a JWT is being checked, or someone else must act. - `fix`: the JWT is kept; something must change in
 *   RingCentral.
 * - `connected`: done. - `reconnect`: someone disconnected on purpose.
 */
export type NextStep = 'make' | 'make_again' | 'wait' | 'fix' | 'connected' | 'reconnect';

const refused = (cause: string): NextStep => (isCause(cause) && !keepsPaste(cause) ? 'make_again' : 'fix');

export function nextStep({ state, lastCause }: GuideProgress): NextStep {
  switch (state) {
    case 'not_started':
      return 'make';
    case 'not_connected':
      return lastCause === undefined ? 'make' : refused(lastCause);
    case 'pending':
      if (lastCause === undefined || (isCause(lastCause) && fixOwnerOf(lastCause) !== 'tenant')) return 'wait';
      return refused(lastCause);
    case 'failing':
      return lastCause === undefined ? 'fix' : refused(lastCause);
    case 'disconnected':
      return 'reconnect';
    case 'healthy':
    case 'warning':
    case 'unverified':
      return 'connected';
  }
}
