import type { Environment } from '../ringcentral/environments.js';

/** `retired`: replaced by an earlier version, which kept such a credential for a week; the worker destroys it. */
export type CredentialStatus = 'pending' | 'active' | 'retired' | 'destroyed';

/** Why a credential's ciphertext was destroyed. */
export type Destruction = 'superseded' | 'refused' | 'expired_unproved' | 'replaced';

/** A sealed secret of a connection, without the secret itself. */
export type Credential = {
  id: string;
  tenantId: string;
  status: CredentialStatus;
  fingerprint: string;
  /** The member who pasted it, or who made the link through which it was pasted. */
  submittedBy: string;
  submittedAt: Date;
  /** Null if it does not expire (RingCentral writes a year of 2090 or later). */
  expiresAt: Date | null;
  environment: Environment;
  /** When a pending or retired credential is destroyed. */
  keptUntil: Date | null;
  /** The next expiry reminder to its people; null if there is none. */
  remindAt: Date | null;
  destroyedAt: Date | null;
  destroyedBecause: Destruction | null;
};
