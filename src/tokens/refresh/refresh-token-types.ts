import type { Knex } from '../../platform/database/database.js';
import type { Sealed } from '../../platform/sealing/sealing.js';
import type { Secret } from '../../platform/secret.js';
import type { Environment } from '../../ringcentral/environments.js';

/** A refresh token without its text. */
export type RefreshToken = {
  credentialId: string;
  tenantId: string;
  /** The app that obtained it. */
  clientId: string;
  environment: Environment;
  ownerId: string;
  /** Incremented by each rotation. */
  version: number;
  /** When its session began at RingCentral. */
  beganAt: Date;
  obtainedAt: Date;
  /** When it ends unless it is rotated before. */
  endsAt: Date;
  /** The account's idle limit; null if it has none. */
  idleSeconds: number | null;
  /** The account's absolute limit: no rotation extends the session beyond it. */
  sessionEndsAt: Date | null;
  /**
   * RingCentral may have rotated it since then, and we do not have the answer. `by` rotates it now, until the claim ends;
   * null if no process does.
   */
  attempt: { since: Date; by: string | null; until: Date | null } | null;
};

/** The ciphertexts of refresh tokens, with those of the other credentials. */
export type RefreshTokenVault = {
  /** @returns null if the credential was destroyed @throws {SealingOpenError} if no key opens it */
  open: (tenantId: string, credentialId: string) => Promise<Secret | null>;
  seal: (tenantId: string, credentialId: string, token: Secret) => Promise<Sealed>;
  /** Replaces the ciphertext, if there is one. */
  put: (trx: Knex, tenantId: string, credentialId: string, sealed: Sealed, at: Date) => Promise<void>;
  remove: (trx: Knex, tenantId: string, credentialId: string) => Promise<void>;
};
