import { accountsCapability } from './accounts/accounts-capability.js';
import { connectionRoutes } from './connections/pages/connection-routes.js';
import { credentialRoutes } from './credentials/credential-routes.js';
import { guideRoutes } from './guide/guide-routes.js';
import { handOffMounts } from './hand-offs/hand-off-mounts.js';
import { progressOf } from './hand-offs/hand-off-types.js';
import type { Mount } from './platform/http/mount.js';
import { outboxWriter } from './platform/outbox.js';
import { jwksOfSymmetricKey, symmetricSealing } from './platform/sealing/sealing.js';
import { budgetOverview } from './ringcentral/auth-budget/budget-overview.js';
import { memberSignInRoutes } from './staff/tenants/member-sign-in-routes.js';
import { staffPeopleRoutes } from './staff/tenants/staff-people-routes.js';
import { staffPasswordResetRoutes } from './staff/tenants/staff-password-reset-routes.js';
import { budgetRoutes } from './staff/budget/budget-routes.js';
import { incidentRoutes } from './staff/incidents/incident-routes.js';
import { staffRoutes } from './staff/staff-routes.js';
import { tenantSettingsRoutes } from './staff/tenants/tenant-settings-routes.js';
import type { PortalParts } from './portal-parts.js';

/** The pages: their routes, and who may reach each. */
export async function createWeb(parts: PortalParts) {
  const { config, outside, transaction, brand, tenants, sealer, textsIn, language, connections } = parts;
  const { handOffs, credentials, poke, clientIdFor, isvFor } = parts;
  const { db, world } = outside;
  const accountsKey = config.ACCOUNTS_KEY;
  const sessionSecret = config.SESSION_SECRET;
  if (!accountsKey || !sessionSecret) throw new Error('the configuration of the role web is incomplete');
  const accounts = accountsCapability({
    db,
    transaction,
    world,
    config: {
      publicUrl: config.PUBLIC_URL,
      sessionSecret,
      accountsKey,
      ...(outside.argon2 ? { argon2: outside.argon2 } : {}),
    },
    brand,
    tenants,
    enqueue: outboxWriter(sealer, world),
    record: parts.writing.record,
    textsIn,
    language,
    isConnected: async (tenantId) => (await connections.view(tenantId)).active !== null,
  });
  await accounts.ready();
  const sealing = await symmetricSealing(await jwksOfSymmetricKey(accountsKey));
  const guide = guideRoutes({
    configFor: isvFor,
    progress: async (tenantId, { handOffId }) => {
      // A colleague is told of their own paste only.
      if (handOffId !== undefined) return progressOf(await handOffs.outcomeOf(tenantId, handOffId));
      const { shown, connection } = await connections.view(tenantId);
      // An answer that said nothing is waited for; only a refusal is somebody's to mend.
      const waiting = shown.state === 'pending' && connection.health.pending?.refused === false;
      return { state: shown.state, ...(shown.cause && !waiting ? { lastCause: shown.cause } : {}) };
    },
  });
  const pastes = credentialRoutes({ credentials, connections, poke, isvName: config.ISV_NAME });
  const handingOff = handOffMounts({
    handOffs,
    tenants,
    connections,
    world,
    publicUrl: config.PUBLIC_URL,
    isvFor,
    isvName: config.ISV_NAME,
    sealing,
    namesOf: accounts.services.people,
    guide,
    credentials: pastes,
  });
  const mounts: Mount[] = [
    ...accounts.mounts,
    ...handingOff.mounts,
    { path: '/tenants/:tenantId/guide', access: 'member', router: guide },
    {
      path: '/tenants/:tenantId/credentials',
      access: 'member',
      router: pastes,
    },
    {
      path: '/tenants/:tenantId/connection',
      access: 'member',
      router: connectionRoutes({
        connections,
        isvFor,
        memberNames: async (tenantId) =>
          new Map((await accounts.services.membersOf(tenantId)).map(({ id, name }) => [id, name])),
        world,
      }),
    },
    {
      path: '/staff/tenants',
      access: 'staff',
      router: staffRoutes({ db, world, tenants, connections, accounts, isvFor, textsIn }),
    },
    {
      path: '/staff/budget',
      access: 'staff',
      router: budgetRoutes({
        db,
        world,
        tenants,
        connections,
        readBudget: budgetOverview({
          db,
          world,
          perMinute: config.RINGCENTRAL_AUTH_PER_MINUTE,
          windowMs: outside.budgetWindowMs,
          databaseTime: outside.databaseTime,
        }),
        clientIdFor,
        checksBudget: parts.checksBudget,
        wantedMs: parts.wantedMs,
      }),
    },
    { path: '/staff/incidents', access: 'staff', router: incidentRoutes({ db, world, tenants, connections }) },
    {
      path: '/staff/tenants/:tenantId',
      access: 'staff',
      router: staffPeopleRoutes({
        db,
        world,
        tenants,
        accounts,
        flashSealing: sealing,
      }),
    },
    {
      path: '/staff/tenants/:tenantId',
      access: 'staff',
      router: tenantSettingsRoutes({ db, world, tenants, accounts }),
    },
    {
      path: '/staff/tenants/:tenantId',
      access: 'staff',
      router: staffPasswordResetRoutes({ db, world, tenants, accounts }),
    },
    {
      path: '/staff/tenants/:tenantId',
      access: 'staff',
      router: memberSignInRoutes({ db, world, tenants, accounts }),
    },
  ];
  return { accounts, mounts, guards: { ...accounts.guards, hand_off: handingOff.guard } };
}
