import { createServer } from 'node:http';
import { Router } from 'express';
import { Secret, TOTP } from 'otpauth';
import { accountsCapability, tellOfRule } from '../../src/accounts/accounts-capability.js';
import { mailsOf } from '../../src/accounts/account-services.js';
import type { SecretsRole, WebRole } from '../../src/app/capability.js';
import { frame } from '../../src/app/frame.js';
import { pagesApp } from '../../src/app/pages-app.js';
import { eventStore } from '../../src/notifications/event-store.js';
import { transactionOn, type Knex } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log.js';
import type { MailMessage } from '../../src/platform/mail-message.js';
import type { Deliver, EnqueueMessage, OutboxItem } from '../../src/platform/outbox.js';
import type { Mount } from '../../src/app/capability.js';
import { pageLanguage } from '../../src/platform/http/page-language.js';
import { jwksOfSymmetricKeys, symmetricSealing } from '../../src/platform/sealing/sealing.js';
import { realWorld } from '../../src/platform/world.js';
import type { ClinicRole } from '../../src/app/clinic-roles.js';
import { tenantService } from '../../src/tenants/tenant-service.js';
import { textsIn } from '../../src/texts/texts.js';
import { aMigratedDatabase, everyRow } from '../support/database/databases.js';
import { originOf, Visitor, type Answer } from '../support/visits/visitor.js';

export const aPassword = 'seven quiet otters paddle north';
export const anotherPassword = 'nine copper kettles sing at noon';
export const brand = { name: 'Example Health', supportEmail: 'help@example-health.test', appName: 'Example Fax' };
/** The cheapest argon2 parameters: these tests do not measure its slowness. */
export const cheapArgon2 = { memoryKiB: 64, passes: 2, parallelism: 1 };

/** 32 different bytes, another key for each number. */
export const aKey = (number: number): Buffer =>
  Buffer.from(Array.from({ length: 32 }, (_, at) => (number * 37 + at) % 256));

type Options = {
  publicUrl?: string;
  hasBegun?: boolean;
  db?: Knex;
  argon2?: typeof cheapArgon2;
  /** The first is used for what is new, all for what exists. */
  accountsKeys?: Buffer[];
  sessionSecrets?: string[];
  /** Staff sign in with accounts of their company. */
  company?: {
    OIDC_ISSUER: string;
    OIDC_CLIENT_ID: string;
    OIDC_CLIENT_SECRET: string;
    OIDC_ROLE_CLAIM?: string;
    OIDC_MFA_VALUES?: string[];
  };
  /** The time at the start. */
  now?: Date;
};

/**
 * Accounts and tenants behind the portal's own app, on a separate migrated database; mails are kept, and the test
 * sets the time.
 */
