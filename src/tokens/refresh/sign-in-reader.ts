import type { Knex } from '../../platform/database/database.js';
import type { Environment } from '../../ringcentral/environments.js';
import { refreshTokenStore } from './refresh-token-store.js';
import type { RefreshToken } from './refresh-token-types.js';

/** A query for the ids of the credentials, of all tenants, that people gave by signing in. */
export const idsOfSignIns = (db: Knex): Knex.QueryBuilder => refreshTokenStore(db).allCredentialIds();

/** The refresh token of a credential, if a person gave it by signing in; in a transaction, pass its handle. */
export const signInOf = (db: Knex, tenantId: string, credentialId: string): Promise<RefreshToken | undefined> =>
  refreshTokenStore(db).forTenant(tenantId).find(credentialId);

/** Whether refresh tokens that have not ended were obtained by another app than this one; null for no app. */
export const hasSignInsOfFormerApp = (
  db: Knex,
  environment: Environment,
  clientId: string | null,
  now: Date,
): Promise<boolean> => refreshTokenStore(db).hasOfOtherApp(environment, clientId, now);
