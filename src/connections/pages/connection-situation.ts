import { fixOwnerOf } from '../health/causes.js';
import type { ConnectionView } from '../connection-view.js';

export type Situation =
  | 'not_connected'
  | 'refused'
  | 'checking'
  | 'turn'
  | 'fix'
  | 'othersFix'
  | 'retry'
  | 'healthy'
  | 'warning'
  | 'failing'
  | 'unverified'
  | 'disconnected';

/** What the reader must know first. */
export function situationOf(view: ConnectionView): Situation {
  const { state } = view.shown;
  if (state === 'not_connected') return view.connection.health.lastRefusal ? 'refused' : 'not_connected';
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
  return fixOwnerOf(pending.cause) === 'tenant' ? 'fix' : 'othersFix';
}
