import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What programs do that no other capability writes down. */
export const apiActs = [{ action: 'tenant.list_read_by_key', tenant: 'never' }] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof apiActs> {}
}
