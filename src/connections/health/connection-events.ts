import type { EventType } from '../../notifications/event-store.js';
import type { Cause } from './causes.js';
import type { ShownState } from './health.js';

export type StateAndCause = { state: ShownState; cause: Cause | null };

export type ConnectionEvent = { type: Extract<EventType, `connection.${string}`>; cause: Cause | null };

const works = ({ state }: StateAndCause): boolean => state === 'healthy' || state === 'warning';
const served = ({ state }: StateAndCause): boolean => works({ state, cause: null }) || state === 'unverified';

/**
 * The events for external programs when the shown state of a connection changes; none if neither state nor cause
 * changed.
 *
 * @param replaced whether another credential replaced the one in use
 */
export function connectionEvents(before: StateAndCause, after: StateAndCause, replaced: boolean): ConnectionEvent[] {
  const events: ConnectionEvent[] = [];
  const add = (type: ConnectionEvent['type']) => events.push({ type, cause: after.cause });
  if (replaced) add('connection.replaced');
  if (before.state === after.state && before.cause === after.cause) return events;
  if (works(after)) {
    if (before.state === 'failing' || before.state === 'unverified') add('connection.recovered');
    else if (!served(before)) add('connection.connected');
    if (after.state === 'warning') add('connection.warning');
    else if (before.state === 'warning') add('connection.recovered');
  } else if (after.state === 'failing') add('connection.failing');
  else if (after.state === 'unverified') add('connection.unverified');
  else if (after.state === 'disconnected' && before.state !== 'pending') add('connection.disconnected');
  return events;
}

/**
 * What happens to the connection's incident: it is open while a person must act before the connection works again.
 */
export function incidentStep(before: StateAndCause, after: StateAndCause): 'open' | 'close' | 'none' {
  if (after.state === 'failing' && before.state !== 'failing') return 'open';
  // `unverified` does not end an incident: the failure still has to be fixed.
  if (after.state !== 'failing' && after.state !== 'unverified' && before.state !== after.state) return 'close';
  return 'none';
}
