import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import { BYTE_ORDER_MARK, csvLine } from './csv/cells.js';
import { exportOnlyColumns, importColumns } from './csv/columns.js';

type Dependencies = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  readTenants: ReadTenants;
  connections: Pick<ConnectionService, 'shownOf'>;
  /** Of each clinic, the address that an import would name. */
  adminEmailsOf: (db: Knex, tenantIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

/**
 * All clinics as the import reads them, then state, cause and since when. Read a page at a time, so it is no snapshot.
 * The audit row is committed before the first line is read.
 */
export async function clinicList(
  { db, world, readTenants, connections, adminEmailsOf }: Dependencies,
  actor: Actor,
  origin?: Origin,
): Promise<AsyncIterable<string>> {
  await auditStore(db, world).append({ action: 'tenant.list_exported', actor, outcome: 'ok', origin });
  return (async function* () {
    yield BYTE_ORDER_MARK + csvLine([...importColumns, ...exportOnlyColumns]);
    for await (const tenants of readTenants(db).pages()) {
      const shown = await connections.shownOf(tenants);
      const emails = await adminEmailsOf(
        db,
        tenants.map(({ id }) => id),
      );
      yield tenants
        .map((tenant) => {
          const { externalRef, name, language, timeZone, environment, id } = tenant;
          const { state, cause, since } = shown.get(id) ?? { state: '', cause: null, since: tenant.createdAt };
          const asImported = [externalRef, name, emails.get(id) ?? '', language, timeZone, environment];
          return csvLine([...asImported, state, cause ?? '', since.toISOString()]);
        })
        .join('');
    }
  })();
}
