import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authenticate } from '../../../src/app/api-app.js';
import { parseConfig } from '../../../src/config.js';
import { isPostgres, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { realWorld, type World } from '../../../src/platform/world.js';
import { createPortal } from '../../../src/portal.js';
import type { TestPortal } from '../../support/portal.js';

/** Called at each step; `step` counts from 1. The process dies at the step for which it returns `die`. */
export type AtStep = (step: number, what: string) => 'die' | 'go on';

type Statement = {
  reader: boolean;
  safeIntegers: (on: boolean) => unknown;
  all: (...bindings: unknown[]) => unknown;
  run: (...bindings: unknown[]) => unknown;
  pluck: () => unknown;
};
type SqliteConnection = { prepare: (sql: string) => Statement; close: () => void };
type Done = (error: unknown, result?: unknown) => void;
type PostgresConnection = {
  query: (query: string | { text: string }, done: Done) => unknown;
  connection: { stream: { destroy: () => void } };
};
type Client = {
  acquireRawConnection: () => Promise<unknown>;
  acquireConnection: () => Promise<unknown>;
  pool: { pendingAcquires: { abort: () => void }[] };
};

const never = new Promise<never>(() => undefined);
/** The waits of a dead process must not keep this one alive. */
const waitUnlessAllEnds: World['wait'] = (milliseconds, signal) =>
  delay(milliseconds, undefined, signal ? { signal, ref: false } : { ref: false }).catch(() => undefined);
/** A statement of a dead process. */
const lost: Statement = {
  reader: true,
  safeIntegers: () => never,
  all: () => never,
  run: () => never,
  pluck: () => never,
};
/** Enough of a statement to know which one it is. */
const LABEL_LENGTH = 60;
const SENT = 'undici:request:create';
const ANSWERED = 'undici:request:trailers';

/**
 * A process with the role api inside this one. It has database connections of its own, and can die before and after
 * every statement, and when a call of RingCentral is sent or answered: then it makes no further statement, its
 * transaction is rolled back, and no byte of an answer leaves.
 */
export class MortalProcess {
  private state: 'starting' | 'watched' | 'dead' = 'starting';
  private readonly connections: (() => void)[] = [];
  readonly steps: string[] = [];
  private readonly server: Server;

  private constructor(
    private readonly db: Knex,
    private readonly ringCentralUrl: string,
    private readonly atStep: AtStep,
  ) {
    this.server = createServer();
  }

  static async start(
    { env, clock, emulator, logs }: TestPortal,
    { databaseUrl, authenticate, atStep }: { databaseUrl: string; authenticate: Authenticate; atStep: AtStep },
  ): Promise<MortalProcess> {
    const parsed = parseConfig({ ...env, ROLES: 'api' }, (path) => path);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const db = openDatabase(databaseUrl);
    const mortal = new MortalProcess(db, emulator.url, atStep);
    mortal.hookConnections();
    const runtime = {
      db,
      world: { ...realWorld, now: clock, wait: waitUnlessAllEnds },
      log: createLogger('debug', { write: (line: string) => void logs.push(line) }),
      databaseTime: () => Promise.resolve(clock().getTime()),
    };
    const portal = await createPortal(parsed.config, runtime, [], authenticate);
    mortal.server.on('request', portal.app);
    await new Promise<void>((resolve) => mortal.server.listen(0, '127.0.0.1', resolve));
    await db.raw('select 1');
    return mortal;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  /** From now on its steps count. */
  watch(): void {
    this.state = 'watched';
    subscribe(SENT, this.onSent);
    subscribe(ANSWERED, this.onAnswered);
  }

  /** Ends it without a further step, like SIGKILL. */
  die(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    unsubscribe(SENT, this.onSent);
    unsubscribe(ANSWERED, this.onAnswered);
    for (const close of this.connections) close();
    for (const waiting of [...(this.db.client as Client).pool.pendingAcquires]) waiting.abort();
    void this.db.destroy().catch(() => undefined); // waits for statements that never end
    this.server.close();
    this.server.closeAllConnections();
  }

  private readonly onSent = (message: unknown) => this.atCall('sent', message);
  private readonly onAnswered = (message: unknown) => this.atCall('answered', message);

  private atCall(what: string, message: unknown): void {
    const { request } = message as { request: { origin?: unknown; path: string } };
    if (String(request.origin) === this.ringCentralUrl && request.path.startsWith('/restapi/'))
      this.livesAfter(`${what}: ${request.path}`);
  }

  /** Makes a step. @returns false if the process is dead now */
  private livesAfter(what: string): boolean {
    if (this.state === 'watched') {
      this.steps.push(what);
      if (this.atStep(this.steps.length, what) === 'die') this.die();
    }
    return !this.isDead;
  }

  private hookConnections(): void {
    const client = this.db.client as Client;
    const open = client.acquireRawConnection.bind(client);
    const acquire = client.acquireConnection.bind(client);
    const hook = isPostgres(this.db)
      ? (raw: unknown) => this.hookPostgres(raw as PostgresConnection)
      : (raw: unknown) => this.hookSqlite(raw as SqliteConnection);
    client.acquireRawConnection = async () => {
      const raw = await open();
      hook(raw);
      return raw;
    };
    const unlessDead = <T>(settle: () => T): T | Promise<never> => (this.isDead ? never : settle());
    client.acquireConnection = () =>
      unlessDead(acquire).then(
        (raw) => unlessDead(() => raw),
        (error: unknown) => unlessDead(() => Promise.reject(error as Error)),
      );
  }

  private hookSqlite(raw: SqliteConnection): void {
    this.connections.push(() => raw.close());
    const prepare = raw.prepare.bind(raw);
    const around = (sql: string, run: () => unknown): unknown => {
      if (!this.livesAfter(`before: ${sql.slice(0, LABEL_LENGTH)}`)) return never;
      const result = run();
      return this.livesAfter(`after: ${sql.slice(0, LABEL_LENGTH)}`) ? result : never;
    };
    raw.prepare = (sql) => {
      if (this.isDead) return lost;
      const statement = prepare(sql);
      return {
        reader: statement.reader,
        safeIntegers: (on) => statement.safeIntegers(on),
        all: (...bindings) => around(sql, () => statement.all(...bindings)),
        run: (...bindings) => around(sql, () => statement.run(...bindings)),
        pluck: () => statement.pluck(),
      };
    };
  }

  private hookPostgres(raw: PostgresConnection): void {
    this.connections.push(() => raw.connection.stream.destroy());
    const query = raw.query.bind(raw);
    raw.query = (asked, done) => {
      const sql = typeof asked === 'string' ? asked : asked.text;
      if (!this.livesAfter(`before: ${sql.slice(0, LABEL_LENGTH)}`)) return undefined;
      return query(asked, (error, result) => {
        if (this.livesAfter(`after: ${sql.slice(0, LABEL_LENGTH)}`)) done(error, result);
      });
    };
  }
}
