import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { realWorld, type World } from '../../src/platform/world.js';
import { parseConfig, type Environment } from '../../src/config.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/emulator.js';
import { token } from '../../src/emulator/world/sessions.js';
import { seedExample, type ClinicKey, type ExampleWorld } from '../../src/emulator/seed.js';
import { migrate, openDatabase, type Knex } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log.js';
import { generateSealingKeys } from '../../src/platform/sealing/sealing.js';
import type { Addition } from '../../src/app/process.js';
import type { ClinicRole } from '../../src/app/clinic-roles.js';
import { createPortal, type Portal } from '../../src/portal.js';
import type { Authenticate } from '../../src/app/api-app.js';
import type { Runtime } from '../../src/app/foundation.js';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/smtp-catcher.js';
import { aMigratedDatabase, openWatched } from './database/databases.js';
import { Visitor } from './visits/visitor.js';
import { confirmer, confirmingFirst } from './database/confirmed.js';
import { signInStaff, joinTenant } from './people.js';

export type TestPortalOptions = {
  emulator?: EmulatorOptions;
  /** Configuration in addition to the default one. */
  env?: Environment;
  /** A database that other handles open too. */
  databaseUrl?: string;
  runtime?: Partial<Runtime>;
  /** Capabilities that only the test has. */
  added?: readonly Addition[];
  /** Whose API keys these are. */
  authenticate?: Authenticate;
  /** RingCentral behind TLS, with a certificate for this run. */
  secure?: { lookup?: LookupFunction };
  /** Whether clinics confirm their company themselves; default: each account counts as confirmed before. */
  asksToConfirm?: boolean;
  /** Its public address is the one it listens on, so that RingCentral can return people to it. */
  isReachable?: boolean;
};

/** A clock that follows the machine's and can be moved forward. */
export type Clock = World['now'] & { advance: (milliseconds: number) => void };

export function aClock(): Clock {
  let ahead = 0;
  return Object.assign(() => new Date(Date.now() + ahead), {
    advance: (milliseconds: number) => {
      ahead += milliseconds;
    },
  });
}

/** No test looks up the hosts of webhooks on the machine's network. */
const noSuchHost: LookupFunction = (_name, _options, callback) =>
  callback(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), '', 0);

/** Cheap, so that a test run does not spend its time on hashing. */
const argon2 = { memoryKiB: 1024, passes: 2, parallelism: 1 };

/**
 * A whole portal as in production: migrated database, every middleware, a worker, the emulator and a mail catcher,
 * all on loopback. Only the clock can be moved, and RingCentral is the emulator.
 */
export class TestPortal {
  private constructor(
    readonly portal: Portal,
    readonly db: Knex,
    readonly emulator: Emulator,
    readonly example: ExampleWorld,
    readonly mail: SmtpCatcher,
    readonly clock: Clock,
    readonly env: Environment,
    /** All log lines so far. */
    readonly logs: string[],
    readonly url: string,
    private readonly server: Server,
    private readonly emulatorIds: string[],
    /** Each account counts as confirmed by each tenant, unless clinics confirm themselves. */
    readonly confirmAll: () => Promise<void>,
    /** The tenants whose people say themselves whether an account is theirs. */
    readonly answerThemselves: Set<string>,
  ) {}

  /** The TOTP secrets of the staff created here. */
  readonly totpSecrets: string[] = [];

  /** Every access and refresh token that the emulator can have issued. */
  issuedTokens(): string[] {
    return this.emulatorIds.flatMap((id) => [token('access', id), token('refresh', id)]);
  }

  /** The private halves of the sealing keys. */
  privateKeyParts(): string[] {
    const { keys } = JSON.parse(this.env.SEALING_KEYS_FILE ?? '{"keys":[]}') as { keys: { d?: string; k?: string }[] };
    return keys.flatMap(({ d, k }) => [d, k]).filter((part) => part !== undefined);
  }

