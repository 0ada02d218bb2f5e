/** Every kind of audited action. A new action must be added here, or the code that appends it does not compile. */
export type AuditAction =
  | 'person.signed_in'
  | 'person.sign_in_refused'
  | 'person.signed_out'
  | 'person.second_factor_passed'
  | 'person.second_factor_refused'
  | 'person.second_factor_enrolled'
  | 'person.second_factor_removed'
  | 'person.second_factor_reset'
  | 'person.recovery_code_used'
  | 'person.recovery_codes_made'
  | 'person.password_confirmed'
  | 'person.sessions_ended'
  | 'person.password_set'
  | 'person.language_chosen'
  | 'person.password_reset_asked'
  | 'person.password_reset_mailed'
  | 'person.password_reset'
  | 'person.password_changed'
  | 'person.address_change_asked'
  | 'person.address_change_withdrawn'
  | 'person.address_changed'
  | 'staff.created'
  | 'access.denied'
  | 'tenant.created'
  | 'tenant.language_set'
  | 'tenant.second_factor_rule_set'
  | 'tenant.viewed_by_staff'
  | 'tenant.list_viewed_by_staff'
  | 'incidents.viewed_by_staff'
  | 'budget.viewed_by_staff'
  | 'invitation.created'
  | 'invitation.revoked'
  | 'invitation.accepted'
  | 'invitation.reminded'
  | 'invitation.reminders_stopped'
  | 'member.removed'
  | 'credential.paste_refused'
  | 'credential.submitted'
  | 'credential.judged'
  | 'credential.destroyed'
  | 'check.requested'
  | 'fax_lines.chosen'
  | 'account.approved'
  | 'owner.changed'
  | 'owner.change_over'
  | 'hand_off.made'
  | 'hand_off.opened'
  | 'hand_off.revoked';

/** Actions of earlier versions: read, never written. */
export type FormerAuditAction = 'credential.canary_tried';

/** Who acted: a person, the portal itself, or an operator on the server's command line. */
export type Actor =
  | { kind: 'person'; id: string }
  | { kind: 'hand_off'; id: string } // the unknown holder of that link
  | { kind: 'portal' }
  | { kind: 'command_line' }
  | { kind: 'nobody' }; // not signed in

/**
 * The requester for a clinic: a member, or the visitor of a hand-off link, for which its maker is responsible.
 * `personId` is the member in both cases.
 */
export type Requester = { personId: string; handOffId?: string | undefined };

export const actorOf = ({ personId, handOffId }: Requester): Actor =>
  handOffId === undefined ? { kind: 'person', id: personId } : { kind: 'hand_off', id: handOffId };

/** Where a request came from. The portal's own work has no origin. */
export type Origin = { ip?: string | undefined; requestId?: string | undefined };

/** `inconclusive`: it was attempted and neither succeeded nor was refused. */
export type AuditOutcome = 'ok' | 'refused' | 'inconclusive';

export type AuditEvent = {
  action: AuditAction;
  actor: Actor;
  tenantId?: string | undefined;
  /** The id of the target: never a name, an address or a typed value. */
  target?: string | undefined;
  outcome: AuditOutcome;
  /** Only codes and counts. */
  detail?: Record<string, string | number | boolean | null> | undefined;
  origin?: Origin | undefined;
};
