import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What becomes of credentials. */
export const credentialActs = [
  { action: 'credential.paste_refused', tenant: 'always' },
  { action: 'credential.submitted', tenant: 'always' },
  { action: 'credential.destroyed', tenant: 'always' },
  { action: 'credential.retired', tenant: 'always' },
  { action: 'credential.said_deleted', tenant: 'always' },
  { action: 'credential.said_deleted_by_staff', tenant: 'always' },
  { action: 'credential.death_checked', tenant: 'always' },
  { action: 'credential.proved_dead', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof credentialActs> {}
}
