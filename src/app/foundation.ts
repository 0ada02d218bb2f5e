import type { Config } from '../config.js';
import type { Metrics } from '../metrics/metrics.js';
import { databaseTime, transactionOn, type Knex } from '../platform/database/database.js';
import { pageLanguage } from '../platform/http/page-language.js';
import type { Logger } from '../platform/log.js';
import type { PostNetwork } from '../platform/outbound/judged-post.js';
import { outboxWriter } from '../platform/outbox.js';
import type { Sealer } from '../platform/sealing/sealing.js';
import type { World } from '../platform/world.js';
import type { Network } from '../ringcentral/clients/guarded-call.js';
import { authorizeEndpointOf, type Environment } from '../ringcentral/environments.js';
import { textsIn as textsOfLanguage, type TextsIn } from '../texts/texts.js';

/** What differs between production and a test; everything else is built the same way in both. */
export type Runtime = {
  db: Knex;
  world: World;
  log: Logger;
  /** Cheaper hashing, for tests only. */
  argon2?: { memoryKiB: number; passes: number; parallelism: number };
  /** Texts to use instead of the catalogs, so that tests see where each text is shown. */
  textsIn?: TextsIn;
  /** How long a killed worker's lease lasts, in milliseconds. */
  leaseMs?: number;
  /** The window of the auth budget, in milliseconds. */
  budgetWindowMs?: number;
  /** The clock of the auth budget, in milliseconds since 1970; default: the database's time. */
  databaseTime?: (db: Knex) => Promise<number>;
  /** How long a call to RingCentral may last, in milliseconds. */
  callDeadlineMs?: number;
  /**
   * How RingCentral's name is resolved and which authority is trusted, if it is not the machine's default; for tests
   * only.
   */
  network?: Network;
  /** How the hosts of webhooks are resolved, and whether this machine may be one; for tests and the demo only. */
  webhookNetwork?: PostNetwork;
};

export type Foundation = ReturnType<typeof createFoundation>;

/** What every capability of this process is built on. Contains nothing of a capability. */
export function createFoundation(config: Config, runtime: Runtime, sealer: Sealer, metrics: Metrics) {
  const https = config.PUBLIC_URL.startsWith('https:');
  const { textsIn = textsOfLanguage } = runtime;
  return {
    config,
    runtime,
    transaction: transactionOn(runtime.db),
    /** The database's time, which is the same for all processes, in milliseconds since 1970. */
    databaseNow: () => (runtime.databaseTime ?? ((db: Knex) => databaseTime(db, runtime.world)))(runtime.db),
    brand: { name: config.ISV_NAME, supportEmail: config.ISV_SUPPORT_EMAIL, appName: config.RINGCENTRAL_APP_NAME },
    isv: isvOf(config),
    textsIn,
    language: pageLanguage(https, textsIn),
    /** Whether the portal is reached by https. */
    https,
    /** Writes a message of the outbox, sealed. */
    enqueue: outboxWriter(sealer, runtime.world),
    sealer,
    metrics,
  };
}

/** The app with which people sign in: its client ID, and the page at RingCentral where a sign-in begins. */
export type SignInApp = { clientId: string; authorizeUrl: string };

/** Where RingCentral sends people back to after they have signed in; registered with the sign-in app. */
export const callbackUrlOf = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): string => `${PUBLIC_URL}/oauth/callback`;

/** The ISV's apps at RingCentral: in each environment one for JWTs, and one for sign-ins if those are offered. */
function isvOf(config: Config) {
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  /** The environments in which the ISV has an app. */
  const environments: readonly ('production' | 'biz')[] = biz ? ['production', 'biz'] : ['production'];
  const clientIdFor = (environment: Environment) =>
    environment === 'biz' && biz ? biz.clientId : config.RINGCENTRAL_CLIENT_ID;
  /** What pages and mails say about the ISV. */
  const factsFor = (environment: Environment) => ({
    clientId: clientIdFor(environment),
    appName: config.RINGCENTRAL_APP_NAME,
    consoleUrl: config.RINGCENTRAL_CONSOLE_URL,
    isvName: config.ISV_NAME,
    supportEmail: config.ISV_SUPPORT_EMAIL,
  });
  /** null where people cannot connect by signing in */
  const signInAppFor = (environment: Environment): SignInApp | null => {
    const serverUrl = environment === 'biz' ? biz?.serverUrl : config.RINGCENTRAL_SERVER_URL;
    const clientId = environment === 'biz' ? biz?.codeClientId : config.RINGCENTRAL_CODE_CLIENT_ID;
    if (environment === 'sandbox' || clientId === undefined || serverUrl === undefined) return null;
    return { clientId, authorizeUrl: authorizeEndpointOf(serverUrl) };
  };
  const jwtApps = environments.map((environment) => ({ environment, app: 'jwt' }) as const);
  const signInApps = environments
    .filter((environment) => signInAppFor(environment) !== null)
    .map((environment) => ({ environment, app: 'sign_in' }) as const);
  return {
    environments,
    apps: [...jwtApps, ...signInApps],
    clientIdFor,
    factsFor,
    signInAppFor,
    callbackUrl: callbackUrlOf(config),
  };
}
