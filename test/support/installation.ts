import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseConfig } from '../../src/config.js';
import { migrate, openDatabase, transactionOn, type Knex } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log.js';
import { generateSealingKeys } from '../../src/platform/sealing/sealing.js';
import { realWorld } from '../../src/platform/world.js';
import { createPortal } from '../../src/portal.js';
import { tenantService } from '../../src/tenants/tenant-service.js';
import { HttpVisitor } from './visits/http-visitor.js';

type Variables = Record<string, string>;

export type InstallationOptions = {
  /** where keys are put, and the database if it is given no other place */
  folder: string;
  databaseUrl?: string | undefined;
  ringcentral: { serverUrl: string; clientId: string; clientSecret: string };
  smtpUrl?: string;
  perMinute?: number;
};

/** What must never be in the environment of a process that only serves pages. */
export const secretsOfTheWorker = ['SEALING_KEYS_FILE', 'RINGCENTRAL_CLIENT_SECRET', 'SMTP_URL'] as const;

/** Cheap: the one password that is ever hashed protects nothing. */
const argon2 = { memoryKiB: 1024, passes: 2, parallelism: 1 };

/**
 * What real processes are started on: key files, a migrated database file, tenants, and somebody who is signed in and
 * belongs to all of them. Nothing runs yet.
 */
export class Installation {
  private constructor(
    readonly databaseUrl: string,
    /** What each kind of process is given, and no more. */
    readonly environment: { web: Variables; worker: Variables; whole: Variables },
    /** By which anybody may seal what only the worker can open. */
    readonly publicJwks: unknown,
    /** A member of every tenant; their session is in the database, so it outlives processes. */
    readonly member: HttpVisitor,
    private readonly personId: string,
  ) {}

  static async create({
    folder,
    ringcentral,
    smtpUrl,
    perMinute,
    ...given
  }: InstallationOptions): Promise<Installation> {
    const { privateJwks, publicJwks } = await generateSealingKeys();
    const paths = { private: join(folder, 'private.json'), public: join(folder, 'public.json') };
    writeFileSync(paths.private, JSON.stringify(privateJwks), { mode: 0o600 });
    writeFileSync(paths.public, JSON.stringify(publicJwks), { mode: 0o600 });
    const databaseUrl = given.databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
    const shared = {
      PORT: '0',
      PUBLIC_URL: 'http://127.0.0.1:1',
      DATABASE_URL: databaseUrl,
      RINGCENTRAL_SERVER_URL: ringcentral.serverUrl,
      RINGCENTRAL_CONSOLE_URL: ringcentral.serverUrl,
      RINGCENTRAL_CLIENT_ID: ringcentral.clientId,
      RINGCENTRAL_APP_NAME: 'Example Health Fax',
      RINGCENTRAL_AUTH_PER_MINUTE: String(perMinute ?? 1000),
      ISV_NAME: 'Example Health',
      ISV_SUPPORT_EMAIL: 'support@example-health.example',
    };
    const pages = {
      SESSION_SECRET: `synthetic-session-secret-${randomUUID()}`,
      ACCOUNTS_KEY: randomBytes(32).toString('base64'),
    };
    const work = {
      SEALING_KEYS_FILE: paths.private,
      RINGCENTRAL_CLIENT_SECRET: ringcentral.clientSecret,
      SMTP_URL: smtpUrl ?? 'smtp://127.0.0.1:1',
      MAIL_FROM: 'Example Health <no-reply@example-health.example>',
    };
    const environment = {
      web: { ...shared, ...pages, ROLES: 'web', SEALING_PUBLIC_KEYS_FILE: paths.public },
      worker: { ...shared, ...work, ROLES: 'worker' },
      whole: { ...shared, ...pages, ...work, ROLES: 'web,worker' },
    };
    const db = openDatabase(databaseUrl);
    await migrate(db);
    const { member, personId } = await aMember(db, environment.whole);
    return new Installation(databaseUrl, environment, publicJwks, member, personId);
  }

  /** More tenants the member belongs to. They are written directly, as an import would. */
  async addTenants(count: number): Promise<string[]> {
    const db = openDatabase(this.databaseUrl);
    const ids = await transactionOn(db)(async (trx) => {
      const service = tenantService({ db: trx, transaction: (work) => work(trx), world: realWorld });
      const added: string[] = [];
      for (let number = 0; number < count; number += 1) {
        const asked = { name: `Example Clinic ${number + 1}`, externalRef: randomUUID() };
        const created = await service.create(asked, { kind: 'command_line' });
        if (!created.ok) throw new Error('a tenant was not created');
        await service.addMember(trx, created.tenant.id, this.personId);
        added.push(created.tenant.id);
      }
      return added;
    });
    await db.destroy();
    return ids;
  }
}

/** Invited to a first tenant, and in. Takes the database's handle with it. */
async function aMember(db: Knex, variables: Variables): Promise<{ member: HttpVisitor; personId: string }> {
  const parsed = parseConfig(variables);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const portal = await createPortal(parsed.config, { db, world: realWorld, log: createLogger('silent'), argon2 });
  const server = createServer(portal.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const member = new HttpVisitor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const first = await portal.services.tenants.create(
    { name: 'First Example Clinic', externalRef: 'first' },
    { kind: 'command_line' },
  );
  if (!first.ok) throw new Error('the first tenant was not created');
  const email = 'alice.moss@clinic.example';
  const invited = await portal.services.invitations.invite({ tenantId: first.tenant.id, email, invitedBy: null });
  if (!invited.ok) throw new Error(invited.problem);
  const { pathname } = new URL(invited.url);
  await member.get(pathname);
  const accepted = await member.post(pathname, { name: 'Alice Moss', password: 'correct-zebra-lantern-42' });
  if (accepted.status !== 303) throw new Error(`the invitation was not accepted: ${accepted.status}`);
  const page = await member.get(`/tenants/${first.tenant.id}/credentials/new`);
  if (page.status !== 200) throw new Error(`not signed in: ${page.status}`);
  const [membership] = await portal.services.tenants.members(first.tenant.id);
  // Their invitation's mail is not what these runs are about.
  await db('outbox').delete();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await portal.close();
  return { member, personId: membership?.personId ?? '' };
}
