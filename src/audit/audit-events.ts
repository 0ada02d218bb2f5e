/** Every kind of thing that leaves a trace. A new one is added here, or the code that appends it does not compile. */
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

/** What earlier versions appended: read, never written. */
export type FormerAuditAction = 'credential.canary_tried';

/** Who did it: a person, the portal by itself, or somebody at the command line of the server. */
export type Actor =
  | { kind: 'person'; id: string }
  | { kind: 'hand_off'; id: string } // whoever holds that link: nobody knows who it is
  | { kind: 'portal' }
  | { kind: 'command_line' }
  | { kind: 'nobody' }; // not signed in

/**
 * Who asks for a clinic: a member, or who came by a hand-off link, for which the member who made it answers.
 * `personId` is that member in both.
 */
export type Requester = { personId: string; handOffId?: string | undefined };

export const actorOf = ({ personId, handOffId }: Requester): Actor =>
  handOffId === undefined ? { kind: 'person', id: personId } : { kind: 'hand_off', id: handOffId };

/** Where a request came from. The portal's own work has none. */
export type Origin = { ip?: string | undefined; requestId?: string | undefined };

/** `inconclusive`: it was tried, and neither happened nor was refused. */
export type AuditOutcome = 'ok' | 'refused' | 'inconclusive';

export type AuditEvent = {
  action: AuditAction;
  actor: Actor;
  tenantId?: string | undefined;
  /** The id of what was acted on: never a name, an address or anything typed. */
  target?: string | undefined;
  outcome: AuditOutcome;
  /** Codes and counts only. */
  detail?: Record<string, string | number | boolean | null> | undefined;
  origin?: Origin | undefined;
};
