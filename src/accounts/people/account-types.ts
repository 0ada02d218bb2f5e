import type { StaffRole } from '../../app/clinic-roles.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import type { SignedInPerson } from '../../platform/http/locals.js';
import type { World } from '../../platform/world.js';
import type { Language } from '../../texts/languages.js';

/** What every service of accounts is built on. */
export type ServiceBase = { db: Knex; transaction: Transaction; world: World };

export type { StaffRole };
/** The one that may do most is first. */
export const staffRoles: readonly StaffRole[] = ['administrator', 'operator', 'auditor'];

/** The role that may do less. A company's claim takes rights away and never gives one. */
export function narrowed(role: StaffRole, limit: StaffRole | undefined): StaffRole {
  if (limit === undefined) return role;
  return staffRoles.indexOf(limit) > staffRoles.indexOf(role) ? limit : role;
}

/** A stored person, without sign-in secrets. */
export type Person = {
  id: string;
  email: string;
  name: string;
  staffRole: StaffRole | null;
  /** Their own choice; null to use their tenant's language. */
  language: Language | null;
  hasPassword: boolean;
  /** A member of staff who signs in with an account of their company, and has no password. */
  hasCompanyAccount: boolean;
  hasSecondFactor: boolean;
  disabled: boolean;
  /** Whether the address was shown to be theirs by a link that was mailed to it, or by the operator of the server. */
  proved: boolean;
};

/** An account at the company's sign-in server: `iss` and `sub` of its ID tokens. */
export type CompanyAccount = { issuer: string; subject: string };

/** A member of staff as the list of staff shows them. `lastUsedAt` is null if no use was recorded. */
export type StaffMember = Person & { staffRole: StaffRole; lastUsedAt: Date | null };

/** The person of a browser session, loaded with every request, so a removed role takes effect at once. */
export type SessionPerson = SignedInPerson & {
  hasSecondFactor: boolean;
  hasCompanyAccount: boolean;
  language: Language | null;
  proved: boolean;
};

/** Whether the person has finished setting up a way to sign in. */
export const isSetUp = ({ hasPassword, hasCompanyAccount }: Person): boolean => hasPassword || hasCompanyAccount;

/** An administrator who signs in with a password, and so also while the company's sign-in server is down. */
export const isLocalAdministrator = (person: Person | undefined): boolean =>
  person?.staffRole === 'administrator' && person.hasPassword && !person.disabled;

/** Staff must have a second factor; other people who have one must use it. */
export const needsSecondFactor = (person: { staffRole: StaffRole | null; hasSecondFactor: boolean }): boolean =>
  person.staffRole !== null || person.hasSecondFactor;
