import { fixOwnerOf, isCause, keepsPaste } from '../connections/health/causes.js';

/**
 * Where a tenant stands, from stored facts alone: the guide goes on the same on any device, for any colleague.
 * `state` is the shown state of the connection. `lastCause`: why the last paste or check was refused, where it was.
 */
export type GuideProgress = {
  state:
    'not_started' | 'not_connected' | 'pending' | 'healthy' | 'warning' | 'failing' | 'unverified' | 'disconnected';
  lastCause?: string;
};

/**
 * What to do next.
 *
 * - `make`: nothing was pasted yet. - `make_again`: the last JWT is of no more use.
 * - `wait`: a JWT is being checked, or somebody else has to act. - `mend`: the JWT is kept; something in RingCentral needs a change.
 * - `connected`: done. - `reconnect`: somebody disconnected on purpose.
 */
export type NextStep = 'make' | 'make_again' | 'wait' | 'mend' | 'connected' | 'reconnect';

const refused = (cause: string): NextStep => (isCause(cause) && !keepsPaste(cause) ? 'make_again' : 'mend');

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
      return lastCause === undefined ? 'mend' : refused(lastCause);
    case 'disconnected':
      return 'reconnect';
    case 'healthy':
    case 'warning':
    case 'unverified':
      return 'connected';
  }
}
