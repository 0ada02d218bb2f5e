import type { Knex } from '../../platform/database/database.js';
import { accessTokenStore } from '../access-token-store.js';
import { refreshTokenStore } from '../refresh/refresh-token-store.js';

/** Deletes the access tokens of a credential in the transaction of another capability. Needs no key. */
export const forgetTokensOf = (trx: Knex, tenantId: string, credentialId: string): Promise<void> =>
  accessTokenStore(trx).forTenant(tenantId).forgetOf(credentialId);

/**
 * Deletes the access tokens of a credential in the transaction that destroys or replaces it. The worker ends the session
 * of a sign-in afterwards, and then deletes its refresh token. Needs no key.
 */
export async function endTokensOf(trx: Knex, tenantId: string, credentialId: string): Promise<void> {
  await forgetTokensOf(trx, tenantId, credentialId);
  await refreshTokenStore(trx).forTenant(tenantId).end(credentialId);
}
