import { fixOwnerOf } from '../health/causes.js';
import type { ConnectionView } from '../connection-view.js';

export type Situation =
  | 'not_connected'
  | 'refused'
  | 'disowned'
  | 'checking'
  | 'turn'
  | 'fix'
  | 'othersFix'
  | 'retry'
  | 'confirm'
  | 'healthy'
  | 'warning'
  | 'failing'
  | 'unverified'
  | 'disconnected';

/** What the reader must know first. */
export function situationOf(view: ConnectionView): Situation {
  const { state } = view.shown;
  const { lastRefusal } = view.connection.health;
  if (state === 'not_connected' && lastRefusal?.cause === 'not_confirmed') return 'disowned';
  if (state === 'not_connected') return lastRefusal ? 'refused' : 'not_connected';
  return state === 'pending' ? pendingSituation(view) : state;
}

export function pendingSituation({ connection, checking, nextCheckAt, trouble }: ConnectionView) {
  const { pending } = connection.health;
  if (!pending || pending.cause === null) {
    if (checking || nextCheckAt === null) return 'checking';
    // We could not even make the check, so it is not waiting for RingCentral's rate limit.
    return trouble ? 'retry' : 'turn';
  }
  if (!pending.refused) return 'retry';
  if (pending.cause === 'not_confirmed') return 'confirm';
  return fixOwnerOf(pending.cause) === 'tenant' ? 'fix' : 'othersFix';
}
