import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What becomes of links for colleagues. */
export const handOffActs = [
  { action: 'hand_off.made', tenant: 'always' },
  { action: 'hand_off.opened', tenant: 'always' },
  { action: 'hand_off.revoked', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof handOffActs> {}
}
