import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What becomes of pastes. */
export const credentialActs = [
  { action: 'credential.paste_refused', tenant: 'always' },
  { action: 'credential.submitted', tenant: 'always' },
  { action: 'credential.destroyed', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof credentialActs> {}
}
