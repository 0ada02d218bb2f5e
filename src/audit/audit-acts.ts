import type { ActsOf, AuditAct } from './audit-events.js';

/** Requests that were refused before any capability could act on them. */
export const refusedRequestActs = [
  { action: 'request.throttled', tenant: 'sometimes' },
  { action: 'request.form_refused', tenant: 'never' },
  { action: 'request.link_refused', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module './audit-events.js' {
  interface AuditActs extends ActsOf<typeof refusedRequestActs> {}
}
