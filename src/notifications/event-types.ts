/** The events that other programs receive by webhook and in the list of events. The names are stable. */
export type EventType =
  | 'connection.connected'
  | 'connection.warning'
  | 'connection.failing'
  | 'connection.recovered'
  | 'connection.unverified'
  | 'connection.replaced'
  | 'connection.disconnected'
  | 'credential.pending'
  | 'invitation.accepted'
  | 'incident.opened'
  | 'incident.closed';

export type NewEvent = {
  type: EventType;
  /** null if the event concerns the portal as a whole */
  tenantId: string | null;
  /** Only ids, times, codes and fix owners: no secrets, names or typed values. */
  data: Record<string, string | null>;
};
