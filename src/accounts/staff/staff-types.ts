import type { Actor, Origin } from '../../audit/audit-events.js';
import type { Knex } from '../../platform/database/database.js';
import type { PasswordProblem } from '../passwords/password-rules.js';

export type StaffProblem = 'email_unreadable' | 'name_missing' | 'name_too_long' | 'role_unknown' | 'address_in_use';
export type CreatedStaff =
  { ok: true; personId: string; url: string; expiresAt: Date } | { ok: false; problem: StaffProblem };

/**
 * What became of a change. `unchanged`: it was so already. `not_staff`: there is no such member of staff, or the person
 * who asks is no longer an administrator.
 */
export type StaffChange = 'changed' | 'unchanged' | 'not_staff' | 'role_unknown' | 'own_account' | 'last_administrator';

export type By = { actor: Actor; origin?: Origin | undefined };
/** Pages know the id, the command line the address. */
export type Who = { id: string } | { email: string };

/**
 * `finish` makes the change; call it in the transaction that begins the browser session. False: the link is used up.
 */
export type SetupVerdict =
  | { kind: 'ready'; personId: string; finish: (trx: Knex) => Promise<boolean> }
  | { kind: 'refused'; problem: PasswordProblem }
  | { kind: 'spent' };