  static async start(options: TestPortalOptions = {}): Promise<TestPortal> {
    const clock = aClock();
    const emulatorIds: string[] = [];
    const newId = () => {
      const id = randomBytes(16).toString('base64url');
      emulatorIds.push(id);
      return id;
    };
    const emulator = createEmulator({ now: clock, newId, limits: 'generous', ...options.emulator });
    await emulator.listen();
    const secure = options.secure && (await emulator.listenSecurely());
    const example = seedExample(emulator);
    const mail = await startSmtpCatcher({ port: 0 });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = {
      ...(await environmentFor(emulator, example, mail)),
      ...(secure && { RINGCENTRAL_SERVER_URL: secure.url }),
      ...(options.isReachable && { PUBLIC_URL: url }),
      ...options.env,
    };
    const parsed = parseConfig(env, (path) => path);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { databaseUrl } = options;
    if (databaseUrl) await migrateAt(databaseUrl);
    const db = databaseUrl ? await openWatched(databaseUrl) : await aMigratedDatabase();
    const logs: string[] = [];
    const log = createLogger('debug', { write: (line: string) => void logs.push(line) });
    const world = { ...realWorld, now: clock };
    const databaseTime = () => Promise.resolve(clock().getTime());
    const network = secure && { network: { authorities: secure.authority, ...options.secure } };
    const webhookNetwork = { lookup: noSuchHost };
    const runtime: Runtime = { db, world, log, argon2, databaseTime, webhookNetwork, ...network, ...options.runtime };
    const portal = await createPortal(parsed.config, runtime, options.added, options.authenticate);
    const answerThemselves = new Set<string>();
    const { accounts } = emulator.world;
    const confirmAll = options.asksToConfirm ? () => Promise.resolve() : confirmer(db, accounts, answerThemselves);
    server.on('request', confirmingFirst(portal.app, confirmAll));
    portal.start();
    const confirming = [confirmAll, answerThemselves] as const;
    return new TestPortal(
      portal,
      db,
      emulator,
      example,
      mail,
      clock,
      env,
      logs,
      url,
      server,
      emulatorIds,
      ...confirming,
    );
  }

  /** A browser without a session. */
  visitor(): Visitor {
    return new Visitor(this.url);
  }

  /** A new tenant; its clinic at RingCentral is one of the emulator's. */
  async addTenant(name: string): Promise<string> {
    const wanted = { name, externalRef: `ref-${name.toLowerCase().replaceAll(' ', '-')}` };
    const created = await this.portal.services.tenants.create(wanted, { kind: 'command_line' });
    if (!created.ok) throw new Error(JSON.stringify(created.problems));
    return created.tenant.id;
  }

  /** A person who was invited to the tenant, accepted, and is signed in. */
  member(tenantId: string, name = 'Alice Moss', role: ClinicRole = 'owner'): Promise<Visitor> {
    return joinTenant(this, tenantId, name, role);
  }

  /** A member of staff who has passed the second factor. */
  staff(role: 'administrator' | 'operator' | 'auditor' = 'operator'): Promise<Visitor> {
    return signInStaff(this, role);
  }

  /** A JWT credential of a clinic's service user that permits our app, or the apps in `clientIds`. */
  assertion(clinic: ClinicKey, options: { clientIds?: string[] | 'organization'; exp?: Date } = {}) {
    const { serviceUser } = this.example.clinics[clinic];
    const { jwt, jti } = this.emulator.createJwt({
      extensionId: serviceUser.id,
      clientIds: options.clientIds ?? [this.example.app.clientId],
      exp: options.exp && Math.floor(options.exp.getTime() / 1000),
    });
    return { jwt, jti };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.portal.close();
    await this.emulator.close();
    await this.mail.close();
  }
}

async function migrateAt(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl);
  await migrate(db);
  await db.destroy();
}

/** A working configuration with new keys. */
async function environmentFor(emulator: Emulator, example: ExampleWorld, mail: SmtpCatcher): Promise<Environment> {
  const { privateJwks } = await generateSealingKeys();
  return {
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:1',
    SESSION_SECRET: `synthetic-session-secret-${randomUUID()}`,
    ACCOUNTS_KEY: randomBytes(32).toString('base64'),
    SEALING_KEYS_FILE: JSON.stringify(privateJwks), // the file reader passed to parseConfig returns the path as the content
    RINGCENTRAL_SERVER_URL: emulator.url,
    RINGCENTRAL_CONSOLE_URL: emulator.url,
    RINGCENTRAL_CLIENT_ID: example.app.clientId,
    RINGCENTRAL_CLIENT_SECRET: example.app.secret ?? '',
    RINGCENTRAL_APP_NAME: 'Example Health Fax',
    RINGCENTRAL_AUTH_PER_MINUTE: '1000',
    REJECTION_CONFIRM_SECONDS: '1',
    ISV_NAME: 'Example Health',
    ISV_SUPPORT_EMAIL: 'support@example-health.example',
    SMTP_URL: mail.url,
    MAIL_FROM: 'Example Health <no-reply@example-health.example>',
  };
}
