import type { Knex } from 'knex';

const MARK = 'acrossTenants';

/**
 * Marks a statement that may read rows of several tenants, with the reason. The tests reject every other statement on
 * a tenant table that does not bind a `tenant_id`.
 */
export const acrossTenants = <Q extends Knex.QueryBuilder>(query: Q, why: string): Q =>
  query.queryContext({ [MARK]: why }) as Q;

/** Why a statement may read rows of several tenants; undefined if it may not. */
export const allowanceOf = (query: Knex.QueryBuilder): string | undefined =>
  (query.queryContext() as Record<string, string> | undefined)?.[MARK];
