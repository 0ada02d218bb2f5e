import { auditStore } from '../audit/audit-store.js';
import { credentialReader } from '../credentials/credential-service.js';
import { destroyCredential } from '../credentials/ending/end-credential.js';
import type { Knex } from '../platform/database/database.js';
import { boundTo } from '../platform/database/lock.js';
import { endTokensOf } from '../tokens/ringcentral-sessions.js';
import type { CheckParts } from './checks/check-parts.js';
import { checkQueue } from './checks/check-queue.js';
import { confirmedAccounts, unconfirmedAccounts } from './proof/confirmed-account-store.js';
import { connectionStore } from './health/connection-store.js';
import { faxLineStore } from './proof/fax-line-store.js';

/** What the actions of people on a tenant's connection may use, in a transaction that holds the tenant's lock. */
export const connectionUnit =
  ({ world, writer, record }: Pick<CheckParts, 'world' | 'writer' | 'record'>) =>
  (trx: Knex, tenantId: string) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    connections: connectionStore(trx).forTenant(tenantId),
    queue: checkQueue(trx, world).forTenant(tenantId),
    lines: faxLineStore(trx).forTenant(tenantId),
    confirmed: confirmedAccounts(trx).forTenant(tenantId),
    unconfirmed: unconfirmedAccounts(trx).forTenant(tenantId),
    credentials: credentialReader(trx),
    ...boundTo(trx, {
      save: writer.save,
      record,
      destroy: destroyCredential({ world, onEnded: endTokensOf }),
    }),
  });

export type ConnectionUnit = ReturnType<ReturnType<typeof connectionUnit>>;

/** What came of asking for a check. */
export type CheckOutcome =
  { kind: 'queued'; requestId: string } | { kind: 'limited'; until: Date } | { kind: 'nothing' };
