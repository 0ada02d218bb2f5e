import type { AuditAction } from '../audit/audit-events.js';
import type { TenantAudit } from '../audit/audit-store.js';

type Limit = { most: number; windowMs: number; actions: AuditAction[] };

/** What a tenant's people may set off; far below what RingCentral lets the app ask (SEC-28). Counted from the audit. */
const limits = {
  exchange: { most: 5, windowMs: 10 * 60_000, actions: ['credential.submitted', 'check.requested'] },
  paste: { most: 30, windowMs: 60 * 60_000, actions: ['credential.submitted', 'credential.paste_refused'] },
} satisfies Record<string, Limit>;

/** @returns null when one more is within the limit, else when it will be */
export async function waitUntil(
  which: keyof typeof limits,
  audit: Pick<TenantAudit, 'times'>,
  now: Date,
): Promise<Date | null> {
  const { most, windowMs, actions } = limits[which];
  const since = new Date(now.getTime() - windowMs);
  const times = await audit.times([...actions], since, most);
  const oldest = times[most - 1];
  return oldest === undefined ? null : new Date(oldest.getTime() + windowMs);
}
