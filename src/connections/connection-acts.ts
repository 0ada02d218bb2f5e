import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What is asked of connections, and what checks find. */
export const connectionActs = [
  { action: 'credential.judged', tenant: 'always' },
  { action: 'check.requested', tenant: 'always' },
  { action: 'check.requested_by_staff', tenant: 'always' },
  { action: 'check.requested_by_key', tenant: 'always' },
  { action: 'fax_lines.chosen', tenant: 'always' },
  { action: 'account.approved', tenant: 'always' },
  { action: 'account.refused', tenant: 'always' },
  { action: 'fix.mailed', tenant: 'always' },
  { action: 'account.confirmed', tenant: 'always' },
  { action: 'account.disowned', tenant: 'always' },
  { action: 'owner.changed', tenant: 'always' },
  { action: 'owner.change_over', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof connectionActs> {}
}
