import type { Addition } from '../../../src/app/process.js';
import { declarations } from '../../../src/portal.js';
import type { Knex } from '../../../src/platform/database/database.js';

/** What the rows of the audit are, that the declared acts do not allow. */
export async function againstAuditPolicy(db: Knex, added: readonly Addition[] = []): Promise<string[]> {
  const acts = [...declarations, ...added].flatMap(({ audit = [] }) => audit);
  const rows = await db('audit_events').distinct<{ action: string; tenant_id: string | null }[]>('action', 'tenant_id');
  return rows.flatMap(({ action, tenant_id: tenantId }) => {
    const act = acts.find((one) => one.action === action);
    if (!act) return [`${action}: no capability declares it`];
    if (act.tenant === 'always' && tenantId === null) return [`${action}: names no tenant`];
    if (act.tenant === 'never' && tenantId !== null) return [`${action}: names a tenant`];
    return [];
  });
}
