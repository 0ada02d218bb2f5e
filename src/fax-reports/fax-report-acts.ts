import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What the fax pull does here. */
export const faxReportActs = [{ action: 'fax_pull.reported', tenant: 'always' }] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof faxReportActs> {}
}
