import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authenticate } from '../../../src/app/api-app.js';
import { parseConfig } from '../../../src/config.js';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { realWorld, type World } from '../../../src/platform/world.js';
import { createPortal, type Portal } from '../../../src/portal.js';
import { MortalDatabase, type AtStep } from '../../support/database/mortal-database.js';
import type { TestPortal } from '../../support/portal.js';

/** The waits of a dead process must not keep this one alive. */
const waitUnlessAllEnds: World['wait'] = (milliseconds, signal) =>
  delay(milliseconds, undefined, signal ? { signal, ref: false } : { ref: false }).catch(() => undefined);
const SENT = 'undici:request:create';
const ANSWERED = 'undici:request:trailers';

type MortalOptions = {
  databaseUrl: string;
  authenticate: Authenticate;
  atStep: AtStep;
  /** Default: `api`. */
  roles?: string;
};

/**
 * A process inside this one, with the role api unless other roles are asked for. It has database connections of its own, and can die before and after
 * every statement, and when a call of RingCentral is sent or answered: then it makes no further statement, its
 * transaction is rolled back, and no byte of an answer leaves.
 */
export class MortalProcess {
  private readonly database: MortalDatabase;
  private readonly server: Server;
  private made: Portal | undefined;
  private toldDead: () => void = () => undefined;
  /** Resolves when it is dead. */
  readonly dead = new Promise<'dead'>((resolve) => (this.toldDead = () => resolve('dead')));

  private constructor(
    db: Knex,
    private readonly ringCentralUrl: string,
    atStep: AtStep,
  ) {
    this.server = createServer();
    this.database = new MortalDatabase(db, atStep, () => this.stop());
  }

  static async start(
    { env, clock, emulator, logs }: TestPortal,
    { databaseUrl, authenticate, atStep, roles = 'api' }: MortalOptions,
  ): Promise<MortalProcess> {
    const parsed = parseConfig({ ...env, ROLES: roles }, (path) => path);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const db = openDatabase(databaseUrl);
    const mortal = new MortalProcess(db, emulator.url, atStep);
    const runtime = {
      db,
      world: { ...realWorld, now: clock, wait: waitUnlessAllEnds },
      log: createLogger('debug', { write: (line: string) => void logs.push(line) }),
      databaseTime: () => Promise.resolve(clock().getTime()),
    };
    const portal = await createPortal(parsed.config, runtime, [], authenticate);
    mortal.made = portal;
    mortal.server.on('request', portal.app);
    await new Promise<void>((resolve) => mortal.server.listen(0, '127.0.0.1', resolve));
    await db.raw('select 1');
    return mortal;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get portal(): Portal {
    if (!this.made) throw new Error('it is not started');
    return this.made;
  }

  get isDead(): boolean {
    return this.database.isDead;
  }

  get steps(): readonly string[] {
    return this.database.steps;
  }

  /** From now on its steps count. */
  watch(): void {
    this.database.watch();
    subscribe(SENT, this.onSent);
    subscribe(ANSWERED, this.onAnswered);
  }

  /** Ends it without a further step, like SIGKILL. */
  die(): void {
    this.database.die();
  }

  private stop(): void {
    unsubscribe(SENT, this.onSent);
    unsubscribe(ANSWERED, this.onAnswered);
    this.server.close();
    this.server.closeAllConnections();
    this.toldDead();
  }

  private readonly onSent = (message: unknown) => this.atCall('sent', message);
  private readonly onAnswered = (message: unknown) => this.atCall('answered', message);

  private atCall(what: string, message: unknown): void {
    const { request } = message as { request: { origin?: unknown; path: string } };
    if (String(request.origin) === this.ringCentralUrl && request.path.startsWith('/restapi/'))
      this.database.livesAfter(`${what}: ${request.path}`);
  }
}
