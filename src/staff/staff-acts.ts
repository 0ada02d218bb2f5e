import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What staff looked at. */
export const staffActs = [
  { action: 'tenant.viewed_by_staff', tenant: 'always' },
  { action: 'tenant.list_viewed_by_staff', tenant: 'never' },
  { action: 'incidents.viewed_by_staff', tenant: 'never' },
  { action: 'budget.viewed_by_staff', tenant: 'never' },
  { action: 'activity.viewed_by_staff', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof staffActs> {}
}
