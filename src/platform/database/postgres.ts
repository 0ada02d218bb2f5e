import { createRequire } from 'node:module';
import knex, { type Knex } from 'knex';
import pg from 'pg';

const require = createRequire(import.meta.url);
// knex's own hooks, not in its published types
type Hooks = {
  new (config: Knex.Config): Knex.Client;
  prototype: { _query: (connection: unknown, query: unknown) => Promise<unknown> };
};
type ColumnCompiler = new (...args: unknown[]) => object;
const PostgresClient = require('knex/lib/dialects/postgres/index.js') as Hooks;
const PostgresColumns = require('knex/lib/dialects/postgres/schema/pg-columncompiler.js') as ColumnCompiler;

/** Times, names and cursors are compared byte by byte, as SQLite does it, whatever language the database was made for. */
class BytewiseColumns extends PostgresColumns {
  text(): string {
    return 'text collate "C"';
  }
}

class OurPostgresClient extends PostgresClient {
  override columnCompiler(...args: unknown[]): object {
    return new BytewiseColumns(this, ...args);
  }

  /** U+0000 cannot be in a text of PostgreSQL: it finds nothing, and is kept as the sign for what cannot be shown. */
  override prepBindings(bindings: unknown[] | undefined): unknown[] | undefined {
    return bindings?.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value));
  }

  _query(connection: unknown, query: unknown): Promise<unknown> {
    return PostgresClient.prototype._query.call(this, connection, query).catch((error: unknown) => {
      const known = withCode(error);
      // Nobody knows any more what is under way on it: the pool must not lend it again, nor wait for its farewell.
      if ((known as { code?: unknown }).code === CONNECTION_LOST) letGo(connection as Connection);
      throw known;
    });
  }
}

// knex's own mark, by which its pool passes over a connection
type Connection = { __knex__disposed?: string; connection: { stream: { destroy: () => void } } };

function letGo(connection: Connection): void {
  connection.__knex__disposed = 'the connection was lost';
  connection.connection.stream.destroy();
}

const CONNECTION_LOST = '08006';

/** A connection that ends under a query gives an error without a code; this is the one for it (SQLSTATE class 08). */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  return /^Connection terminated|not queryable|^Query read timeout/.test(error.message)
    ? Object.assign(error, { code: CONNECTION_LOST })
    : error;
}

/** Whole numbers of 64 bits come as numbers: ours are counts and steps of time, far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** As long as SQLite waits for a lock; and about as long as a person waits for a page. */
export const PATIENCE_MS = 5000;

/** No statement of a page or a worker takes a second; one that takes this long holds up others. */
const STATEMENT_MS = 30_000;
/** The server itself says so before; where the way to it is cut without a word, this ends the waiting. */
const ANSWER_MS = STATEMENT_MS + PATIENCE_MS;

/** What was acknowledged must outlive a crash of the server, whatever its configuration says for others. */
const waitForDisk = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') = 'off'`;

type Pooled = { query: (sql: string, done: (error: Error | null) => void) => void };

/**
 * A `postgres://` address. Connections are made when they are needed, and again after the database was away. What the
 * address itself says, such as `statement_timeout`, comes before what is said here.
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
      // A process that stands still in the middle must not hold up the others for good.
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

/** SQLSTATE: connection lost, out of resources, lock not had, took too long, shut down, disk; and the operating system's own words. */
const unavailable =
  /^(08...|53...|55P03|57014|57P0.|58...|40001|40P01|25006|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

export const isPostgresUnavailable = (error: unknown): boolean => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return name === 'KnexTimeoutError' || unavailable.test(String(code));
};
