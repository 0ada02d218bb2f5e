import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What becomes of RingCentral sign-ins. */
export const codeFlowActs = [
  { action: 'ringcentral_sign_in.started', tenant: 'always' },
  { action: 'ringcentral_sign_in.returned', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof codeFlowActs> {}
}
