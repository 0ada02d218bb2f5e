import type { Config } from '../config.js';
import { version } from '../platform/version.js';
import type { Runtime } from './foundation.js';
import { createAuthBudget } from '../ringcentral/auth-budget/auth-budget.js';
import { fileSecret, fixedSecret } from '../ringcentral/clients/client-secret.js';
import { createRingCentralClient } from '../ringcentral/clients/ringcentral-client.js';

/** RingCentral's clients for this process: with the app's secret, within its budget. */
export function createRingCentral(config: Config, runtime: Runtime) {
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
    userAgent: `Latchkey/${version}`,
    deadlineMs: callDeadlineMs,
    network,
  });
  return { client, settled: budget.settled };
}
