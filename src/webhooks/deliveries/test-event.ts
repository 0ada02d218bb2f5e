import type { ZodType } from 'zod';
import { webhookBodies, type EventType } from '../../notifications/event-schemas.js';

/** As JSON text. The name is not ASCII, and a serializer would write its escapes in another way. */
const NOTE = '"Test: Cl\\u00ednica \\"Ñandú\\" \\u2603 北京 \\/ 7"';
const ofClinic = { tenant: '"00000000-0000-4000-8000-000000000000"', ref: '"EHR-1001"' };
const ofPortal = { tenant: 'null', ref: 'null' };

const connection = (cause: string, fixOwner: string) =>
  `{"since":"2026-11-30T08:15:00.000Z","fix_owner":${fixOwner},"cause":${cause}}`;
const well = { ...ofClinic, data: connection('null', 'null') };
const incident = {
  ...ofPortal,
  data: '{"kind":"app","fix_owner":"isv","incident_id":"00000000-0000-4000-8000-000000000002","cause":"app_misconfigured"}',
};

/** What an event of each type says, as an example. */
const examples: Record<EventType, { tenant: string; ref: string; data: string }> = {
  'connection.connected': well,
  'connection.warning': { ...ofClinic, data: connection('"expires_soon"', '"tenant"') },
  'connection.failing': { ...ofClinic, data: connection('"owner_inactive"', '"tenant"') },
  'connection.recovered': well,
  'connection.unverified': { ...ofClinic, data: connection('"ringcentral_unavailable"', '"ringcentral"') },
  'connection.replaced': well,
  'connection.disconnected': well,
  'credential.pending': { ...ofClinic, data: '{"credential_id":"00000000-0000-4000-8000-000000000003"}' },
  'invitation.accepted': { ...ofClinic, data: '{"invitation_id":"00000000-0000-4000-8000-000000000004"}' },
  'tenant.offboarded': { ...ofClinic, data: '{"erase_at":"2026-12-30T08:15:00.000Z"}' },
  'tenant.restored': { ...ofClinic, data: '{}' },
  'incident.opened': incident,
  'incident.closed': incident,
};

/**
 * The body of a test: an event of its type that shows whether a receiver verifies the bytes that it got. A name that is
 * not ASCII, escapes that a serializer would write differently, and an unusual order of keys: a receiver that parses and
 * serializes the body before it verifies gets another signature.
 */
export function testBody(id: string, type: EventType, at: Date): string {
  const { tenant, ref, data } = examples[type];
  return `{"data":${data},"type":"${type}","external_ref":${ref},"test":true,"seq":null,"tenant":${tenant},"note":${NOTE},"id":"${id}","at":"${at.toISOString()}"}`;
}

const EXAMPLE_AT = new Date('2026-11-30T08:15:01.000Z');

/** A webhook of each type, with the schema of its body and an example: what a test sends, as a number of the feed. */
export const webhookExamples: readonly { name: EventType; body: ZodType; example: unknown }[] = [...webhookBodies].map(
  ([name, body]) => {
    const {
      test: _test,
      note: _note,
      ...event
    } = JSON.parse(testBody('00000000-0000-4000-8000-000000000001', name, EXAMPLE_AT)) as Record<string, unknown>;
    return { name, body, example: { ...event, seq: 4711 } };
  },
);
