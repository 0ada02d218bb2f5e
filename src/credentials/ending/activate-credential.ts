import type { Knex } from '../../platform/database/database.js';
import { credentialStore } from '../credential-store.js';
import { destroyCredential, retireCredential, type EndingDeps } from './end-credential.js';

/**
 * @returns a function that activates a proved credential, in a transaction that holds the tenant's lock, and retires the
 *   one that it replaces. If its JWT was retired before, that one is destroyed: its people must not delete the JWT now.
 *   It returns the ids of the credentials that ended.
 */
export const activateCredential =
  (deps: EndingDeps) =>
  async (trx: Knex, tenantId: string, id: string): Promise<string[]> => {
    const mine = credentialStore(trx).forTenant(tenantId);
    const living = await mine.living();
    const serving = living.find(({ status }) => status === 'active');
    if (serving) await retireCredential(deps)(trx, tenantId, serving.id, 'replaced');
    await mine.setStatus(id, 'active', null);
    const fingerprint = living.find((one) => one.id === id)?.fingerprint;
    const same = living.filter((one) => one.status === 'retired' && one.fingerprint === fingerprint);
    for (const again of same) await destroyCredential(deps)(trx, tenantId, again.id, 'superseded', { kind: 'portal' });
    return [...(serving ? [serving] : []), ...same].map((ended) => ended.id);
  };

/** Sets when the people of a credential in use are next reminded of its expiry. */
export const setReminder = (trx: Knex, tenantId: string, id: string, at: Date | null): Promise<void> =>
  credentialStore(trx).forTenant(tenantId).setReminder(id, at);
