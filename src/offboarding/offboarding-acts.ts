import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What is done when a clinic leaves. */
export const offboardingActs = [
  { action: 'tenant.exported', tenant: 'always' },
  { action: 'tenant.offboarded', tenant: 'always' },
  { action: 'tenant.offboarding_undone', tenant: 'always' },
  { action: 'tenant.erased', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof offboardingActs> {}
}
