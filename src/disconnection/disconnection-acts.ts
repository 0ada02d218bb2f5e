import type { ActsOf, AuditAct } from '../audit/audit-events.js';

export const disconnectionActs = [
  { action: 'connection.disconnected', tenant: 'always' },
  { action: 'receipt.made', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof disconnectionActs> {}
}
