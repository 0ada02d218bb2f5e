import type { CredentialReader } from '../../credentials/credential-service.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { checkQueue } from '../checks/check-queue.js';
import { personWaits } from '../checks/schedule.js';
import type { RetiredView } from '../connection-view.js';

type Deps = { db: Knex; world: Pick<World, 'now' | 'newId'>; credentials: Pick<CredentialReader, 'retiredSince'> };

/** A week in which a retired JWT is kept, and another in which people see what became of it. */
const SHOWN_MS = 14 * 24 * 3_600_000;
const MOST = 3;

/** The JWTs that were replaced, for pages; newest first. */
export async function retiredOnes({ db, world, credentials }: Deps, tenantId: string): Promise<RetiredView[]> {
  const now = world.now();
  const found = await credentials.retiredSince(tenantId, new Date(now.getTime() - SHOWN_MS));
  // Those of a disconnect are on its receipt.
  const replaced = found.filter(({ retirement }) => retirement?.because === 'replaced');
  const shown = replaced.filter(({ destroyedBecause }) => destroyedBecause !== 'superseded').slice(0, MOST);
  const queue = checkQueue(db, world).forTenant(tenantId);
  return Promise.all(
    shown.map(async (credential) => {
      const request = credential.status === 'retired' ? await queue.openFor(credential.id) : undefined;
      const trying = request !== undefined && personWaits(request.priority) && request.dueAt <= now;
      return { credential, nextTryAt: request?.dueAt ?? null, trying };
    }),
  );
}
