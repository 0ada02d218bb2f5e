import type { Knex } from '../../../src/platform/database/database.js';
import { allowanceOf } from '../../../src/platform/database/across-tenants.js';
import { ownersOf } from './table-owners.js';

/** Tables with a `tenant_id` that contain no tenant data. */
const notOfTenants = ['auth_calls']; // calls of a client ID; the tenant only says who asked

const isPostgres = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'postgresql';

/** The tables whose rows belong to a tenant, as the migrated database describes them. */
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

/** The tables that a statement names. */
const tablesIn = (sql: string): string[] =>
  [...sql.matchAll(/\b(?:from|into|update|join)\s+[`"]?(\w+)/gi)].map(([, name = '']) => name);

/** The tenant tables of a statement without a bound `tenant_id` in its conditions or inserted columns. */
export function unboundTables(sql: string, tenantTables: ReadonlySet<string>): string[] {
  const tables = tablesIn(sql).filter((name) => tenantTables.has(name));
  const inserted = /^insert into [`"]\w+[`"] \(([^)]*)\)/i.exec(sql)?.[1];
  const [, ...conditions] = sql.split(/\bwhere\b/i);
  const isBound =
    inserted === undefined
      ? /[`"]tenant_id[`"] (?:= (?:\?|\$\d)|is null)/i.test(conditions.join())
      : /[`"]tenant_id[`"]/.test(inserted);
  return isBound ? [] : tables;
}

/** Reads and erases rows of any table, by the rule that the table's owner declares. */
const worksByDeclaredRules = /\/src\/platform\/database\/held-rows\.ts$/;

/** The tables of a statement that another file owns. */
export const tablesOfOthers = (sql: string, file: string): string[] =>
  worksByDeclaredRules.test(file)
    ? []
    : tablesIn(sql).filter(
        (table) => ownersOf[table] && !ownersOf[table].some((owner) => file.endsWith(`/src/${owner}`)),
      );

const found: string[] = [];

/** Returns the statements so far that break a rule, each with its file, and clears the list. */
export const takeBadStatements = (): string[] => found.splice(0);

/**
 * Returns the same database and checks its statements as they run, if code outside `test/` makes them. Only its owner
 * touches a table, and a statement on a tenant table binds a `tenant_id` or is marked with `acrossTenants`.
 */
export function watchStatements(db: Knex, tenantTables: ReadonlySet<string>): Knex {
  const watched = <T>(made: T): T => {
    const from = whoMakesIt();
    const query = made as { on?: unknown } & Partial<Knex.QueryBuilder>;
    if (!isTest(from) && typeof query.on === 'function')
      query.on('query', ({ sql }: { sql: string }) => {
        const unbound = allowanceOf(query as Knex.QueryBuilder) === undefined ? unboundTables(sql, tenantTables) : [];
        if (unbound.length > 0) found.push(`${unbound.join(', ')} without a tenant, from ${from}: ${sql}`);
        for (const table of tablesOfOthers(sql, from))
          found.push(`${table} belongs to ${String(ownersOf[table])}, but ${from} makes: ${sql}`);
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
          target.transaction((trx) => work(watchStatements(trx, tenantTables)), config);
      return value;
    },
  });
}

const isTest = (file: string): boolean => /\/test\//.test(file);

/** The file that is making a query: the first on the stack except this one, Node and packages. */
function whoMakesIt(): string {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = new Error('for its stack').stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  const files = sites
    .filter((site) => !(site as unknown as { isAsync: () => boolean }).isAsync())
    .map((site) => site.getFileName() ?? '');
  return files.find((file) => !/^$|^node:|\/node_modules\/|\/database\/statements\.ts/.test(file)) ?? 'no file';
}
