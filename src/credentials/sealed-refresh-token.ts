import type { Knex } from '../platform/database/database.js';
import type { Opener, Sealed, Sealer } from '../platform/sealing/sealing.js';
import { Secret } from '../platform/secret.js';
import { credentialStore, sealContextOf } from './credential-store.js';

const purpose = 'refresh_token';

type Deps = { db: Knex; sealing: Sealer & Opener };

/** The ciphertexts of refresh tokens, for the capability that rotates them. */
export const sealedRefreshTokens = ({ db, sealing }: Deps) => ({
  /** @returns null if the credential was destroyed @throws {SealingOpenError} if no key opens it */
  async open(tenantId: string, credentialId: string): Promise<Secret | null> {
    const jwe = await credentialStore(db).forTenant(tenantId).sealed(credentialId, purpose);
    if (jwe === undefined) return null;
    return new Secret(await sealing.open(jwe, sealContextOf(tenantId, credentialId, purpose)));
  },

  seal: (tenantId: string, credentialId: string, token: Secret): Promise<Sealed> =>
    sealing.seal(token.reveal(), sealContextOf(tenantId, credentialId, purpose)),

  /** Stores the ciphertext in the place of the one before, if there is one. */
  put: (trx: Knex, tenantId: string, credentialId: string, sealed: Sealed, at: Date): Promise<void> =>
    credentialStore(trx).forTenant(tenantId).putSealed(credentialId, purpose, sealed, at),

  remove: (trx: Knex, tenantId: string, credentialId: string): Promise<void> =>
    credentialStore(trx).forTenant(tenantId).deleteRefreshToken(credentialId),
});
