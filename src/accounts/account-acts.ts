import type { ActsOf, AuditAct } from '../audit/audit-events.js';

/** What people do with their accounts, and what is done to them. */
export const accountActs = [
  { action: 'person.signed_in', tenant: 'never' },
  { action: 'person.sign_in_refused', tenant: 'never' },
  { action: 'person.signed_out', tenant: 'never' },
  { action: 'person.second_factor_passed', tenant: 'never' },
  { action: 'person.second_factor_refused', tenant: 'never' },
  { action: 'person.second_factor_enrolled', tenant: 'never' },
  { action: 'person.second_factor_removed', tenant: 'never' },
  { action: 'person.second_factor_reset', tenant: 'always' },
  { action: 'person.recovery_code_used', tenant: 'never' },
  { action: 'person.recovery_codes_made', tenant: 'never' },
  { action: 'person.password_confirmed', tenant: 'never' },
  { action: 'person.sessions_ended', tenant: 'sometimes' },
  { action: 'person.password_set', tenant: 'sometimes' },
  { action: 'person.language_chosen', tenant: 'never' },
  { action: 'person.password_reset_asked', tenant: 'never' },
  { action: 'person.password_reset_mailed', tenant: 'sometimes' },
  { action: 'person.password_reset', tenant: 'never' },
  { action: 'person.password_changed', tenant: 'never' },
  { action: 'person.address_change_asked', tenant: 'never' },
  { action: 'person.address_change_withdrawn', tenant: 'never' },
  { action: 'person.address_changed', tenant: 'never' },
  { action: 'person.address_proved', tenant: 'never' },
  { action: 'staff.created', tenant: 'never' },
  { action: 'staff.disabled', tenant: 'never' },
  { action: 'staff.enabled', tenant: 'never' },
  { action: 'staff.role_changed', tenant: 'never' },
  { action: 'staff.second_factor_reset', tenant: 'never' },
  { action: 'staff.company_account_linked', tenant: 'never' },
  { action: 'staff.company_account_removed', tenant: 'never' },
  { action: 'staff.viewed_by_staff', tenant: 'never' },
  { action: 'invitation.created', tenant: 'sometimes' },
  { action: 'invitation.revoked', tenant: 'always' },
  { action: 'invitation.accepted', tenant: 'always' },
  { action: 'invitation.reminded', tenant: 'always' },
  { action: 'invitation.reminders_stopped', tenant: 'always' },
  { action: 'member.removed', tenant: 'always' },
  { action: 'member.role_changed', tenant: 'always' },
] as const satisfies readonly AuditAct[];

declare module '../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof accountActs> {}
}
