import type { Express } from 'express';
import {
  accountsCapability,
  accountsWork,
  isActivePerson,
  peopleToTell,
  pruneAccounts,
  type AccountsCapability,
} from './accounts/accounts-capability.js';
import type { Argon2Parameters } from './accounts/password-hasher.js';
import { createApp } from './app.js';
import type { Config } from './config.js';
import { checkRunner } from './connections/check-runner.js';
import { expiryReminders, incidentNotices, type Recipients } from './connections/connection-notices.js';
import { noticeMails } from './connections/notice-mails.js';
import { connectionRoutes } from './connections/connection-routes.js';
import { connectionService, type ConnectionService } from './connections/connection-service.js';
import { connectionStore } from './connections/connection-store.js';
import { submissionOutcomes } from './connections/submission-outcome.js';
import { connectionWriter, staleConnections } from './connections/connection-writer.js';
import { countProved, effectiveIntervalMs, LONGEST_INTERVAL_MS } from './connections/effective-interval.js';
import { portalIncidents } from './connections/portal-incidents.js';
import { staffDigests } from './connections/staff-digest.js';
import { prover } from './connections/proof.js';
import { rejectionControl } from './connections/rejections.js';
import { credentialRoutes } from './credentials/credential-routes.js';
import {
  credentialKeeper,
  credentialReader,
  credentialService,
  missingKids,
} from './credentials/credential-service.js';
import { guideRoutes } from './guide/guide-routes.js';
import { handOffMounts } from './hand-offs/hand-off-mounts.js';
import { progressOf } from './hand-offs/hand-off-types.js';
import { handOffService } from './hand-offs/hand-off-service.js';
import { eventStore, type RecordEvent } from './notifications/event-store.js';
import { mailDelivery } from './notifications/mail-delivery.js';
import { NOTICE, noticeDelivery, noticeWriter } from './notifications/notices.js';
import { transactionOn, type Knex } from './platform/database.js';
import type { Brand } from './platform/http/locals.js';
import type { Mount } from './platform/http/mount.js';
import { pageLanguage } from './platform/http/page-language.js';
import { probes } from './platform/http/probes.js';
import type { Logger } from './platform/log.js';
import { readLogo } from './platform/logo.js';
import { LAST_ATTEMPT, outboxReader, outboxWriter, type Delivery, type OutboxItem } from './platform/outbox.js';
import { jwksOfSymmetricKey, privateKeySealing, publicKeySealer, symmetricSealing } from './platform/sealing.js';
import { Secret } from './platform/secret.js';
import { createSignal } from './platform/signal.js';
import type { World } from './platform/world.js';
import type { BudgetClock } from './ringcentral/auth-budget-clock.js';
import { WINDOW_MS } from './ringcentral/auth-budget-policy.js';
import { budgetOverview } from './ringcentral/budget-overview.js';
import type { BudgetWait, Outcome } from './ringcentral/outcome.js';
import type { Environment } from './ringcentral/environments.js';
import type { Network } from './ringcentral/guarded-call.js';
import { createRingCentral } from './portal-ringcentral.js';
import { memberSignInRoutes } from './staff/member-sign-in-routes.js';
import { staffPeopleRoutes } from './staff/staff-people-routes.js';
import { staffPasswordResetRoutes } from './staff/staff-password-reset-routes.js';
import { budgetRoutes } from './staff/budget-routes.js';
import { incidentRoutes } from './staff/incident-routes.js';
import { staffRoutes } from './staff/staff-routes.js';
import { tenantSettingsRoutes } from './staff/tenant-settings-routes.js';
import { tenantService, type TenantService } from './tenants/tenant-service.js';
import { startWorker, type Worker } from './worker.js';
import { textsIn as textsOfLanguage, type TextsIn } from './texts/texts.js';

/** What differs between production and a test; everything else is built the same way in both. */
export type PortalWorld = {
  db: Knex;
  world: World;
  log: Logger;
  /** Cheaper hashing, for tests only. */
  argon2?: Argon2Parameters;
  /** Other texts than the catalogues', to see where each stands. */
  textsIn?: TextsIn;
  /** How long a killed worker's claim stands, in milliseconds. */
  leaseMs?: number;
  /** The window of the auth budget, in milliseconds. */
  budgetWindowMs?: number;
  /** The time of the auth budget; default the database's. */
  budgetClock?: BudgetClock;
  /** How long a call to RingCentral may last, in milliseconds. */
  callDeadlineMs?: number;
  /** How RingCentral is found and who vouches for it, where that is not the machine's own to say: in tests only. */
  network?: Network;
};

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

const MINUTE_MS = 60_000;

