import { createRequire } from 'node:module';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { PATIENCE_MS } from './patience.js';

const require = createRequire(import.meta.url);
// knex's own hooks, not in its published types
type Hooks = {
  new (config: Knex.Config): Knex.Client;
  prototype: { _query: (connection: unknown, query: unknown) => Promise<unknown> };
};
type ColumnCompiler = new (...args: unknown[]) => object;
const PostgresClient = require('knex/lib/dialects/postgres/index.js') as Hooks;
const PostgresColumns = require('knex/lib/dialects/postgres/schema/pg-columncompiler.js') as ColumnCompiler;

/** Compares times, names and cursors byte by byte, as SQLite does, whatever language the database was created for. */
class BytewiseColumns extends PostgresColumns {
  text(): string {
    return 'text collate "C"';
  }
}

class OurPostgresClient extends PostgresClient {
  override columnCompiler(...args: unknown[]): object {
    return new BytewiseColumns(this, ...args);
  }

  /** PostgreSQL text cannot contain U+0000. It is replaced by U+FFFD, which matches nothing in a search. */
  override prepBindings(bindings: unknown[] | undefined): unknown[] | undefined {
    return bindings?.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value));
  }

  _query(connection: unknown, query: unknown): Promise<unknown> {
    return PostgresClient.prototype._query.call(this, connection, query).catch((error: unknown) => {
      const known = withCode(error);
      // The state of this connection is unknown: the pool must neither reuse it nor wait for it to close.
      if ((known as { code?: unknown }).code === CONNECTION_LOST) letGo(connection as Connection);
      throw known;
    });
  }
}

// knex's own mark for connections that its pool must skip
type Connection = { __knex__disposed?: string; connection: { stream: { destroy: () => void } } };

function letGo(connection: Connection): void {
  connection.__knex__disposed = 'the connection was lost';
  connection.connection.stream.destroy();
}

const CONNECTION_LOST = '08006';

/** Adds a code (SQLSTATE class 08) to the error of a connection that ended during a query, which has none. */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  return /^Connection terminated|not queryable|^Query read timeout/.test(error.message)
    ? Object.assign(error, { code: CONNECTION_LOST })
    : error;
}

/** Returns 64-bit integers as numbers: ours are counts and time steps, far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** Statements of pages and workers take less than a second; a statement this slow blocks others. */
const STATEMENT_MS = 30_000;
/** The server's own timeout comes first; this one applies if the network connection is lost silently. */
const ANSWER_MS = STATEMENT_MS + PATIENCE_MS;

/** Acknowledged data must survive a crash of the server, whatever its general configuration says. */
const waitForDisk = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') = 'off'`;

type Pooled = { query: (sql: string, done: (error: Error | null) => void) => void };

/**
 * Opens a `postgres://` address. Connections are made on demand, and again after an outage of the database. Settings
 * in the address, such as `statement_timeout`, override the ones here.
 */
export function openPostgres(url: string, settings: Knex.Config, { takesLong = false } = {}): Knex {
  return knex({
    ...settings,
    client: OurPostgresClient as unknown as typeof Knex.Client,
    connection: {
      connectionString: url,
      types,
      application_name: 'latchkey',
      keepAlive: true,
      connectionTimeoutMillis: PATIENCE_MS,
      lock_timeout: PATIENCE_MS,
      ...(takesLong ? {} : { statement_timeout: STATEMENT_MS, query_timeout: ANSWER_MS }),
      // A process that hangs in a transaction must not block others forever.
      idle_in_transaction_session_timeout: 6 * PATIENCE_MS,
    } as Knex.PgConnectionConfig,
    pool: {
      min: 0,
      max: 10,
      afterCreate: (connection: Pooled, done: (error: Error | null) => void) =>
        connection.query(waitForDisk, (error) => done(error)),
    },
    acquireConnectionTimeout: PATIENCE_MS,
  });
}

/**
 * SQLSTATE codes: connection lost, out of resources, lock not available, timeout, shutdown, disk; and the operating
 * system's codes.
 */
const unavailable =
  /^(08...|53...|55P03|57014|57P0.|58...|40001|40P01|25006|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** What the client says without a code, when it gives up waiting or has lost a connection. */
const givenUp = /^(Query read timeout|timeout expired|Connection terminated( unexpectedly)?)$/;

export const isPostgresUnavailable = (error: unknown): boolean => {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  // knex puts the statement before the message
  const said = String(message).split(' - ').at(-1) ?? '';
  return name === 'KnexTimeoutError' || unavailable.test(String(code)) || givenUp.test(said);
};
