import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseConfig } from '../../src/config.js';
import { migrate, openDatabase, transactionOn, type Knex } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log.js';
import { generateSealingKeys } from '../../src/platform/sealing/sealing.js';
import { realWorld } from '../../src/platform/world.js';
import { createPortal } from '../../src/portal.js';
import { tenantService } from '../../src/tenants/tenant-service.js';
import { countAsConfirmed } from './database/confirmed.js';
import { originOf, Visitor } from './visits/visitor.js';

type Variables = Record<string, string>;

export type InstallationOptions = {
  /** the folder for keys, and for the database if no other place is given */
  folder: string;
  databaseUrl?: string | undefined;
  ringcentral: { serverUrl: string; clientId: string; clientSecret: string };
  smtpUrl?: string;
  perMinute?: number;
};

/** Secrets that a process must not have if it only serves pages. */
export const secretsOfTheWorker = ['SEALING_KEYS_FILE', 'RINGCENTRAL_CLIENT_SECRET', 'SMTP_URL'] as const;

/** Cheap, because the only password that is hashed protects nothing. */
const argon2 = { memoryKiB: 1024, passes: 2, parallelism: 1 };

/**
 * The basis for real processes: key files, a migrated database file, tenants, and a signed-in person who is a member
 * of all of them. Starts no process.
 */
export class Installation {
  private constructor(
    readonly databaseUrl: string,
    /** The environment of each kind of process, and nothing more. */
    readonly environment: { web: Variables; worker: Variables; api: Variables; whole: Variables },
    /** With this key anyone can seal secrets that only the worker can open. */
    readonly publicJwks: unknown,
    /** A member of every tenant. The session is in the database, so it survives processes. */
    readonly member: Visitor,
    /** A key with which programs get tokens of every tenant. */
    readonly apiKey: string,
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
      api: { ...shared, ...work, ROLES: 'api' },
      whole: { ...shared, ...pages, ...work, ROLES: 'web,worker' },
    };
    const db = openDatabase(databaseUrl);
    await migrate(db);
    const { member, apiKey, personId } = await aMember(db, environment.whole);
    return new Installation(databaseUrl, environment, publicJwks, member, apiKey, personId);
  }

  /** Adds tenants for the member, written directly as an import would. */
  async addTenants(count: number): Promise<string[]> {
    const db = openDatabase(this.databaseUrl);
    const ids = await transactionOn(db)(async (trx) => {
      const service = tenantService({ db: trx, transaction: (work) => work(trx), world: realWorld });
      const added: string[] = [];
      for (let number = 0; number < count; number += 1) {
        const asked = { name: `Example Clinic ${number + 1}`, externalRef: randomUUID() };
        const created = await service.create(asked, { kind: 'command_line' });
        if (!created.ok) throw new Error('a tenant was not created');
        await service.addMember(trx, created.tenant.id, this.personId, 'owner');
        added.push(created.tenant.id);
      }
      return added;
    });
    await db.destroy();
    return ids;
  }

  /** These clinics have said before that the account is theirs, so that they are connected as soon as it is proved. */
  async confirm(clinics: readonly { tenantId: string; accountId: string }[]): Promise<void> {
    const db = openDatabase(this.databaseUrl);
    for (const { tenantId, accountId } of clinics) await countAsConfirmed(db, [tenantId], [accountId]);
    await db.destroy();
  }
}

type Made = { member: Visitor; apiKey: string; personId: string };

/** Invites a person to a first tenant and accepts, and makes a key. Closes the database handle. */
async function aMember(db: Knex, variables: Variables): Promise<Made> {
  const parsed = parseConfig(variables);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const portal = await createPortal(parsed.config, { db, world: realWorld, log: createLogger('silent'), argon2 });
  const server = createServer(portal.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const member = new Visitor(originOf(server), { keepAlive: true });
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
  const asked = { name: 'Jobs', purpose: 'nightly-faxes', scopes: ['tokens:issue'], tenantRefs: null, expires: '' };
  const key = await portal.services.apiKeys.make(asked, { actor: { kind: 'command_line' } });
  if (!key.ok) throw new Error('the key was not made');
  // The invitation's mail is irrelevant for these runs.
  await db('outbox').delete();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await portal.close();
  return { member, apiKey: key.key.reveal(), personId: membership?.personId ?? '' };
}
