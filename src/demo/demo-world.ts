import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseConfig, type DemoPorts, type Environment } from '../config.js';
import { createEmulator, type Emulator } from '../emulator/emulator.js';
import { seedExample, type ExampleWorld } from '../emulator/seed.js';
import { eventTypes } from '../notifications/event-store.js';
import { migrate, openDatabase } from '../platform/database/database.js';
import { writeKeyFiles, writeSigningKeyFile } from '../platform/sealing/key-files.js';
import { createLogger } from '../platform/log.js';
import { realWorld } from '../platform/world.js';
import { createPortal, type Portal } from '../portal.js';
import { takeDatabase, type DemoDatabase } from './demo-database.js';
import { takeFolder, type DemoFolder } from './demo-folder.js';
import { listenEarly, listening } from './demo-servers.js';
import { mailboxApp } from './mailbox-page.js';
import { webhookReceiver, type WebhookReceiver } from './receiver/webhook-receiver.js';
import { startSmtpCatcher, type SmtpCatcher } from './smtp-catcher.js';

/**
 * The limit of an ISV for which RingCentral raised it: with the default of five a minute, the demo would mostly wait.
 */
const AUTH_PER_MINUTE = 60;

export type DemoWorld = {
  urls: { portal: string; emulator: string; console: string; mailbox: string; receiver: string };
  portal: Portal;
  emulator: Emulator;
  example: ExampleWorld;
  mail: SmtpCatcher;
  /** A program of the ISV that gets webhooks. */
  receiver: WebhookReceiver;
  folder: string;
  database: DemoDatabase;
  /** The time of the portal and of RingCentral. */
  now: () => Date;
  /** Moves the portal's and RingCentral's clock forward and wakes the worker. In milliseconds. */
  pass: (milliseconds: number) => void;
  close: () => Promise<void>;
};

export type DemoOptions = {
  ports: DemoPorts;
  /** null: use a file in the folder */
  databaseUrl: string | null;
  folder: string;
  /** Whether its files are deleted at the end. */
  isTemporary: boolean;
  /** How long after a doubtful refusal RingCentral is asked again. */
  confirmSeconds: number;
  log: { level: string; write: (line: string) => void };
};

/**
 * A complete ISV on loopback: the portal in all its roles, the RingCentral emulator, and a mail catcher with a page.
 * All data is invented.
 */
export async function startDemoWorld(options: DemoOptions): Promise<DemoWorld> {
  const { ports, folder: wanted, isTemporary, log } = options;
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const closing: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    // All ports first, so that a demo that cannot start does not empty the folder of a running one.
    const portalServer = await listenEarly('PORT', ports.PORT);
    closing.push(portalServer.close);
    const emulator = createEmulator({ now });
    await listening('EMULATOR_PORT', ports.EMULATOR_PORT, () => emulator.listen(ports.EMULATOR_PORT));
    closing.push(() => emulator.close());
    const mailboxServer = await listenEarly('MAILBOX_PORT', ports.MAILBOX_PORT);
    closing.push(mailboxServer.close);
    const mail = await startSmtpCatcher();
    closing.push(mail.close);
    mailboxServer.serve(mailboxApp(mail));
    const receiverServer = await listenEarly('PORT', 0);
    closing.push(receiverServer.close);
    const receiver = webhookReceiver(now);
    receiverServer.serve(receiver.app);

    const folder = takeFolder(wanted, isTemporary);
    closing.push(folder.release);
    const database = await takeDatabase(options.databaseUrl, folder.path, isTemporary);
    closing.push(database.release);
    const example = seedExample(emulator);
    emulator.updateApp(example.app.clientId, { authPerMinute: AUTH_PER_MINUTE });
    const redirectUris = [`${portalServer.url}/oauth/callback`];
    emulator.updateApp(example.signInApp.clientId, { authPerMinute: AUTH_PER_MINUTE, redirectUris });
    const urls = {
      portal: portalServer.url,
      emulator: emulator.url,
      console: `${emulator.url}/console`,
      mailbox: mailboxServer.url,
      receiver: receiverServer.url,
    };
    const environment = await environmentOf(urls, example, mail, folder, database, options);
    const controlJwt = makeControlJwt(emulator, example);
    const portal = await openPortal({ ...environment, RINGCENTRAL_CONTROL_JWT: controlJwt }, log, now);
    closing.push(portal.close, portalServer.close); // closed in reverse order: first stop accepting requests
    const problem = await portal.begin();
    if (problem !== null) throw new Error(problem);
    await addEndpoint(portal, urls.receiver, receiver);
    portalServer.serve(portal.app);
    portal.start();
    const pass = (milliseconds: number) => {
      ahead += milliseconds;
      portal.look();
    };
    return { urls, portal, emulator, example, mail, receiver, folder: folder.path, database, now, pass, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPortal(environment: Environment, log: DemoOptions['log'], now: () => Date): Promise<Portal> {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ name, problem }) => `${name} ${problem}`).join('\n'));
  const db = openDatabase(parsed.config.DATABASE_URL);
  await migrate(db);
  const webhookNetwork = { loopback: true };
  return createPortal(parsed.config, {
    db,
    world: { ...realWorld, now },
    log: createLogger(log.level, log),
    webhookNetwork,
  });
}

