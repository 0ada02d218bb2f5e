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
import type { Runtime } from './foundation.js';
import { createAuthBudget } from '../ringcentral/auth-budget/auth-budget.js';
import { fileSecret, fixedSecret } from '../ringcentral/clients/client-secret.js';
import { createRingCentralClient } from '../ringcentral/clients/ringcentral-client.js';

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
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const previous = config.RINGCENTRAL_CLIENT_SECRET_PREVIOUS;
  const current = config.clientSecretFile
    ? fileSecret(config.clientSecretFile)
    : fixedSecret(config.RINGCENTRAL_CLIENT_SECRET ?? '');
  const production = {
    clientId: config.RINGCENTRAL_CLIENT_ID,
    secret: { current, ...(previous ? { previous: fixedSecret(previous) } : {}) },
    serverUrl: config.RINGCENTRAL_SERVER_URL,
  };
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
    apps: biz ? { production, biz: { ...biz, secret: { current: fileSecret(biz.clientSecretFile) } } } : { production },
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
