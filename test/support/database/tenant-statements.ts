import type { Knex } from '../../../src/platform/database/database.js';
import { allowanceOf } from '../../../src/platform/database/across-tenants.js';

/** Tables with a `tenant_id` that hold nothing of a tenant. */
const notOfTenants = ['auth_calls']; // a client ID's calls; the tenant says only who asked for one

const isPostgres = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'postgresql';

/** The tables whose rows each belong to a tenant, as the migrated database itself describes them. */
export async function tenantTablesOf(db: Knex): Promise<Set<string>> {
  const names = isPostgres(db)
    ? await db('information_schema.columns')
        .whereRaw('table_schema = current_schema()')
        .where({ column_name: 'tenant_id' })
        .pluck<string[]>('table_name')
    : await db('sqlite_master as made')
        .joinRaw('join pragma_table_info(made.name) as col')
        .where({ 'made.type': 'table', 'col.name': 'tenant_id' })
        .pluck<string[]>('made.name');
  return new Set(names.filter((name) => !notOfTenants.includes(name)));
}

/** The tenant tables of a statement that names no tenant: no bound `tenant_id` in its conditions or inserted columns. */
export function unboundTables(sql: string, tenantTables: ReadonlySet<string>): string[] {
  const named = [...sql.matchAll(/\b(?:from|into|update|join)\s+[`"](\w+)[`"]/gi)].map(([, name = '']) => name);
  const tables = named.filter((name) => tenantTables.has(name));
  const inserted = /^insert into [`"]\w+[`"] \(([^)]*)\)/i.exec(sql)?.[1];
  const [, ...conditions] = sql.split(/\bwhere\b/i);
  const isBound =
    inserted === undefined
      ? /[`"]tenant_id[`"] (?:= (?:\?|\$\d)|is null)/i.test(conditions.join())
      : /[`"]tenant_id[`"]/.test(inserted);
  return isBound ? [] : tables;
}

const found: string[] = [];

/** The statements so far that named no tenant, each with the file that made it; from now on they are forgotten. */
export const takeUnboundStatements = (): string[] => found.splice(0);

/**
 * The same database, whose statements are judged as they run: one that code outside of `test/` makes on a tenant table
 * binds a `tenant_id`, or is marked with `acrossTenants`. A test's own statements may read what they like.
 */
export function watchTenantStatements(db: Knex, tenantTables: ReadonlySet<string>): Knex {
  const watched = <T>(made: T): T => {
    const from = whoMakesIt();
    const query = made as { on?: unknown } & Partial<Knex.QueryBuilder>;
    if (!isTest(from) && typeof query.on === 'function')
      query.on('query', ({ sql }: { sql: string }) => {
        const tables = allowanceOf(query as Knex.QueryBuilder) === undefined ? unboundTables(sql, tenantTables) : [];
        if (tables.length > 0) found.push(`${tables.join(', ')} without a tenant, from ${from}: ${sql}`);
      });
    return made;
  };
  return new Proxy(db, {
    apply: (target, self, given) => watched(Reflect.apply(target, self, given) as unknown),
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name === 'raw') return (...given: Parameters<Knex['raw']>) => watched(target.raw(...given));
      if (name === 'transaction')
        return (work: (trx: Knex) => Promise<unknown>, config?: Knex.TransactionConfig) =>
          target.transaction((trx) => work(watchTenantStatements(trx, tenantTables)), config);
      return value;
    },
  });
}

const isTest = (file: string): boolean => /\/test\//.test(file);

/** The file that makes a query just now: the first on the stack but this one, Node and packages. */
function whoMakesIt(): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = new Error('for its stack').stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  const files = sites
    .filter((site) => !(site as unknown as { isAsync: () => boolean }).isAsync())
    .map((site) => site.getFileName() ?? '');
  return files.find((file) => !/^$|^node:|\/node_modules\/|\/tenant-statements\.ts/.test(file)) ?? 'no file';
}
