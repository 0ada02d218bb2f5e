import type { World } from '../../platform/world.js';
import { createApiClient } from './api-client.js';
import { apiPlanWatch } from './api-plan.js';
import type { AuthBudget } from '../auth-budget/auth-budget-types.js';
import {
  appNameOf,
  environmentNames,
  serverUrls,
  type AppName,
  type Environment,
  type OurApp,
} from '../environments.js';
import { countedCall, type OnCall } from './counted-call.js';
import { createGuardedCall, type Network } from './guarded-call.js';
import type { RingCentralClient } from './ringcentral-types.js';
import { createAppTokenClient, type AppTokenClient, type RingCentralApp } from './token-client.js';

/** `serverUrl` defaults to RingCentral's own address. */
export type AppSettings = Omit<RingCentralApp, 'serverUrl'> & { serverUrl?: string | undefined };

type RingCentralClientOptions = {
  /** our app for JWTs in each environment; an environment without one cannot be called */
  apps: Partial<Record<Environment, AppSettings>>;
  /** our app for sign-ins in each environment, at the same address; one with the client ID of the first is the first */
  signInApps?: Partial<Record<Environment, Omit<AppSettings, 'serverUrl'>>>;
  /** the redirect URI of the sign-in apps; only an invalid code is sent with it */
  callbackUrl?: string | undefined;
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
  const { apps, signInApps = {}, requiredScopes, budget, world, userAgent, deadlineMs, network } = options;
  const { onCall = () => undefined, callbackUrl } = options;
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

  const clients = new Map<string, AppTokenClient>();
  function clientOf(environment: Environment, app: OurApp = 'jwt'): AppTokenClient {
    const asked = (app === 'jwt' ? apps : signInApps)[environment];
    if (!asked) throw new Error(`no app is configured for the environment ${environment} (${app})`);
    const settings = asked.clientId === apps[environment]?.clientId ? apps[environment] : asked;
    const key = `${environment} ${settings.clientId}`;
    const ours = { ...settings, serverUrl: serverUrlOf(environment) };
    const client = clients.get(key) ?? createAppTokenClient({ app: ours, requiredScopes, budget, call, callbackUrl });
    clients.set(key, client);
    return client;
  }

  const planWatches = () => {
    const watches = new Map<AppName, ReturnType<typeof apiPlanWatch>>();
    return (environment: Environment, app: OurApp = 'jwt') => {
      const name = appNameOf(environment, app);
      const watch = watches.get(name) ?? apiPlanWatch(world);
      watches.set(name, watch);
      return watch;
    };
  };
  const [tokenPlan, apiPlan] = [planWatches(), planWatches()];

  const api = createApiClient({ serverUrlOf, call, world });
  return {
    mint: async ({ environment, ...request }) => tokenPlan(environment)(await clientOf(environment).mint(request)),
    exchangeCode: async ({ environment, ...request }) =>
      tokenPlan(environment, 'sign_in')(await clientOf(environment, 'sign_in').exchangeCode(request)),
    refresh: async ({ environment, ...request }) =>
      tokenPlan(environment, 'sign_in')(await clientOf(environment, 'sign_in').refresh(request)),
    revoke: ({ environment, app, ...request }) => clientOf(environment, app).revoke(request),
    probeApp: async ({ environment, app = 'jwt', ...request }) =>
      tokenPlan(environment, app)(await clientOf(environment, app).probeApp(app, request)),
    ...api,
    identity: async (access) => apiPlan(access.environment, access.app)(await api.identity(access)),
    listExtensions: async (access) => apiPlan(access.environment, access.app)(await api.listExtensions(access)),
    probeFaxLine: async (access, extensionId) =>
      apiPlan(access.environment, access.app)(await api.probeFaxLine(access, extensionId)),
    close,
  };
}
