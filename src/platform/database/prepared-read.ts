import type { EventEmitter } from 'node:events';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { isPostgres, type Knex } from './database.js';

type Connection = { prepare: (sql: string) => { all: (...bindings: unknown[]) => unknown[] }; open: boolean };
/** Of SQLite. Its pool has one connection, and is undefined once the database is closed. */
type Client = EventEmitter & {
  pool?: { numFree: () => number };
  acquireConnection: () => Promise<Connection>;
  releaseConnection: (connection: Connection) => Promise<void>;
};
type Compiled = { sql: string; bindings: unknown[] };

/** Takes the place of the argument in the bindings of a compiled query. */
const ARGUMENT = 'argument';

/**
 * A query for paths that thousands of requests a second use. One read answers all that ask for the same rows before it
 * begins, because it is as good as one of their own: it begins at the end of the turn of the event loop, and after the
 * one before it. In a transaction each request reads.
 *
 * On SQLite the query is compiled once, and read by a prepared statement while no other work has the connection:
 * building a query with knex, and taking the connection from its pool, each cost many times what reading a row does. In
 * all other cases knex runs the query.
 *
 * @param build makes the query; it must be the same for all arguments
 * @param valueOf makes of the rows what all that asked get, so nothing may change it
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it types the rows of `valueOf`
export function preparedRead<Row extends object, Value>(
  build: (db: Knex, argument: string) => Knex.QueryBuilder,
  valueOf: (rows: Row[]) => Value,
): (db: Knex, argument: string) => Promise<Value> {
  const compiled = new WeakMap<object, Compiled>();
  const asked = new WeakMap<object, Map<string, Asked<Value>>>();

  function compile(db: Knex): Compiled {
    const query = build(db, ARGUMENT);
    const { sql, bindings } = query.toSQL().toNative();
    (query as unknown as EventEmitter).emit('query', { sql }); // for listeners that see every statement
    return { sql, bindings: bindings.map((value) => (typeof value === 'boolean' ? Number(value) : value)) };
  }

  /** @returns undefined if other work has the connection, or the read fails, such as for a lock */
  function readNow(db: Knex, argument: string): Row[] | undefined {
    const client = db.client as Client;
    const connection = idleConnection(client);
    if (!connection) return undefined;
    const query = compiled.get(client) ?? compile(db);
    compiled.set(client, query);
    const bindings = query.bindings.map((value) => (value === ARGUMENT ? argument : value));
    client.emit('query', { sql: query.sql, bindings }); // as knex does
    try {
      return statementOf(connection, query.sql).all(...bindings) as Row[];
    } catch {
      return undefined;
    }
  }

  async function read(db: Knex, argument: string): Promise<Value> {
    const rows = readNow(db, argument);
    if (rows) return valueOf(rows);
    if (!isPostgres(db)) await learnConnection(db.client as Client);
    return valueOf((await build(db, argument)) as Row[]);
  }

  return async (db, argument) => {
    if (db.isTransaction) return valueOf((await build(db, argument)) as Row[]);
    const client = db.client as Client;
    const reads = asked.get(client) ?? new Map<string, Asked<Value>>();
    asked.set(client, reads);
    return forAll(reads, argument, () => read(db, argument));
  };
}

/** Reads of the same rows: the one under way, and the one that has not begun. */
type Asked<T> = { running?: Promise<unknown> | undefined; waiting?: Promise<T> };

function forAll<T>(reads: Map<string, Asked<T>>, argument: string, read: () => Promise<T>): Promise<T> {
  const of = reads.get(argument) ?? {};
  reads.set(argument, of);
  const begin = async (): Promise<T> => {
    await endOfTurn();
    if (of.running) await of.running.catch(() => undefined);
    delete of.waiting;
    const value = (of.running = read());
    try {
      return await value;
    } finally {
      of.running = undefined;
      if (!('waiting' in of)) reads.delete(argument);
    }
  };
  return (of.waiting ??= begin());
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

const statements = new WeakMap<Connection, Map<string, ReturnType<Connection['prepare']>>>();

function statementOf(connection: Connection, sql: string): ReturnType<Connection['prepare']> {
  const known = statements.get(connection) ?? new Map<string, ReturnType<Connection['prepare']>>();
  statements.set(connection, known);
  const statement = known.get(sql) ?? connection.prepare(sql);
  known.set(sql, statement);
  return statement;
}
