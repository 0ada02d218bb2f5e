import type { Environment } from '../ringcentral/environments.js';

export type CredentialStatus = 'pending' | 'active' | 'retired' | 'destroyed';

/** Why a credential's ciphertext is gone. */
export type Destruction = 'superseded' | 'refused' | 'expired_unproved' | 'replaced';

/** A sealed secret of a connection, without the secret. */
export type Credential = {
  id: string;
  tenantId: string;
  status: CredentialStatus;
  fingerprint: string;
  /** The member, or the one who made the link by which it was pasted. */
  submittedBy: string;
  submittedAt: Date;
  /** Null: it does not expire (RingCentral writes a year of 2090 or later). */
  expiresAt: Date | null;
  environment: Environment;
  /** Pending and retired ones are destroyed then. */
  keptUntil: Date | null;
  /** When its people are told next that it expires; null where they are not. */
  remindAt: Date | null;
  destroyedAt: Date | null;
  destroyedBecause: Destruction | null;
};
