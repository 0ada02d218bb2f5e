import type { AuditAction } from '../audit/audit-events.js';
import type { TenantAudit } from '../audit/audit-store.js';

type Limit = { most: number; windowMs: number; actions: AuditAction[] };

/** What a tenant's people may trigger; far below RingCentral's limit for the app (SEC-28). Counted in the audit. */
const limits = {
  exchange: { most: 5, windowMs: 10 * 60_000, actions: ['credential.submitted', 'check.requested'] },
  paste: { most: 30, windowMs: 60 * 60_000, actions: ['credential.submitted', 'credential.paste_refused'] },
} satisfies Record<string, Limit>;

/** @returns null if one more is within the limit, otherwise when it will be */
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
