import type { AuditAction, AuditOutcome } from '../audit/audit-events.js';
import type { StoredAuditEvent } from '../audit/audit-store.js';

/** A job asked for an access token. */
const uses: readonly string[] = ['token.issued', 'token.refused'];

/** What changed a clinic's connection, its people or its rules. Views, and what others tried, are not changes. */
const changes: readonly AuditAction[] = [
  'tenant.created',
  'tenant.renamed',
  'tenant.language_set',
  'tenant.second_factor_rule_set',
  'tenant.methods_set',
  'invitation.created',
  'invitation.revoked',
  'invitation.accepted',
  'invitation.reminded',
  'invitation.reminders_stopped',
  'member.removed',
  'member.role_changed',
  'person.second_factor_reset',
  'person.sessions_ended',
  'person.password_set',
  'person.password_reset_mailed',
  'credential.paste_refused',
  'credential.submitted',
  'credential.judged',
  'credential.destroyed',
  'connection.disconnected',
  'receipt.made',
  'credential.retired',
  'credential.said_deleted',
  'credential.said_deleted_by_staff',
  'credential.death_checked',
  'credential.proved_dead',
  'ringcentral_sign_in.started',
  'ringcentral_sign_in.returned',
  'check.requested',
  'check.requested_by_staff',
  'check.requested_by_key',
  'fax_lines.chosen',
  'account.approved',
  'account.refused',
  'account.confirmed',
  'account.disowned',
  'owner.changed',
  'owner.change_over',
  'hand_off.made',
  'hand_off.opened',
  'hand_off.revoked',
];

/** What the clinic's people may see of the audit. */
export const shownActions: readonly string[] = [...uses, ...changes];

/** Equal uses by one key within an hour (UTC). */
export type Use = {
  kind: 'use';
  keyId: string | null;
  purpose: string | null;
  outcome: AuditOutcome;
  cause: string | null;
  count: number;
  jobIds: Set<string>;
  from: Date;
  to: Date;
};
export type Change = { kind: 'change' } & Pick<StoredAuditEvent, 'at' | 'action' | 'actorKind' | 'actorId' | 'outcome'>;
export type Entry = Use | Change;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A check that the portal made by its own plan changes nothing. */
const isPlannedCheck = ({ action, actorKind }: StoredAuditEvent) =>
  action === 'credential.judged' && actorKind === 'portal';

/**
 * Newest first. Uses are counted together, because a job may ask many times a minute; a group ends with its page.
 *
 * @param events newest first
 * @param most how many entries to return
 * @returns `next`: the id of the event before which the next page begins; null if all events are in these entries
 */
export function entriesOf(
  events: readonly StoredAuditEvent[],
  most: number,
): { entries: Entry[]; next: string | null } {
  const entries: Entry[] = [];
  const groups = new Map<string, Use>();
  let last: string | null = null;
  for (const event of events) {
    const use = uses.includes(event.action) ? useOf(event) : null;
    const group = use?.key === undefined ? undefined : groups.get(use.key);
    const isShown = group === undefined && !isPlannedCheck(event);
    if (isShown && entries.length === most) return { entries, next: last };
    if (group && use) join(group, use.entry);
    else if (use) {
      groups.set(use.key, use.entry);
      entries.push(use.entry);
    } else if (isShown) {
      const { at, action, actorKind, actorId, outcome } = event;
      entries.push({ kind: 'change', at, action, actorKind, actorId, outcome });
    }
    last = event.id;
  }
  return { entries, next: null };
}

function useOf({ at, actorId: keyId, outcome, detail }: StoredAuditEvent): { key: string; entry: Use } {
  const [purpose, cause, jobId] = [detail['purpose'], detail['cause'], detail['job_id']].map(textOf);
  const same = { keyId, purpose: purpose ?? null, outcome, cause: cause ?? null };
  const jobIds = new Set(jobId == null ? [] : [jobId]);
  const hour = at.toISOString().slice(0, 'yyyy-mm-ddThh'.length);
  return {
    key: JSON.stringify([hour, ...Object.values(same)]),
    entry: { kind: 'use', ...same, count: 1, jobIds, from: at, to: at },
  };
}

function join(group: Use, { from, to, jobIds }: Use): void {
  group.count += 1;
  for (const jobId of jobIds) group.jobIds.add(jobId);
  if (from < group.from) group.from = from;
  if (to > group.to) group.to = to;
}
