import { credentialStore } from '../../../src/credentials/credential-store.js';
import type { CredentialStatus } from '../../../src/credentials/credential-types.js';
import { connectionStore, emptyConnection } from '../../../src/connections/health/connection-store.js';
import type { Health } from '../../../src/connections/health/health.js';
import { iso, type Knex } from '../../../src/platform/database/database.js';
import { countAsConfirmed } from '../../support/database/confirmed.js';
import { addTenantRow } from '../../support/credential-rows.js';
import type { Process } from './replace-parts.js';

const WEEK_MS = 7 * 86_400_000;

/** A credential of Alice, whose JWT is `<owner>/<id>`. */
export async function addJwt(db: Knex, tenantId: string, id: string, status: CredentialStatus, now: Date) {
  const jwt = `${tenantId}/${id}`;
  const of = { id, method: 'jwt', clientId: null, status, fingerprint: jwt, submittedBy: 'alice' } as const;
  const keptUntil = status === 'active' ? null : new Date(now.getTime() + WEEK_MS);
  await credentialStore(db)
    .forTenant(tenantId)
    .add(
      { ...of, submittedAt: now, expiresAt: null, environment: 'production', keptUntil },
      { assertion: { jwe: `${id} ${jwt}`, kid: 'EXAMPLE' } },
    );
  return jwt;
}

/** A clinic that is connected by the JWT `<id>/<id>-old`. */
export async function addConnected(db: Knex, id: string, now: Date): Promise<string> {
  await addTenantRow(db, id);
  const jwt = await addJwt(db, id, `${id}-old`, 'active', now);
  const empty = emptyConnection(id, now);
  const at = iso(now);
  const health: Health = {
    ...empty.health,
    serving: { state: 'working', since: at, warnings: [] },
    lastConclusive: { state: 'healthy', at },
    mintedAt: at,
    probedAt: at,
  };
  const identity = { ownerId: id, accountId: id, ownerName: null, ownerExtensionNumber: null, accountName: null };
  const known = { state: 'healthy', cause: null, since: now, unverifiedAt: null, suspectSince: null } as const;
  await connectionStore(db)
    .forTenant(id)
    .save(null, { ...empty, health, identity, known });
  await countAsConfirmed(db, [id], [id], now);
  return jwt;
}

/** A person has pasted another JWT, and the worker will prove it. */
export async function addReplacement(db: Knex, process: Process, tenantId: string, id: string, now: Date) {
  const jwt = await addJwt(db, tenantId, id, 'pending', now);
  const row = await connectionStore(db).forTenant(tenantId).find();
  if (!row?.known) throw new Error('the clinic is not connected');
  const pending = { since: iso(now), cause: null, refused: false, keptUntil: iso(new Date(now.getTime() + WEEK_MS)) };
  const health = { ...row.health, pending };
  await connectionStore(db)
    .forTenant(tenantId)
    .save(row.known, { ...row, health, known: row.known });
  await process.queue.forTenant(tenantId).addNow(id, 'submission', { personId: 'alice' });
  return jwt;
}
