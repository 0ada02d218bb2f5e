import type { Environment, OurApp } from '../ringcentral/environments.js';

/** How a clinic gives us access: by a JWT that it pastes, or by a sign-in at RingCentral (RFC 6749 §4.1). */
export type Method = 'jwt' | 'authorization_code';

/** The app of ours with which RingCentral accepts a credential. */
export const appOf = ({ method }: Pick<Credential, 'method'>): OurApp => (method === 'jwt' ? 'jwt' : 'sign_in');

/** `retired`: replaced by an earlier version, which kept such a credential for a week; the worker destroys it. */
export type CredentialStatus = 'pending' | 'active' | 'retired' | 'destroyed';

/** Why a credential's ciphertext was destroyed. */
export type Destruction = 'superseded' | 'refused' | 'expired_unproved' | 'replaced';

/** A sealed secret of a connection, without the secret itself. */
export type Credential = {
  id: string;
  tenantId: string;
  method: Method;
  status: CredentialStatus;
  /** SHA-256 of the JWT or of the authorization code. */
  fingerprint: string;
  /** The client ID of the app with which the person signed in; null for a JWT. */
  clientId: string | null;
  /** The member who pasted it or signed in, or who made the link through which it was pasted. */
  submittedBy: string;
  submittedAt: Date;
  /** Null if it does not expire by itself: RingCentral writes a year of 2090 or later, or limits no session. */
  expiresAt: Date | null;
  environment: Environment;
  /** When a pending or retired credential is destroyed. */
  keptUntil: Date | null;
  /** The next expiry reminder to its people; null if there is none. */
  remindAt: Date | null;
  destroyedAt: Date | null;
  destroyedBecause: Destruction | null;
};
