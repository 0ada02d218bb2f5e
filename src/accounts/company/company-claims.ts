import { staffRoles, type StaffRole } from '../people/account-types.js';

/** The claims of a proved ID token (OpenID Connect Core §2) that decide anything here. */
export type CompanyClaims = {
  iss: string;
  sub: string;
  /** Seconds since 1970. */
  auth_time?: number;
  amr?: unknown;
  acr?: unknown;
  [claim: string]: unknown;
};

const wordsOf = (claim: unknown): unknown[] => (Array.isArray(claim) ? claim : [claim]);

/**
 * The role that a claim allows: the one that may do most among those it names.
 *
 * @returns null if the claim is absent or names none of our three roles
 */
export function roleAllowedBy(claim: unknown): StaffRole | null {
  const words = wordsOf(claim);
  return staffRoles.find((role) => words.includes(role)) ?? null;
}

/** Whether `amr` or `acr` is among the values that the operator accepts as a second factor (RFC 8176). */
export const vouchesForSecondFactor = ({ amr, acr }: CompanyClaims, accepted: readonly string[]): boolean =>
  [...wordsOf(amr), ...wordsOf(acr)].some((word) => typeof word === 'string' && accepted.includes(word));

/** When the person last proved at the company who they are; never in the future. undefined if the company does not say. */
export function authTimeOf({ auth_time: seconds }: CompanyClaims, now: Date): Date | undefined {
  if (seconds === undefined) return undefined;
  return new Date(Math.min(seconds * 1000, now.getTime()));
}
