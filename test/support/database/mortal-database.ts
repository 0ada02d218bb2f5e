import { isPostgres, type Knex } from '../../../src/platform/database/database.js';

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

/** What a dead process waits for. */
export const never = new Promise<never>(() => undefined);
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

/** Called at each step; `step` counts from 1. The process dies at the step for which it returns `die`. */
export type AtStep = (step: number, what: string) => 'die' | 'go on';

/**
 * The database handle of a process inside this one that can die before and after every statement, and at the steps of
 * its own: then it makes no further statement, and its transaction is rolled back.
 */
export class MortalDatabase {
  private state: 'starting' | 'watched' | 'dead' = 'starting';
  private readonly connections: (() => void)[] = [];
  readonly steps: string[] = [];

  constructor(
    readonly db: Knex,
    private readonly atStep: AtStep,
    private readonly onDeath: () => void = () => undefined,
  ) {
    this.hookConnections();
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  /** From now on its steps count. */
  watch(): void {
    this.state = 'watched';
  }

  /** Ends it without a further step, like SIGKILL. */
  die(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    for (const close of this.connections) close();
    for (const waiting of [...(this.db.client as Client).pool.pendingAcquires]) waiting.abort();
    void this.db.destroy().catch(() => undefined); // waits for statements that never end
    this.onDeath();
  }

  /** Makes a step. @returns false if the process is dead now */
  livesAfter(what: string): boolean {
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
