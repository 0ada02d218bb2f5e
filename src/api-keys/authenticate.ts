import type { Authenticate } from '../app/api-app.js';
import type { Knex } from '../platform/database/database.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import { apiKeyStore } from './api-key-store.js';
import { stateOf } from './api-key-types.js';
import { hasHash, readKey } from './key-format.js';

const MINUTE_MS = 60_000;

type Deps = { db: Knex; world: Pick<World, 'now'>; log: Logger };

/**
 * Whose key it is. Reads the key from the database for each request, in one indexed read, so that a revocation takes
 * effect on the next request in every process. The log says why a key was refused; the answer does not.
 */
export function authenticator({ db, world, log }: Deps): Authenticate {
  const keys = apiKeyStore(db);
  /** When this process last wrote the use of each key: requests at the same time write it once. */
  const notedAt = new Map<string, number>();

  /** A use that cannot be written does not fail the request. */
  async function noteUse(id: string, lastUsedAt: Date | null, now: Date): Promise<void> {
    const before = now.getTime() - MINUTE_MS;
    if (Math.max(lastUsedAt?.getTime() ?? 0, notedAt.get(id) ?? 0) > before) return;
    notedAt.set(id, now.getTime());
    await keys
      .noteUse(id, now, new Date(before))
      .catch((err: unknown) => log.warn({ err, keyId: id }, 'the use of an API key was not written'));
  }

  return async (text) => {
    const parts = readKey(text);
    if (!parts) return null;
    const { id, secret } = parts;
    const found = await keys.findWithHash(id);
    const now = world.now();
    const why = !found || !hasHash(secret, found.secretHash) ? 'unknown' : stateOf(found.key, now);
    if (!found || why !== 'active') {
      log.info({ keyId: id, why }, 'an API key was refused');
      return null;
    }
    const { name, purpose, scopes, tenantIds, lastUsedAt } = found.key;
    await noteUse(id, lastUsedAt, now);
    return { keyId: id, name, purpose, scopes, tenantIds };
  };
}
