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
  /** null where it is about the portal as a whole. */
  tenantId: string | null;
  /** Ids, times, codes and fix owners only: no secret, no name, nothing typed. */
  data: Record<string, string | null>;
};

export type RecordedEvent = NewEvent & {
  /** Events are read in this order, and none appears later behind one that was read. */
  seq: number;
  id: string;
  at: Date;
};
