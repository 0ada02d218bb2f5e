import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What is done when a clinic leaves. */
export const offboardingActs = [{ action: 'tenant.exported', tenant: 'always' }] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof offboardingActs> {}
}