/** A JWT of the ISV's own account, with which the portal can tell a dead JWT from an app that is refused. */
function makeControlJwt(emulator: Emulator, { isv, app }: ExampleWorld): string {
  const user = emulator.addExtension({ accountId: isv.id, extensionNumber: '101', role: 'super_admin' });
  emulator.world.extension(user.id).hasSignedInToConsole = true;
  return emulator.createJwt({ extensionId: user.id, clientIds: [app.clientId], label: 'Latchkey control' }).jwt;
}

/** The receiver gets every event, as if an administrator had added it on the page. */
async function addEndpoint({ services }: Portal, url: string, receiver: WebhookReceiver): Promise<void> {
  const asked = { url: `${url}/latchkey`, description: 'Receiver of the demo', eventTypes };
  const made = await services.webhooks.make(asked, { actor: { kind: 'command_line' } }, realWorld.newId());
  if (!made.ok) throw new Error('the receiver of webhooks could not be added');
  receiver.use(made.secret.reveal());
}

/** The configuration of `npm start`, with invented values and new keys. */
async function environmentOf(
  urls: DemoWorld['urls'],
  { app, signInApp }: ExampleWorld,
  mail: SmtpCatcher,
  folder: DemoFolder,
  database: DemoDatabase,
  { confirmSeconds }: DemoOptions,
): Promise<Environment> {
  const keys = { privateFile: join(folder.path, 'private.json'), publicFile: join(folder.path, 'public.json') };
  await writeKeyFiles(keys);
  const signingKey = join(folder.path, 'audit.pem');
  writeSigningKeyFile(signingKey);
  return {
    PUBLIC_URL: urls.portal,
    DATABASE_URL: database.url,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    ACCOUNTS_KEY: randomBytes(32).toString('base64'),
    SEALING_KEYS_FILE: keys.privateFile,
    AUDIT_SIGNING_KEY_FILE: signingKey,
    RINGCENTRAL_SERVER_URL: urls.emulator,
    RINGCENTRAL_CONSOLE_URL: urls.emulator,
    RINGCENTRAL_CLIENT_ID: app.clientId,
    RINGCENTRAL_CLIENT_SECRET: app.secret ?? '',
    RINGCENTRAL_CODE_CLIENT_ID: signInApp.clientId,
    RINGCENTRAL_CODE_CLIENT_SECRET: signInApp.secret ?? '',
    RINGCENTRAL_APP_NAME: app.name,
    RINGCENTRAL_AUTH_PER_MINUTE: String(AUTH_PER_MINUTE),
    REJECTION_CONFIRM_SECONDS: String(confirmSeconds),
    ISV_NAME: 'Example Health',
    ISV_SUPPORT_EMAIL: 'support@example-health.example',
    SMTP_URL: mail.url,
    MAIL_FROM: 'Example Health <no-reply@example-health.example>',
  };
}
