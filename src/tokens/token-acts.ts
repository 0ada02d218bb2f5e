import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What became of a job's request for an access token. */
export const tokenActs = [
  { action: 'token.issued', tenant: 'always' },
  { action: 'token.refused', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof tokenActs> {}
}
