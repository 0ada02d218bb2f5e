import { z, type output, type ZodType } from 'zod';

const time = z.iso.datetime();
const cause = z.string().nullable().describe('A stable code with a page of its own; null without a cause');
const fixOwner = z.enum(['tenant', 'isv', 'ringcentral', 'nobody']).nullable().describe('Who needs to act');

const ofConnection = z.strictObject({
  cause,
  fix_owner: fixOwner,
  since: time.describe('Of the state that it tells of'),
});
const ofIncident = z.strictObject({ incident_id: z.string(), kind: z.string(), cause, fix_owner: fixOwner });

/**
 * The events that other programs receive by webhook and in the list of events, and what each says: only ids, times, codes and fix owners; no secrets,
 * names or typed values. The names are stable.
 */
export const eventData = {
  'connection.connected': ofConnection,
  'connection.warning': ofConnection,
  'connection.failing': ofConnection,
  'connection.recovered': ofConnection,
  'connection.unverified': ofConnection,
  'connection.replaced': ofConnection,
  'connection.disconnected': ofConnection,
  'credential.pending': z.strictObject({ credential_id: z.string() }),
  'invitation.accepted': z.strictObject({ invitation_id: z.string() }),
  'tenant.offboarded': z.strictObject({ erase_at: time.describe('From then on it cannot be undone') }),
  'tenant.restored': z.strictObject({}),
  'incident.opened': ofIncident,
  'incident.closed': ofIncident,
} satisfies Record<string, ZodType>;

export type EventType = keyof typeof eventData;
export type EventData<Type extends EventType> = output<(typeof eventData)[Type]>;
export const eventTypes = Object.keys(eventData) as EventType[];

/** The members that every event has, apart from its type and data. */
export const eventMembers = {
  id: z.string().describe('The same in the list of events, and in each webhook of the event'),
  seq: z.int().describe('Counts all events of the portal, in the order in which they were committed'),
  at: time,
  tenant: z.string().nullable().describe('The id of the clinic; null if the event concerns the portal as a whole'),
  external_ref: z.string().nullable().describe("The ISV's own id for the clinic, as it was at that time"),
};

const titleOf = (type: EventType): string =>
  `${type.replaceAll(/(^|\.)(\w)/g, (_match, _dot, letter: string) => letter.toUpperCase())}Webhook`;

const webhookOf = (type: EventType) =>
  z
    .strictObject({
      ...eventMembers,
      seq: eventMembers.seq.nullable().describe('The number of the event in the list of events; null in a test'),
      type: z.literal(type),
      data: eventData[type],
      test: z.literal(true).optional().describe('Only in a test, which a person sent from the page of the endpoint'),
      note: z.string().optional().describe('Only in a test: a name that is not ASCII, with escapes'),
    })
    .meta({ title: titleOf(type) });

/** The body of a webhook of each type. */
export const webhookBodies: ReadonlyMap<EventType, ZodType> = new Map(
  eventTypes.map((type) => [type, webhookOf(type)]),
);
