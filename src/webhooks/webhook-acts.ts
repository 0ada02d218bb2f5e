import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What becomes of webhooks. The target is the endpoint. */
export const webhookActs = [
  { action: 'webhook.made', tenant: 'never' },
  { action: 'webhook.paused', tenant: 'never' },
  { action: 'webhook.resumed', tenant: 'never' },
  { action: 'webhook.removed', tenant: 'never' },
  { action: 'webhook.secret_rotated', tenant: 'never' },
  { action: 'webhook.tested', tenant: 'never' },
  { action: 'webhook.sent_again', tenant: 'never' },
  { action: 'webhook.missed_sent', tenant: 'never' },
  { action: 'webhook.turned_off', tenant: 'never' },
  { action: 'webhooks.viewed_by_staff', tenant: 'never' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof webhookActs> {}
}
