import type { StaffRole } from '../../app/clinic-roles.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import type { SignedInPerson } from '../../platform/http/locals.js';
import type { World } from '../../platform/world.js';
import type { Language } from '../../texts/languages.js';

/** What every service of accounts is built on. */
export type ServiceBase = { db: Knex; transaction: Transaction; world: World };

export type { StaffRole };
export const staffRoles: readonly StaffRole[] = ['administrator', 'operator', 'auditor'];

/** A stored person, without sign-in secrets. */
export type Person = {
  id: string;
  email: string;
  name: string;
  staffRole: StaffRole | null;
  /** Their own choice; null to use their tenant's language. */
  language: Language | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  disabled: boolean;
  /** Whether the address was shown to be theirs by a link that was mailed to it, or by the operator of the server. */
  proved: boolean;
};

/** A member of staff as the list of staff shows them. `lastUsedAt` is null if no use was recorded. */
export type StaffMember = Person & { staffRole: StaffRole; lastUsedAt: Date | null };

/** The person of a browser session, loaded with every request, so a removed role takes effect at once. */
export type SessionPerson = SignedInPerson & {
  hasSecondFactor: boolean;
  language: Language | null;
  proved: boolean;
};

/** Staff must have a second factor; other people who have one must use it. */
export const needsSecondFactor = (person: { staffRole: StaffRole | null; hasSecondFactor: boolean }): boolean =>
  person.staffRole !== null || person.hasSecondFactor;