/** The composition root: every part is made here, once, from the configuration. Nothing is started. */
export async function createPortal(config: Config, outside: PortalWorld): Promise<Portal> {
  const { db, world, log } = outside;
  const transaction = transactionOn(db);
  const has = (role: Config['ROLES'][number]) => config.ROLES.includes(role);
  const brand: Brand = {
    name: config.ISV_NAME,
    supportEmail: config.ISV_SUPPORT_EMAIL,
    appName: config.RINGCENTRAL_APP_NAME,
  };

  // The private keys where this process may open secrets, the public one where it only seals them.
  const opener = has('worker') || has('api') ? await privateKeySealing(config.SEALING_KEYS_FILE) : null;
  const sealer = opener ?? (await publicKeySealer(config.SEALING_PUBLIC_KEYS_FILE ?? config.SEALING_KEYS_FILE));

  const https = config.PUBLIC_URL.startsWith('https:');
  const { textsIn = textsOfLanguage } = outside;
  const language = pageLanguage(https, textsIn);

  // A process that opens nothing cannot tell.
  const missingKeys = async (): Promise<string[]> => (opener ? missingKids(db, opener.kids) : []);

  let worker: Worker | null = null;
  const poke = () => worker?.poke();
  const settled = createSignal(world);

  const { biz } = config.RINGCENTRAL_ENVIRONMENTS_FILE ?? {};
  const clientIdFor = (environment: Environment) =>
    environment === 'biz' && biz ? biz.clientId : config.RINGCENTRAL_CLIENT_ID;
  const tenants = tenantService({
    db,
    transaction,
    world,
    environments: ['production', ...(biz ? (['biz'] as const) : [])],
    onCreated: (trx, tenantId) => connections.onTenantCreated(trx, tenantId),
  });
  // One call of each window is kept for people. Where the limit is each tenant's own, their number takes nothing away.
  const checksBudget =
    config.RINGCENTRAL_AUTH_SCOPE === 'app'
      ? { perWindow: config.RINGCENTRAL_AUTH_PER_MINUTE - 1, windowMs: outside.budgetWindowMs ?? WINDOW_MS }
      : null;
  const checkEveryMs = async (handle: Knex) => {
    const proved = countProved(await connectionStore(handle).counts());
    return effectiveIntervalMs(config.CHECK_EVERY_MINUTES * MINUTE_MS, proved, checksBudget);
  };
  const record: RecordEvent = (trx, event) => eventStore(trx, world).append(event);
  const tell = noticeWriter({ world, enqueue: outboxWriter(sealer, world) });
  const recipients: Recipients = {
    members: async (trx, tenantId) =>
      peopleToTell(trx).active((await tenants.membersWithin(trx, tenantId)).map(({ personId }) => personId)),
    staff: (trx) => peopleToTell(trx).staff(),
  };
  const notices = incidentNotices({ tell, recipients });
  const writing = { world, intervalMs: checkEveryMs, record, notices };
  const writer = connectionWriter(writing);
  const connections = connectionService({
    db,
    transaction,
    world,
    credentials: credentialReader(db),
    writer,
    checkEveryMs,
    record,
    createdAtOf: async (tenantId) => (await tenants.find(tenantId))?.createdAt ?? world.now(),
    poke,
    settled,
  });
  const handOffs = handOffService({
    db,
    transaction,
    world,
    publicUrl: config.PUBLIC_URL,
    outcomeOf: submissionOutcomes({ db, world, credentials: credentialReader(db) }),
    isActiveMember: async (tenantId, personId) =>
      (await tenants.findForMember(tenantId, personId)) !== undefined && (await isActivePerson(db, personId)),
  });
  const credentials = credentialService({
    transaction,
    world,
    sealer,
    clientIdFor,
    onSubmitted: async (trx, submitted) => {
      await handOffs.onSubmitted(trx, submitted);
      return connections.onSubmitted(trx, submitted);
    },
    onRepeated: async (trx, repeated) => {
      await handOffs.onSubmitted(trx, repeated);
      return connections.onRepeated(trx, repeated);
    },
  });

  const isvFor = (environment: Environment) => ({
    clientId: clientIdFor(environment),
    appName: config.RINGCENTRAL_APP_NAME,
    consoleUrl: config.RINGCENTRAL_CONSOLE_URL,
    isvName: config.ISV_NAME,
    supportEmail: config.ISV_SUPPORT_EMAIL,
  });

  const web = has('web') ? await createWeb() : null;
  const app = createApp({
    mounts: web?.mounts ?? [],
    session: web ? [...web.accounts.middlewares.session, web.accounts.middlewares.csrf] : [],
    beforeSession: web?.accounts.beforeSession ?? [],
    guards: web?.guards ?? { signed_in: [], member: [], hand_off: [], staff: [] },
    language,
    probes: probes(db, async () => (await missingKeys()).length === 0),
    brand,
    brandFiles: { colour: config.ISV_COLOUR, logoFile: config.ISV_LOGO_FILE },
    https,
    trustProxy: config.TRUST_PROXY,
    log,
    now: world.now,
  });
  const ringcentral = opener ? createRingCentral(config, outside) : null;

  async function createWeb() {
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
            clock: outside.budgetClock,
          }),
          clientIdFor,
          checksBudget,
          wantedMs: config.CHECK_EVERY_MINUTES * MINUTE_MS,
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

  function createWorker(): Worker {
    if (!opener || !ringcentral) throw new Error('the configuration of the role worker is incomplete');
    const { client } = ringcentral;
    const incidents = portalIncidents(writing);
    const control = rejectionControl({
      world,
      mint: client.mint,
      controlJwt: config.RINGCENTRAL_CONTROL_JWT === undefined ? null : new Secret(config.RINGCENTRAL_CONTROL_JWT),
    });
    const runner = checkRunner({
      db,
      transaction,
      world,
      credentials: credentialKeeper({ db, world, opener }),
      environmentOf: async (tenantId) => (await tenants.find(tenantId))?.environment ?? 'production',
      prove: prover({
        ringcentral: ringcentral.client,
        world,
        requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
        jobProbe: config.JOB_PROBE,
        isAccountHeldByAnother: (accountId, tenantId) =>
          connectionStore(db).isAccountHeldByAnother(accountId, tenantId),
      }),
      writer,
      incidents,
      control,
      intervals: {
        checkEveryMs,
        confirmMs: config.REJECTION_CONFIRM_SECONDS * 1000,
      },
      canary: ringcentral.client.canary,
    });
    const mail = mailDelivery({
      smtpUrl: config.SMTP_URL ?? '',
      from: config.MAIL_FROM ?? '',
      log,
      brand: {
        name: config.ISV_NAME,
        colour: config.ISV_COLOUR,
        logo: config.ISV_LOGO_FILE === undefined ? undefined : readLogo(config.ISV_LOGO_FILE),
      },
    });
    const enqueue = outboxWriter(sealer, world);
    const deps = { db, transaction, world, brand, tenants, enqueue, textsIn, publicUrl: config.PUBLIC_URL };
    const accounts = accountsWork({ ...deps, deliverMail: mail });
    const compose = noticeMails({
      ...deps,
      credentials: credentialReader(db),
      readerOf: async (personId, tenantId) => {
        const person = await peopleToTell(db).find(personId);
        const isMember = tenantId !== null && (await tenants.isMember(db, tenantId, personId));
        if (!person || !(isMember || person.staffRole !== null)) return undefined;
        return { email: person.email, language: person.language, isStaff: !isMember };
      },
      tenantOf: (tenantId) => tenants.find(tenantId),
      isvFor,
    });
    const remindOfExpiry = expiryReminders({
      tell,
      recipients,
      transaction,
      world,
      credentials: credentialKeeper({ db, world, opener }),
    });
    const tellStaffDaily = staffDigests({ db, transaction, world, tell, recipients });
    const deliveries: Record<string, (item: OutboxItem) => Promise<Delivery>> = {
      ...accounts.deliveries,
      [NOTICE]: noticeDelivery({ db, world, compose, deliverMail: mail, lastAttempt: LAST_ATTEMPT }),
    };
    const started = startWorker({
      db,
      world,
      log,
      runner,
      outbox: outboxReader(db, opener, world, world.newId()),
      deliver: (item) => (deliveries[item.kind] ?? mail)(item),
      settled,
      reviewIncidents: () =>
        incidents.review({
          db,
          transaction,
          environments: tenants.environments,
          isAppTaken: async (environment) => {
            const answer = await client.probeApp({ lane: 'background', tenantId: null, environment, maxWaitMs: 0 });
            return answer.kind === 'accepted';
          },
          control,
          isBudgetEnough: async () =>
            (await checkEveryMs(db)) <= Math.max(LONGEST_INTERVAL_MS, config.CHECK_EVERY_MINUTES * MINUTE_MS),
        }),
      markStale: staleConnections({ ...writing, db, transaction }),
      remindDue: async (limit) => {
        const looked = (await accounts.remindDue(limit)) + (await remindOfExpiry(limit));
        await tellStaffDaily();
        return looked;
      },
      retention: [() => pruneAccounts(db, world), () => handOffs.prune()],
      leaseMs: outside.leaseMs,
    });
    return {
      ...started,
      stop: async () => {
        await started.stop();
        mail.close();
      },
    };
  }

  return {
    app,
    mounts: web?.mounts ?? [],
    services: {
      tenants,
      connections,
      get staff() {
        return needed(web).accounts.services.staff;
      },
      get invitations() {
        return needed(web).accounts.services.invitations;
      },
      get passwordResets() {
        return needed(web).accounts.services.passwordResets;
      },
    },
    probeApp: ringcentral
      ? () => ringcentral.client.probeApp({ lane: 'interactive', tenantId: null, environment: 'production' })
      : null,
    missingKeys,
    start: () => {
      if (has('worker')) worker = createWorker();
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

function needed<T>(part: T | null): T {
  if (part === null) throw new Error('this process does not have the role web');
  return part;
}
