import type { SignedInPerson } from '../../platform/http/locals.js';
import type { Language } from '../../texts/languages.js';

export type StaffRole = 'administrator' | 'operator' | 'auditor';
export const staffRoles: readonly StaffRole[] = ['administrator', 'operator', 'auditor'];

/** A person as stored, without what they sign in with. */
export type Person = {
  id: string;
  email: string;
  name: string;
  staffRole: StaffRole | null;
  /** Their own choice; null where that of their tenant counts. */
  language: Language | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  disabled: boolean;
};

/** The person of a session, read anew with every request: a role taken away is gone with the next one. */
export type SessionPerson = SignedInPerson & { hasSecondFactor: boolean; language: Language | null };

/** Staff must have a second factor; whoever enrolled one must use it. */
export const needsSecondFactor = (person: { staffRole: StaffRole | null; hasSecondFactor: boolean }): boolean =>
  person.staffRole !== null || person.hasSecondFactor;
