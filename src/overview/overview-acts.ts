import type { ActsOf, AuditAct } from '../audit/audit-events.js';

export const overviewActs = [
  { action: 'overview.viewed_by_staff', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof overviewActs> {}
}
