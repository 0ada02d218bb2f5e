import type { Config } from './config.js';
import { version } from './platform/version.js';
import type { PortalWorld } from './portal-parts.js';
import { createAuthBudget } from './ringcentral/auth-budget/auth-budget.js';
import { fileSecret, fixedSecret, type ClientSecret } from './ringcentral/clients/client-secret.js';
import { createRingCentralClient, type AppSettings } from './ringcentral/clients/ringcentral-client.js';

/** RingCentral as this process may call it: with the app's secret, within its budget. */
export function createRingCentral(config: Config, outside: PortalWorld) {
  const { db, world, log } = outside;
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
    databaseTime: outside.databaseTime,
    ...(outside.budgetWindowMs ? { windowMs: outside.budgetWindowMs } : {}),
    ...(outside.callDeadlineMs ? { callDeadlineMs: outside.callDeadlineMs } : {}),
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
    deadlineMs: outside.callDeadlineMs,
    network: outside.network,
  });
  return { client, settled: budget.settled };
}

export type RingCentral = ReturnType<typeof createRingCentral>;

function productionSecret(config: Config): ClientSecret {
  const previous = config.RINGCENTRAL_CLIENT_SECRET_PREVIOUS;
  return {
    current: config.clientSecretFile
      ? fileSecret(config.clientSecretFile)
      : fixedSecret(config.RINGCENTRAL_CLIENT_SECRET ?? ''),
    ...(previous ? { previous: fixedSecret(previous) } : {}),
  };
}
