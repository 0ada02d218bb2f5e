import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What is done to tenants, and who was kept from one. */
export const tenantActs = [
  { action: 'access.denied', tenant: 'sometimes' },
  { action: 'tenant.created', tenant: 'always' },
  { action: 'tenant.renamed', tenant: 'always' },
  { action: 'tenant.language_set', tenant: 'always' },
  { action: 'tenant.second_factor_rule_set', tenant: 'always' },
  { action: 'tenant.methods_set', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof tenantActs> {}
}
