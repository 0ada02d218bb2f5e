import type { Config } from '../config.js';
import { version } from '../platform/version.js';
import type { Runtime } from './foundation.js';
import { createAuthBudget } from '../ringcentral/auth-budget/auth-budget.js';
import { fileSecret, fixedSecret, type ClientSecret } from '../ringcentral/clients/client-secret.js';
import { createRingCentralClient, type AppSettings } from '../ringcentral/clients/ringcentral-client.js';

/** RingCentral's clients for this process: with the app's secret, within its budget. */
export function createRingCentral(config: Config, runtime: Runtime) {
  const { db, world, log } = runtime;
  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const production: AppSettings = {
    clientId: config.RINGCENTRAL_CLIENT_ID,
    secret: productionSecret(config),
    serverUrl: config.RINGCENTRAL_SERVER_URL,
  };
  const budget = createAuthBudget({
    db,
    world,
    log,
    scope: config.RINGCENTRAL_AUTH_SCOPE,
    perMinute: config.RINGCENTRAL_AUTH_PER_MINUTE,
    databaseTime: runtime.databaseTime,
    ...(runtime.budgetWindowMs ? { windowMs: runtime.budgetWindowMs } : {}),
    ...(runtime.callDeadlineMs ? { callDeadlineMs: runtime.callDeadlineMs } : {}),
  });
  const client = createRingCentralClient({
    apps: {
      production,
      ...(biz
        ? {
            biz: {
              clientId: biz.clientId,
              secret: { current: fileSecret(biz.clientSecretFile) },
              serverUrl: biz.serverUrl,
            },
          }
        : {}),
    },
    requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
    budget,
    world,
    userAgent: `Latchkey/${version}`,
    deadlineMs: runtime.callDeadlineMs,
    network: runtime.network,
  });
  return { client, settled: budget.settled };
}

function productionSecret(config: Config): ClientSecret {
  const previous = config.RINGCENTRAL_CLIENT_SECRET_PREVIOUS;
  return {
    current: config.clientSecretFile
      ? fileSecret(config.clientSecretFile)
      : fixedSecret(config.RINGCENTRAL_CLIENT_SECRET ?? ''),
    ...(previous ? { previous: fixedSecret(previous) } : {}),
  };
}
