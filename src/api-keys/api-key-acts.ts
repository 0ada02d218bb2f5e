import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What becomes of API keys. The target is the public part of the key. */
export const apiKeyActs = [
  { action: 'api_key.made', tenant: 'never' },
  { action: 'api_key.link_made', tenant: 'never' },
  { action: 'api_key.link_repeated', tenant: 'never' },
  { action: 'api_key.revoked', tenant: 'never' },
  { action: 'api_keys.viewed_by_staff', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof apiKeyActs> {}
}
