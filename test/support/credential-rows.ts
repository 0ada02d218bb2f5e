import type { CredentialStatus } from '../../src/credentials/credential-types.js';
import { credentialStore } from '../../src/credentials/credential-store.js';
import { iso, type Knex } from '../../src/platform/database/database.js';
import { aMigratedDatabase, openWatched } from './database/databases.js';

export const aNow = new Date('2026-11-21T09:00:00.000Z');

/** A migrated database with one person. */
export async function aDatabase(url?: string): Promise<Knex> {
  const db = url === undefined ? await aMigratedDatabase() : await openWatched(url);
  await db('people').insert({ id: 'alice', email: 'alice@clinic.example', name: 'Alice', created_at: iso(aNow) });
  return db;
}

export async function addTenantRow(db: Knex, id: string): Promise<void> {
  await db('tenants').insert({ id, external_ref: id, name: `Clinic ${id}`, created_at: iso(aNow) });
}

/** A credential of Alice with a ciphertext that cannot be opened. */
export async function addCredentialRow(db: Knex, tenantId: string, id: string, status: CredentialStatus = 'pending') {
  await credentialStore(db)
    .forTenant(tenantId)
    .add(
      {
        id,
        method: 'jwt',
        clientId: null,
        status,
        fingerprint: `fingerprint-${id}`,
        submittedBy: 'alice',
        submittedAt: aNow,
        expiresAt: null,
        environment: 'production',
        keptUntil: status === 'active' ? null : new Date(aNow.getTime() + 7 * 86_400_000),
      },
      { assertion: { jwe: `{"of":"${id}"}`, kid: 'EXAMPLE' } },
    );
}
