import type { Knex } from 'knex';

const MARK = 'acrossTenants';

/**
 * Marks a statement that may see rows of more than one tenant, beside the reason why it may. The tests refuse every
 * other statement on a table of tenants that does not bind a `tenant_id`.
 */
export const acrossTenants = <Q extends Knex.QueryBuilder>(query: Q, why: string): Q =>
  query.queryContext({ [MARK]: why }) as Q;

/** Why a statement may see rows of more than one tenant; undefined where it may not. */
export const allowanceOf = (query: Knex.QueryBuilder): string | undefined =>
  (query.queryContext() as Record<string, string> | undefined)?.[MARK];
