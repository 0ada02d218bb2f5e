import type { EventEmitter } from 'node:events';
import { isPostgres, type Knex } from './database.js';

type Statement = { all: (...bindings: unknown[]) => unknown[] };
type Connection = { prepare: (sql: string) => Statement };
type Client = {
  acquireConnection: () => Promise<Connection>;
  releaseConnection: (connection: Connection) => Promise<void>;
};
type Reading = { sql: string; bindings: unknown[]; done: (rows: unknown[]) => void; failed: (error: unknown) => void };

/** An argument in the bindings of a compiled query. */
class Argument {
  constructor(readonly index: number) {}
}

/**
 * A query that is compiled once, for paths that thousands of requests a second use: on SQLite, building and preparing a
 * query with knex costs many times what reading a row does. Reads that come together share one use of the connection.
 *
 * In a transaction, on PostgreSQL, and if the prepared statement fails (such as for a lock), knex runs it as always.
 *
 * @param build makes the query; it must be the same for all arguments
 */
export function preparedRead<Row extends object, Args extends string[]>(
  build: (db: Knex, ...args: Args) => Knex.QueryBuilder,
): (db: Knex, ...args: Args) => Promise<Row[]> {
  const compiled = new WeakMap<object, { sql: string; bindings: unknown[] }>();

  function compile(db: Knex, count: number): { sql: string; bindings: unknown[] } {
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

  return async (db, ...args) => {
    const slowly = async (): Promise<Row[]> => (await build(db, ...args)) as Row[];
    if (isPostgres(db) || db.isTransaction) return slowly();
    const client = db.client as Client;
    const query = compiled.get(client) ?? compile(db, args.length);
    compiled.set(client, query);
    const bindings = query.bindings.map((value) => (value instanceof Argument ? args[value.index] : value));
    try {
      return (await readTogether(client, query.sql, bindings)) as Row[];
    } catch {
      return slowly();
    }
  };
}

const waiting = new WeakMap<Client, Reading[]>();

/** Reads with those that wait for the connection already. */
function readTogether(client: Client, sql: string, bindings: unknown[]): Promise<unknown[]> {
  return new Promise((done, failed) => {
    const reading = { sql, bindings, done, failed };
    const others = waiting.get(client);
    if (others) {
      others.push(reading);
      return;
    }
    const all = [reading];
    waiting.set(client, all);
    client.acquireConnection().then(
      (connection) => {
        waiting.delete(client);
        for (const one of all) read(connection, one);
        return client.releaseConnection(connection);
      },
      (error: unknown) => {
        waiting.delete(client);
        for (const one of all) one.failed(error);
      },
    );
  });
}

const statements = new WeakMap<Connection, Map<string, Statement>>();

function read(connection: Connection, { sql, bindings, done, failed }: Reading): void {
  try {
    const known = statements.get(connection) ?? new Map<string, Statement>();
    statements.set(connection, known);
    const statement = known.get(sql) ?? connection.prepare(sql);
    known.set(sql, statement);
    done(statement.all(...bindings));
  } catch (error) {
    failed(error);
  }
}
