import type { EventEmitter } from 'node:events';
import { isPostgres, type Knex } from './database.js';

type Statement = { all: (...bindings: unknown[]) => unknown[]; run: () => unknown };
type Connection = { prepare: (sql: string) => Statement; open: boolean };
/** Of SQLite. Its pool has one connection, and is undefined once the database is closed. */
type Client = EventEmitter & {
  pool?: { numFree: () => number };
  acquireConnection: () => Promise<Connection>;
  releaseConnection: (connection: Connection) => Promise<void>;
};
type Compiled = { sql: string; bindings: unknown[] };

/** An argument in the bindings of a compiled query. */
class Argument {
  constructor(readonly index: number) {}
}

/**
 * A query for paths that thousands of requests a second use. On SQLite it is compiled once, and read by a prepared
 * statement while no other work has the connection: building a query with knex, and taking the connection from its pool,
 * each cost many times what reading a row does.
 *
 * In all other cases knex runs the query, once for all that ask for the same rows and wait: a read that begins after they
 * asked is as good as one of their own. In a transaction it runs for each.
 *
 * @param build makes the query; it must be the same for all arguments
 */
export function preparedRead<Row extends object, Args extends string[]>(
  build: (db: Knex, ...args: Args) => Knex.QueryBuilder,
): (db: Knex, ...args: Args) => Promise<readonly Row[]> {
  const compiled = new WeakMap<object, Compiled>();
  const underWay = new WeakMap<object, Map<string, UnderWay<Row[]>>>();

  function compile(db: Knex, count: number): Compiled {
    const names = Array.from({ length: count }, (_, index) => `argument ${index}`);
    const query = build(db, ...(names as Args));
    const { sql, bindings } = query.toSQL().toNative();
    (query as unknown as EventEmitter).emit('query', { sql }); // for listeners that see every statement
    return {
      sql,
      bindings: bindings.map((value) => {
        const index = names.indexOf(value as string);
        if (index >= 0) return new Argument(index);
        return typeof value === 'boolean' ? Number(value) : value;
      }),
    };
  }

  /** @returns undefined if other work has the connection, or the read fails, such as for a lock */
  function readNow(db: Knex, args: Args): Row[] | undefined {
    const client = db.client as Client;
    const connection = idleConnection(client);
    if (!connection) return undefined;
    const query = compiled.get(client) ?? compile(db, args.length);
    compiled.set(client, query);
    const bindings = query.bindings.map((value) => (value instanceof Argument ? args[value.index] : value));
    client.emit('query', { sql: query.sql, bindings }); // as knex does
    try {
      return statementOf(connection, query.sql).all(...bindings) as Row[];
    } catch {
      return undefined;
    }
  }

  return async (db, ...args) => {
    const slowly = async (): Promise<Row[]> => (await build(db, ...args)) as Row[];
    if (db.isTransaction) return slowly();
    const rows = isPostgres(db) ? undefined : readNow(db, args);
    if (rows) return rows;
    const client = db.client as Client;
    const reads = underWay.get(client) ?? new Map<string, UnderWay<Row[]>>();
    underWay.set(client, reads);
    if (!isPostgres(db)) await learnConnection(client);
    return forAll(reads, JSON.stringify(args), slowly);
  };
}

/**
 * Runs prepared reads in one snapshot on SQLite, where a statement of its own takes and releases a lock: those that
 * `work` begins before it waits for anything.
 */
export function inOneSnapshot<T>(db: Knex, work: () => T): T {
  const connection = isPostgres(db) || db.isTransaction ? undefined : idleConnection(db.client as Client);
  if (!connection) return work();
  statementOf(connection, 'BEGIN').run();
  try {
    return work();
  } finally {
    statementOf(connection, 'COMMIT').run();
  }
}

/** `next`: for all who asked since `current` began. */
type UnderWay<T> = { current: Promise<T>; next?: Promise<T> };

function forAll<T>(reads: Map<string, UnderWay<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const begin = (): Promise<T> => {
    const current = read().finally(() => {
      if (reads.get(key)?.next === undefined) reads.delete(key);
    });
    reads.set(key, { current });
    return current;
  };
  const known = reads.get(key);
  return known ? (known.next ??= known.current.then(begin, begin)) : begin();
}

const connections = new WeakMap<Client, Connection>();

async function learnConnection(client: Client): Promise<void> {
  if (connections.get(client)?.open) return;
  const connection = await client.acquireConnection();
  connections.set(client, connection);
  await client.releaseConnection(connection);
}

/** A read is over before any other code runs, so it need not take the connection. */
function idleConnection(client: Client): Connection | undefined {
  const connection = connections.get(client);
  return connection?.open && client.pool?.numFree() === 1 ? connection : undefined;
}

const statements = new WeakMap<Connection, Map<string, Statement>>();

function statementOf(connection: Connection, sql: string): Statement {
  const known = statements.get(connection) ?? new Map<string, Statement>();
  statements.set(connection, known);
  const statement = known.get(sql) ?? connection.prepare(sql);
  known.set(sql, statement);
  return statement;
}
