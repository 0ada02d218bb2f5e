import type { AuditAction, Requester } from '../audit/audit-events.js';
import type { TenantAudit } from '../audit/audit-store.js';

type Limit = { most: number; windowMs: number; actions: AuditAction[] };

/**
 * What a tenant's members together, staff together for one tenant, and each hand-off link may trigger; far below RingCentral's limit for the app
 * (SEC-28). Counted in the audit.
 */
const limits = {
  exchange: {
    most: 5,
    windowMs: 10 * 60_000,
    actions: ['credential.submitted', 'check.requested', 'credential.said_deleted'],
  },
  sign_in: { most: 30, windowMs: 60 * 60_000, actions: ['ringcentral_sign_in.started'] },
  paste: { most: 30, windowMs: 60 * 60_000, actions: ['credential.submitted', 'credential.paste_refused'] },
} satisfies Record<string, Limit>;
/** Staff and programs paste nothing. */
const ofStaff: AuditAction[] = ['check.requested_by_staff', 'credential.said_deleted_by_staff'];
const ofPrograms: AuditAction[] = ['check.requested_by_key'];

/** All links of a tenant together: a member can make any number of links. */
const LINKS = 2;

/**
 * The tries of members, of staff, of programs and of links do not count for one another.
 *
 * @returns null if one more is within the limit, otherwise when it will be
 */
export async function waitUntil(
  which: keyof typeof limits,
  audit: Pick<TenantAudit, 'times'>,
  { handOffId, isStaff, keyId }: Requester,
  now: Date,
): Promise<Date | null> {
  const { most, windowMs, actions: ofTenant } = limits[which];
  const ofPeople = isStaff ? ofStaff : ofTenant;
  const actions = keyId === undefined ? ofPeople : ofPrograms;
  const since = new Date(now.getTime() - windowMs);
  const endOf = async (by: Parameters<TenantAudit['times']>[3], limit: number) => {
    const oldest = (await audit.times([...actions], since, limit, by))[limit - 1];
    return oldest === undefined ? null : new Date(oldest.getTime() + windowMs);
  };
  if (handOffId === undefined) return endOf('members', most);
  const ends = [await endOf({ handOffId }, most), await endOf('hand_offs', most * LINKS)];
  return ends.reduce((latest, end) => (latest && end && end < latest ? latest : (end ?? latest)));
}
