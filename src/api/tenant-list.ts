import type { Cause } from '../connections/health/causes.js';
import type { StateFilter } from '../connections/health/connection-store.js';
import type { ShownState } from '../connections/health/health.js';
import type { ConnectionService, Listed } from '../connections/connection-service.js';
import { cursorText, readCursor } from '../platform/http/cursor.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { Tenant } from '../tenants/tenant-types.js';
import { Problem } from '../app/problem.js';

type Asked = { state?: ShownState | undefined; cause?: Cause | undefined; cursor?: string | undefined; limit: number };
type Page = { tenants: Tenant[]; shown: Map<string, Listed>; next: string | null };

type Deps = {
  tenants: Pick<TenantService, 'list' | 'withIds'>;
  connections: Pick<ConnectionService, 'inState' | 'shownOf'>;
};

/** A page of the tenants that a key may see. All pages cost the same, however many tenants there are. */
export const tenantList =
  ({ tenants, connections }: Deps) =>
  async (asked: Asked, tenantIds: readonly string[] | null): Promise<Page> => {
    const after = asked.cursor === undefined ? undefined : readCursor(asked.cursor);
    if (asked.cursor !== undefined && after === undefined) throw unknownCursor();
    if (tenantIds !== null) return ofKey(tenantIds, asked, after);
    const filter = filterOf(asked);
    const { found, next } = await (filter ? inState(filter, asked.limit, after) : byName(asked.limit, after));
    return { tenants: found, shown: await connections.shownOf(found), next };

    async function byName(limit: number, last: [string, string] | undefined) {
      const page = await tenants.list(limit, last && { name: last[0], id: last[1] });
      return { found: page.tenants, next: page.next && cursorText([page.next.name, page.next.id]) };
    }

    async function inState(wanted: StateFilter, limit: number, last: [string, string] | undefined) {
      const from = last && { since: new Date(last[0]), tenantId: last[1] };
      if (from && Number.isNaN(from.since.getTime())) throw unknownCursor();
      const rows = await connections.inState(wanted, limit + 1, from);
      const page = rows.slice(0, limit);
      const end = page.at(-1);
      return {
        found: await tenants.withIds(page.map(({ tenantId }) => tenantId)),
        next: rows.length > limit && end ? cursorText([end.since.toISOString(), end.tenantId]) : null,
      };
    }

    /** The tenants of one key are few. */
    async function ofKey(ids: readonly string[], { state, cause, limit }: Asked, last: [string, string] | undefined) {
      const all = await tenants.withIds([...ids]);
      const shown = await connections.shownOf(all);
      const rest = all
        .filter(({ id }) => state === undefined || shown.get(id)?.state === state)
        .filter(({ id }) => cause === undefined || shown.get(id)?.cause === cause)
        .filter((tenant) => last === undefined || isAfter(tenant, last))
        .sort((a, b) => (isAfter(a, [b.name, b.id]) ? 1 : -1));
      const page = rest.slice(0, limit);
      const end = page.at(-1);
      return { tenants: page, shown, next: rest.length > limit && end ? cursorText([end.name, end.id]) : null };
    }
  };

const isAfter = (tenant: Tenant, [name, id]: [string, string]): boolean =>
  tenant.name === name ? tenant.id > id : tenant.name > name;

const filterOf = ({ state, cause }: Asked): StateFilter | undefined =>
  state ? { state, ...(cause ? { cause } : {}) } : cause && { cause };

const unknownCursor = () =>
  new Problem(400, { cause: 'invalid_query', errors: [{ pointer: '/cursor', code: 'unknown_cursor' }] });
