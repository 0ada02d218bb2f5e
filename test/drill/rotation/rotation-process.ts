import { openDatabase } from '../../../src/platform/database/database.js';
import { realWorld } from '../../../src/platform/world.js';
import { createRingCentralClient } from '../../../src/ringcentral/clients/ringcentral-client.js';
import { Secret } from '../../../src/platform/secret.js';
import { aSessionKeeper, SIGN_IN_APP } from '../watch/session-parts.js';
import { ask } from './rotation-parts.js';

/** What the drill that kills gives to this process. */
export type RotationProcessSettings = {
  databaseUrl: string;
  ringCentralUrl: string;
  clientSecret: string;
  tenantIds: string[];
  /** How far the clock is ahead of the machine's. */
  aheadMs: number;
};

/** Rotates the refresh tokens of clinics one after another until it is killed, and uses each access token at once. */
async function run(settings: RotationProcessSettings): Promise<never> {
  const { databaseUrl, ringCentralUrl: serverUrl, clientSecret, tenantIds, aheadMs } = settings;
  const now = () => new Date(realWorld.now().getTime() + aheadMs);
  const world = { ...realWorld, now };
  const app = {
    clientId: SIGN_IN_APP,
    secret: { current: () => Promise.resolve(new Secret(clientSecret)) },
    serverUrl,
  };
  const client = createRingCentralClient({
    apps: { production: app },
    signInApps: { production: app },
    requiredScopes: [],
    budget: { run: async (_ask, send) => ({ kind: 'sent', value: (await send()).value }) },
    world,
    userAgent: 'Latchkey-drill/0',
  });
  const keeper = aSessionKeeper(openDatabase(databaseUrl), world, client);
  for (let turn = Math.floor(Math.random() * tenantIds.length); ; turn += 1) {
    const tenantId = tenantIds[turn % tenantIds.length] ?? '';
    const answer = await ask(keeper, tenantId).catch(() => null); // the database is locked by others for too long
    if (answer?.kind === 'minted') {
      const { accessToken, ownerId } = answer.session;
      const used = await client.identity({ accessToken, ownerId, environment: 'production' });
      // Another process may have rotated the token meanwhile.
      process.stdout.write(`${used.kind === 'accepted' ? 'rotated' : used.kind} ${tenantId}\n`);
    } else if (answer?.kind === 'refused')
      process.stdout.write(`lost ${tenantId} ${answer.cause} ${answer.codes.join(' ')}\n`);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

await run(JSON.parse(process.argv[2] ?? '{}') as RotationProcessSettings);
