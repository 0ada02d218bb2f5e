import type { EventType } from '../../notifications/event-store.js';

/**
 * The body of a test: correct JSON that shows whether a receiver verifies the bytes that it got. A name that is not
 * ASCII, escapes that a serializer would write differently, and an unusual order of keys: a receiver that parses and
 * serializes the body before it verifies gets another signature.
 */
export function testBody(id: string, type: EventType, at: Date): string {
  const isOfPortal = type.startsWith('incident.');
  const tenant = isOfPortal ? 'null' : '"00000000-0000-4000-8000-000000000000"';
  const ref = isOfPortal ? 'null' : '"cl\\u00ednica-7"';
  const data = `{"zeta":1,"name":"Clínica \\"Ñandú\\" \\u2603 北京 \\/ 7","cause":null,"alpha":1.0}`;
  return `{"data":${data},"type":"${type}","external_ref":${ref},"test":true,"seq":null,"tenant":${tenant},"id":"${id}","at":"${at.toISOString()}"}`;
}
