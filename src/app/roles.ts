import type { Config, Role } from '../config.js';
import {
  jwksOfSymmetricKeys,
  privateKeySealing,
  publicKeySealer,
  symmetricSealing,
  type Sealer,
} from '../platform/sealing/sealing.js';
import { version } from '../platform/version.js';
import type { Recorder } from '../metrics/metrics.js';
import type { SecretsRole, WebRole } from './capability.js';
import { callbackUrlOf, type Runtime } from './foundation.js';
import { createAuthBudget } from '../ringcentral/auth-budget/auth-budget.js';
import { fileSecret, fixedSecret, type ClientSecret } from '../ringcentral/clients/client-secret.js';
import { createRingCentralClient, type AppSettings } from '../ringcentral/clients/ringcentral-client.js';
import type { Environment } from '../ringcentral/environments.js';

/** What this process may do, and what it needs for that. A role that the process does not have is null. */
export type Roles = {
  web: WebRole | null;
  secrets: SecretsRole | null;
  has: (role: Role) => boolean;
  /** Has only the public key if this process only seals secrets. */
  sealer: Sealer;
  close: () => Promise<void>;
};

/** An object whose every method throws. */
const refusing: unknown = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('this process opens no secrets');
    },
  },
);

/** In place of secrets where the calls of the API are described and not served. */
export const noSecrets: SecretsRole = {
  opener: refusing as SecretsRole['opener'],
  tokenSealing: refusing as SecretsRole['tokenSealing'],
  ringcentral: refusing as SecretsRole['ringcentral'],
};

/** @throws {SealingKeyError} if the keys cannot be used */
export async function rolesOf(config: Config, runtime: Runtime, recorder: Recorder): Promise<Roles> {
  const has = (role: Role) => config.ROLES.includes(role);
  if (!has('worker') && !has('api')) {
    const sealer = await publicKeySealer(config.SEALING_PUBLIC_KEYS_FILE ?? config.SEALING_KEYS_FILE);
    return { web: await webRole(config), secrets: null, has, sealer, close: () => Promise.resolve() };
  }
  const opener = await privateKeySealing(config.SEALING_KEYS_FILE);
  const tokenSealing = await symmetricSealing(config.SEALING_KEYS_FILE);
  const web = has('web') ? await webRole(config) : null;
  const { client, settled } = createRingCentral(config, runtime, recorder);
  const close = async () => {
    await settled();
    await client.close();
  };
  return { web, secrets: { opener, tokenSealing, ringcentral: client }, has, sealer: opener, close };
}

async function webRole({ SESSION_SECRET: sessionSecrets, ACCOUNTS_KEY: accountsKeys }: Config): Promise<WebRole> {
  if (!accountsKeys || !sessionSecrets) throw new Error('the configuration of the role web is incomplete');
  const accountsSealing = await symmetricSealing(await jwksOfSymmetricKeys(accountsKeys));
  return { sessionSecrets, accountsKeys, accountsSealing };
}

/** RingCentral's clients for this process: with the app's secret, within its budget. */
function createRingCentral(config: Config, runtime: Runtime, recorder: Recorder) {
  const { db, world, log, databaseTime, budgetWindowMs, callDeadlineMs, network } = runtime;
  const budget = createAuthBudget({
    db,
    world,
    log,
    scope: config.RINGCENTRAL_AUTH_SCOPE,
    perMinute: config.RINGCENTRAL_AUTH_PER_MINUTE,
    databaseTime,
    ...(budgetWindowMs ? { windowMs: budgetWindowMs } : {}),
    ...(callDeadlineMs ? { callDeadlineMs } : {}),
  });
  const client = createRingCentralClient({
    apps: appsOf(config),
    signInApps: signInAppsOf(config),
    callbackUrl: callbackUrlOf(config),
    requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
    budget,
    world,
    userAgent: `Latchkey/${version}`, // for RingCentral's logs; never sent to a browser
    deadlineMs: callDeadlineMs,
    network,
    onCall: recorder.ringCentralCall,
  });
  return { client, settled: budget.settled };
}

type Apps = Partial<Record<Environment, AppSettings>>;

/** Our apps for JWTs. */
function appsOf(config: Config): Apps {
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const production = {
    clientId: config.RINGCENTRAL_CLIENT_ID,
    secret: secretOf(config, 'RINGCENTRAL_CLIENT_SECRET', config.RINGCENTRAL_CLIENT_SECRET_PREVIOUS),
    serverUrl: config.RINGCENTRAL_SERVER_URL,
  };
  return { production, ...(biz && { biz: { ...biz, secret: { current: fileSecret(biz.clientSecretFile) } } }) };
}

/** Our apps for sign-ins, where they are configured. One that is also the app for JWTs has the secret of that app. */
function signInAppsOf(config: Config): Apps {
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const { RINGCENTRAL_CODE_CLIENT_ID: clientId, RINGCENTRAL_CODE_CLIENT_SECRET_PREVIOUS: previous } = config;
  const secret = () => secretOf(config, 'RINGCENTRAL_CODE_CLIENT_SECRET', previous);
  return {
    ...(clientId !== undefined && { production: { clientId, secret: secret() } }),
    ...(biz?.codeClientId !== undefined && {
      biz: {
        clientId: biz.codeClientId,
        secret: { current: fileSecret(biz.codeClientSecretFile ?? biz.clientSecretFile) },
      },
    }),
  };
}

function secretOf(
  config: Config,
  name: 'RINGCENTRAL_CLIENT_SECRET' | 'RINGCENTRAL_CODE_CLIENT_SECRET',
  previous: string | undefined,
): ClientSecret {
  const path = config.secretFiles.find((file) => file.name === `${name}_FILE`)?.path;
  const current = path === undefined ? fixedSecret(config[name] ?? '') : fileSecret(path);
  return { current, ...(previous !== undefined && { previous: fixedSecret(previous) }) };
}
