import type { World } from '../../platform/world.js';
import { createApiClient } from './api-client.js';
import { apiPlanWatch } from './api-plan.js';
import type { AuthBudget } from '../auth-budget/auth-budget-types.js';
import { environmentNames, serverUrls, type Environment } from '../environments.js';
import { countedCall, type OnCall } from './counted-call.js';
import { createGuardedCall, type Network } from './guarded-call.js';
import type { RingCentralClient } from './ringcentral-types.js';
import { createAppTokenClient, type AppTokenClient, type RingCentralApp } from './token-client.js';

/** `serverUrl` defaults to RingCentral's own address. */
export type AppSettings = Omit<RingCentralApp, 'serverUrl'> & { serverUrl?: string | undefined };

type RingCentralClientOptions = {
  /** our app in each environment; an environment without one cannot be called */
  apps: Partial<Record<Environment, AppSettings>>;
  requiredScopes: readonly string[];
  budget: Pick<AuthBudget, 'run'>;
  world: Pick<World, 'now' | 'wait'>;
  /** sent as X-User-Agent, such as `Latchkey/0.1.0` */
  userAgent: string;
  /** for a whole call; default 10,000 */
  deadlineMs?: number | undefined;
  network?: Network | undefined;
  /** Called for each request that was sent. */
  onCall?: OnCall;
};

/**
 * The only code that calls RingCentral. It connects only to RingCentral's own addresses and those that the operator
 * configured, never to one that a credential or an answer names (SEC-25).
 *
 * @throws {Error} if a configured address is neither https nor loopback
 */
export function createRingCentralClient(options: RingCentralClientOptions): RingCentralClient {
  const { apps, requiredScopes, budget, world, userAgent, deadlineMs, network, onCall = () => undefined } = options;
  const serverUrlOf = (environment: Environment) =>
    (apps[environment]?.serverUrl ?? serverUrls[environment]).replace(/\/$/, '');
  const { call: send, close } = createGuardedCall({
    allowedOrigins: environmentNames.map(serverUrlOf),
    world,
    userAgent,
    network,
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
  const call = countedCall(send, onCall);

  const clients = new Map<Environment, AppTokenClient>();
  function clientOf(environment: Environment): AppTokenClient {
    const settings = apps[environment];
    if (!settings) throw new Error(`no app is configured for the environment ${environment}`);
    const app = { ...settings, serverUrl: serverUrlOf(environment) };
    const client = clients.get(environment) ?? createAppTokenClient({ app, requiredScopes, budget, call });
    clients.set(environment, client);
    return client;
  }

  const planWatches = () => ({
    production: apiPlanWatch(world),
    biz: apiPlanWatch(world),
    sandbox: apiPlanWatch(world),
  });
  const [tokenPlans, apiPlans] = [planWatches(), planWatches()];

  const api = createApiClient({ serverUrlOf, call, world });
  return {
    mint: async ({ environment, ...request }) => tokenPlans[environment](await clientOf(environment).mint(request)),
    revoke: ({ environment, ...request }) => clientOf(environment).revoke(request),
    probeApp: async ({ environment, ...place }) => tokenPlans[environment](await clientOf(environment).probeApp(place)),
    ...api,
    identity: async (access) => apiPlans[access.environment](await api.identity(access)),
    listExtensions: async (access) => apiPlans[access.environment](await api.listExtensions(access)),
    probeFaxLine: async (access, extensionId) =>
      apiPlans[access.environment](await api.probeFaxLine(access, extensionId)),
    close,
  };
}
