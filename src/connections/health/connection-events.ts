import type { EventType } from '../../notifications/event-types.js';
import type { Cause } from './causes.js';
import type { ShownState } from './health.js';

export type StateAndCause = { state: ShownState; cause: Cause | null };

export type ConnectionEvent = { type: Extract<EventType, `connection.${string}`>; cause: Cause | null };

const works = ({ state }: StateAndCause): boolean => state === 'healthy' || state === 'warning';
const served = ({ state }: StateAndCause): boolean => works({ state, cause: null }) || state === 'unverified';

/**
 * What outside programs are told when a connection goes from one shown state to another; nothing where neither state nor
 * cause changed.
 *
 * @param replaced another credential took the place of the one that served
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

/** What becomes of a connection's incident: one is open as long as a person must act before it works again. */
export function incidentStep(before: StateAndCause, after: StateAndCause): 'open' | 'close' | 'none' {
  if (after.state === 'failing' && before.state !== 'failing') return 'open';
  // `unverified` cures nothing: what failed is still to be mended.
  if (after.state !== 'failing' && after.state !== 'unverified' && before.state !== after.state) return 'close';
  return 'none';
}