export async function anAccountsPortal(options: Options = {}) {
  const db = options.db ?? (await aMigratedDatabase());
  let now = options.now ?? new Date('2026-11-21T12:00:00.000Z');
  const world = { ...realWorld, now: () => now };
  const mails: MailMessage[] = [];
  /** What the worker must do before a mail exists. */
  const asked: OutboxItem[] = [];
  const enqueue: EnqueueMessage = (_trx, { kind, payload }) => {
    if (kind === 'mail') mails.push(payload as MailMessage);
    else asked.push({ id: realWorld.newId(), kind, attempts: 1, payload });
    return Promise.resolve();
  };
  const logged: string[] = [];
  const log = createLogger('info', { write: (line) => void logged.push(line) });
  const transaction = transactionOn(db);
  const publicUrl = options.publicUrl ?? 'http://127.0.0.1:3000';
  const config = { PUBLIC_URL: publicUrl, ...options.company };
  const onRuleSet = tellOfRule({ config, brand, enqueue, textsIn });
  const tenants = tenantService({ db, transaction, world, onRuleSet });
  const https = publicUrl.startsWith('https:');
  const language = pageLanguage(https, textsIn);
  const deliverMail: Deliver = ({ payload }) => {
    mails.push(payload as MailMessage);
    return Promise.resolve({ kind: 'delivered' });
  };
  const accounts = accountsCapability(
    {
      config,
      runtime: { db, world, log, argon2: options.argon2 ?? cheapArgon2 },
      transaction,
      brand,
      enqueue,
      textsIn,
      language,
    },
    {
      tenants,
      notifications: { record: (trx, event) => eventStore(trx, world).append(event), mailFor: () => deliverMail },
      hasBegun: () => Promise.resolve(options.hasBegun ?? false),
    },
  );
  const { accountsKeys = [aKey(7)], sessionSecrets = ['a secret of this test, and only of this test'] } = options;
  const web: WebRole = {
    sessionSecrets,
    accountsKeys,
    accountsSealing: await symmetricSealing(await jwksOfSymmetricKeys(accountsKeys)),
  };
  const pages = await accounts.pages(web);
  const { services, requireFreshProof } = accounts.inWeb(web);
  // No key is opened here, and RingCentral is not called.
  const deliveries: Record<string, Deliver> = accounts.deliveries({} as SecretsRole);
  // What other capabilities mount, as far as these tests go there.
  const showTenant = Router({ mergeParams: true }).get('/', (_req, res) => void res.send(res.locals.tenant?.name));
  const showLanguage = Router().get('/', (_req, res) => void res.send(res.locals.t.common.lang));
  const showPerson = Router().get('/', (_req, res) => void res.send(`staff: ${res.locals.person?.name ?? ''}`));
  const others: Mount[] = [
    { path: '/tenants/:tenantId/connection', access: 'member', needs: { 'get /': 'viewer' }, router: showTenant },
    { path: '/tenants/:tenantId/guide', access: 'member', needs: { 'get /': 'member' }, router: showTenant },
    { path: '/tenants/:tenantId/language', access: 'member', needs: { 'get /': 'viewer' }, router: showLanguage },
    { path: '/staff/tenants', access: 'staff', router: showPerson },
    { path: '/staff/keys', access: 'staff', router: Router().use(requireFreshProof, showPerson) },
  ];
  const app = frame({ https, config: { TRUST_PROXY: ['loopback'], HSTS_SUBDOMAINS: 'include' }, runtime: { log } }, [
    pagesApp(
      { config: {}, runtime: { db, log, world }, brand, language },
      [pages, { mounts: others }],
      web.sessionSecrets,
    ),
  ]);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const portal = {
    ...services,
    db,
    world,
    tenants,
    mails,
    accountMails: mailsOf({ config, brand, enqueue, textsIn }),
    asked,
    /** The lines of the log. */
    logged: () => logged.map((line) => JSON.parse(line) as Record<string, unknown>),
    /** The worker's handling of messages that need more than sending a mail. */
    async work(): Promise<void> {
      for (const item of asked.splice(0)) await deliveries[item.kind]?.(item);
    },
    mounts: [...(pages.mounts ?? []), ...others],
    server,
    /** Writes the reminders that are due. */
    async remind(): Promise<void> {
      for (const { round } of accounts.loops()) await round();
    },
    now: () => now,
    pass: (milliseconds: number) => (now = new Date(now.getTime() + milliseconds)),
    browser(ip = '198.51.100.7', userAgent?: string): Browser {
      const browser = new Browser(originOf(server));
      const headers = { 'x-forwarded-for': ip, ...(userAgent !== undefined && { 'user-agent': userAgent }) };
      return Object.assign(browser, { headers });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await db.destroy();
    },

    async aTenant(name: string, set: { language?: string; timeZone?: string } = {}): Promise<string> {
      const created = await tenants.create({ name, externalRef: `ref ${name}`, ...set }, { kind: 'command_line' });
      if (!created.ok) throw new Error(JSON.stringify(created.problems));
      return created.tenant.id;
    },
    /** The path in a mailed invitation. */
    async invited(tenantId: string, email: string, role: ClinicRole = 'owner'): Promise<string> {
      const asked = await services.invitations.invite({ tenantId, email, role, invitedBy: null });
      if (!asked.ok) throw new Error(asked.problem);
      return new URL(asked.url).pathname;
    },
    /** A browser in which a new member of the tenant is signed in. */
    async aMember(tenantId: string, email: string, ip?: string, role?: ClinicRole): Promise<Browser> {
      const path = await portal.invited(tenantId, email, role);
      const browser = portal.browser(ip);
      await browser.get(path);
      const accepted = await browser.post(path, { name: nameOf(email), password: aPassword });
      if (accepted.status !== 303) throw new Error(accepted.text);
      return browser;
    },
    /** Staff with a password but without a second factor, on the page that sets one up. */
    async aNewStaffMember(email: string, role = 'operator'): Promise<Browser> {
      const created = await services.staff.createStaff({ email, name: nameOf(email), role });
      if (!created.ok) throw new Error(created.problem);
      const browser = portal.browser();
      const path = new URL(created.url).pathname;
      await browser.get(path);
      await browser.post(path, { password: aPassword });
      return browser;
    },
    /** Staff, fully signed in, and the app that generates their codes. */
    async staffMember(email: string, role?: string): Promise<{ browser: Browser; authenticator: Authenticator }> {
      const browser = await portal.aNewStaffMember(email, role);
      const page = await browser.get('/account/second-factor');
      const authenticator = authenticatorOf(page, portal);
      await browser.post('/account/second-factor', { code: authenticator.code() });
      portal.pass(30_000); // so that the next code is a new one
      return { browser, authenticator };
    },
    async audit(): Promise<string[]> {
      const rows = await db('audit_events')
        .orderBy('seq')
        .select<{ action: string; outcome: string }[]>('action', 'outcome');
      return rows.map(({ action, outcome }) => `${action} ${outcome}`);
    },
    /** Every row of every table, to detect changes. */
    async everything(): Promise<string> {
      return JSON.stringify(await everyRow(db));
    },
  };
  return portal;
}

export type AccountsPortal = Awaited<ReturnType<typeof anAccountsPortal>>;

const nameOf = (email: string) => email.split('@')[0] ?? '';

export type Authenticator = { code: (stepsFromNow?: number) => string };

export function authenticatorOf(page: Answer, portal: { now: () => Date }): Authenticator {
  const secret = (/<code[^>]*>([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return { code: (steps = 0) => totp.generate({ timestamp: portal.now().getTime() + steps * 30_000 }) };
}

/** A person at an address of their own. */
export class Browser extends Visitor {
  async signIn(email: string, password = aPassword): Promise<Answer> {
    await this.get('/sign-in');
    return this.post('/sign-in', { email, password });
  }
}
