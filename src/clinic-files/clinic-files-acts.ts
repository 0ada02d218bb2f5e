import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What is done with files of clinics. The clinics that an import adds or changes have rows of their own. */
export const clinicFilesActs = [
  { action: 'import.checked', tenant: 'never' },
  { action: 'import.started', tenant: 'never' },
  { action: 'import.stopped', tenant: 'never' },
  { action: 'import.finished', tenant: 'never' },
  { action: 'tenant.list_exported', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof clinicFilesActs> {}
}
