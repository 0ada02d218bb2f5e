import { isActivePerson, peopleToTell } from './accounts/accounts-capability.js';
import type { Argon2Parameters } from './accounts/passwords/password-hasher.js';
import type { Config } from './config.js';
import { incidentNotices, type Recipients } from './connections/health/connection-notices.js';
import { connectionService } from './connections/connection-service.js';
import { connectionStore } from './connections/health/connection-store.js';
import { submissionOutcomes } from './connections/pages/submission-outcome.js';
import { connectionWriter } from './connections/health/connection-writer.js';
import { countProved, effectiveIntervalMs } from './connections/checks/effective-interval.js';
import { credentialReader, credentialService, missingKids } from './credentials/credential-service.js';
import { handOffService } from './hand-offs/hand-off-service.js';
import { eventStore, type RecordEvent } from './notifications/event-store.js';
import { noticeWriter } from './notifications/notices.js';
import { transactionOn, type Knex } from './platform/database/database.js';
import type { Brand } from './platform/http/locals.js';
import { pageLanguage } from './platform/http/page-language.js';
import type { Logger } from './platform/log.js';
import { outboxWriter } from './platform/outbox.js';
import { privateKeySealing, publicKeySealer } from './platform/sealing/sealing.js';
import { createSignal } from './platform/signal.js';
import type { World } from './platform/world.js';
import { WINDOW_MS } from './ringcentral/auth-budget/auth-budget-policy.js';
import type { Environment } from './ringcentral/environments.js';
import type { Network } from './ringcentral/clients/guarded-call.js';
import { tenantService } from './tenants/tenant-service.js';
import { forgetTokensOf } from './tokens/session-keeper.js';
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
  /** What the auth budget goes by, in milliseconds since 1970; default the database's time. */
  databaseTime?: (db: Knex) => Promise<number>;
  /** How long a call to RingCentral may last, in milliseconds. */
  callDeadlineMs?: number;
  /** How RingCentral is found and who vouches for it, where that is not the machine's own to say: in tests only. */
  network?: Network;
};

export type PortalParts = Awaited<ReturnType<typeof createParts>>;

const MINUTE_MS = 60_000;

/**
 * What pages and worker share.
 * @param poke tells the worker of this process that something is due, where there is one
 */
export async function createParts(config: Config, outside: PortalWorld, poke: () => void) {
  const { db, world } = outside;
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
  const wantedMs = config.CHECK_EVERY_MINUTES * MINUTE_MS;
  const checkEveryMs = async (handle: Knex) => {
    const proved = countProved(await connectionStore(handle).counts());
    return effectiveIntervalMs(wantedMs, proved, checksBudget);
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
    outcomeOf: submissionOutcomes({ db, world }),
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
    onEnded: forgetTokensOf,
  });

  const isvFor = (environment: Environment) => ({
    clientId: clientIdFor(environment),
    appName: config.RINGCENTRAL_APP_NAME,
    consoleUrl: config.RINGCENTRAL_CONSOLE_URL,
    isvName: config.ISV_NAME,
    supportEmail: config.ISV_SUPPORT_EMAIL,
  });

  return {
    config,
    outside,
    transaction,
    brand,
    opener,
    sealer,
    https,
    textsIn,
    language,
    missingKeys,
    poke,
    settled,
    clientIdFor,
    tenants,
    checksBudget,
    wantedMs,
    checkEveryMs,
    tell,
    recipients,
    writing,
    writer,
    connections,
    handOffs,
    credentials,
    isvFor,
  };
}
