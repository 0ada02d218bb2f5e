import type { Express } from 'express';
import type { AccountsCapability } from './accounts/accounts-capability.js';
import { createApp } from './app.js';
import type { Config } from './config.js';
import type { ConnectionService } from './connections/connection-service.js';
import type { Mount } from './platform/http/mount.js';
import { probes } from './platform/http/probes.js';
import type { BudgetWait, Outcome } from './ringcentral/catalogue/outcome.js';
import { createRingCentral } from './portal-ringcentral.js';
import type { TenantService } from './tenants/tenant-service.js';
import type { TokenService } from './tokens/token-service.js';
import type { Worker } from './worker.js';
import { createParts, type PortalWorld } from './portal-parts.js';
import { createTokens } from './portal-tokens.js';
import { createWeb } from './portal-web.js';
import { startPortalWorker } from './portal-worker.js';

export type Portal = {
  app: Express;
  /** The map of routes, for tests that walk all of it. */
  mounts: Mount[];
  services: {
    tenants: TenantService;
    connections: ConnectionService;
    staff: AccountsCapability['services']['staff'];
    invitations: AccountsCapability['services']['invitations'];
    passwordResets: AccountsCapability['services']['passwordResets'];
    /** Access tokens for jobs; in a process that opens secrets. */
    tokens: TokenService;
  };
  /** Asks RingCentral about our own app; null where this process has no client secret. */
  probeApp: (() => Promise<Outcome<unknown> | BudgetWait>) | null;
  /** The `kid` of each key that something stored is sealed with and this process lacks; none where it opens nothing. */
  missingKeys: () => Promise<string[]>;
  /** Starts the worker, where this process has that role. */
  start: () => void;
  /** What the worker does once a minute, now: destroys and deletes what is overdue. */
  clean: () => Promise<void>;
  /** Lets the worker look at once for what is due: for a clock that was put forward. */
  look: () => void;
  close: () => Promise<void>;
};

/** The composition root: every part is made once, from the configuration, for the roles of this process. Nothing is started. */
export async function createPortal(config: Config, outside: PortalWorld): Promise<Portal> {
  const { db, world, log } = outside;
  const has = (role: Config['ROLES'][number]) => config.ROLES.includes(role);
  let worker: Worker | null = null;
  const parts = await createParts(config, outside, () => worker?.poke());
  const { tenants, connections, brand, missingKeys } = parts;
  const web = has('web') ? await createWeb(parts) : null;
  const app = createApp({
    mounts: web?.mounts ?? [],
    session: web ? [...web.accounts.middlewares.session, web.accounts.middlewares.csrf] : [],
    beforeSession: web?.accounts.beforeSession ?? [],
    guards: web?.guards ?? { signed_in: [], member: [], hand_off: [], staff: [] },
    language: parts.language,
    probes: probes(db, async () => (await missingKeys()).length === 0),
    brand,
    brandFiles: { color: config.ISV_COLOR, logoFile: config.ISV_LOGO_FILE },
    https: parts.https,
    trustProxy: config.TRUST_PROXY,
    log,
    now: world.now,
  });
  const ringcentral = parts.opener ? createRingCentral(config, outside) : null;
  const tokens = ringcentral ? await createTokens(parts, ringcentral) : null;

  return {
    app,
    mounts: web?.mounts ?? [],
    services: {
      tenants,
      connections,
      get staff() {
        return needed(web, 'web').accounts.services.staff;
      },
      get invitations() {
        return needed(web, 'web').accounts.services.invitations;
      },
      get passwordResets() {
        return needed(web, 'web').accounts.services.passwordResets;
      },
      get tokens() {
        return needed(tokens, 'api').service;
      },
    },
    probeApp: ringcentral
      ? () => ringcentral.client.probeApp({ lane: 'interactive', tenantId: null, environment: 'production' })
      : null,
    missingKeys,
    start: () => {
      if (has('worker')) worker = startPortalWorker(parts, needed(ringcentral, 'worker'), needed(tokens, 'worker'));
    },
    look: () => worker?.look(),
    clean: async () => {
      await worker?.clean();
    },
    close: async () => {
      await worker?.stop();
      await ringcentral?.settled();
      await ringcentral?.client.close();
      await db.destroy();
    },
  };
}

function needed<T>(part: T | null, role: string): T {
  if (part === null) throw new Error(`this process does not have the role ${role}`);
  return part;
}
