import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What is done before a run. */
export const preflightActs = [
  { action: 'preflight.viewed_by_staff', tenant: 'never' },
  { action: 'preflight.read_by_key', tenant: 'never' },
  { action: 'preflight.checks_queued', tenant: 'never' },
  { action: 'preflight.run_time_set', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof preflightActs> {}
}
