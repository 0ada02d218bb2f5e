import { connectionActs } from './connection-acts.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { credentialReader } from '../credentials/credential-service.js';
import type { CredentialVault } from '../credentials/credentials-capability.js';
import type { Notifications } from '../notifications/notifications-capability.js';
import { NOTICE, noticeDelivery } from '../notifications/notices.js';
import type { Knex } from '../platform/database/database.js';
import { createWake } from '../platform/loop.js';
import { LAST_ATTEMPT } from '../platform/outbox.js';
import { createSignal } from '../platform/signal.js';
import { WINDOW_MS } from '../ringcentral/auth-budget/auth-budget-policy.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { TokenSessions } from '../tokens/tokens-capability.js';
import { appCheck } from './checks/app-check.js';
import { checksInWorker } from './checks/checks-in-worker.js';
import { onOverdueDestroyed } from './checks/destroyed-credential.js';
import { countProved, effectiveIntervalMs, type ChecksBudget } from './checks/effective-interval.js';
import { portalIncidents } from './checks/portal-incidents.js';
import { tokenEvidence } from './checks/token-evidence.js';
import { checkCommand, runCheckCommand } from './connection-commands.js';
import { connectionService } from './connection-service.js';
import { incidentNotices, type Recipients } from './health/connection-notices.js';
import { connectionStore } from './health/connection-store.js';
import { connectionWriter } from './health/connection-writer.js';
import { connectionRoutes } from './pages/connection-routes.js';
import { noticeMails } from './pages/notice-mails.js';
import { submissionOutcomes } from './pages/submission-outcome.js';

export const connections: Declaration = { commands: [checkCommand], audit: connectionActs };

type Given = {
  notifications: Notifications;
  tenants: ReadTenants;
  people: ReadPeople;
  vault: CredentialVault;
  sessions: TokenSessions;
};

const MINUTE_MS = 60_000;

/**
 * Whether a clinic's credential works: checks it regularly, judges the results and notifies the people who must act.
 */
export function connectionsCapability(foundation: Foundation, given: Given) {
  const { config, runtime, transaction, isv } = foundation;
  const { db, world } = runtime;
  const { notifications, tenants, people } = given;
  const { tell, record } = notifications;
  const credentials = credentialReader(db);

  // One call per window is reserved for people. If each tenant has a separate limit, the number of tenants does not
  // matter.
  const checksBudget: ChecksBudget | null =
    config.RINGCENTRAL_AUTH_SCOPE === 'app'
      ? { perWindow: config.RINGCENTRAL_AUTH_PER_MINUTE - 1, windowMs: runtime.budgetWindowMs ?? WINDOW_MS }
      : null;
  const wantedMs = config.CHECK_EVERY_MINUTES * MINUTE_MS;
  const checkEveryMs = async (handle: Knex) =>
    effectiveIntervalMs(wantedMs, countProved(await connectionStore(handle).counts()), checksBudget);
  const intervals = { checkEveryMs, confirmMs: config.REJECTION_CONFIRM_SECONDS * 1000 };

  const recipients: Recipients = {
    members: (handle, tenantId) => people(handle).activeMembers(tenantId),
    staff: (handle) => people(handle).staff(),
  };
  const writing = { world, intervalMs: checkEveryMs, record, notices: incidentNotices({ tell, recipients }) };
  const writer = connectionWriter(writing);
  const incidents = portalIncidents(writing);
  const due = createWake();
  const settled = createSignal(world);
  const { environmentOf } = tenants(db);
  const service = connectionService({
    db,
    transaction,
    world,
    credentials,
    writer,
    checkEveryMs,
    record,
    createdAtOf: async (tenantId) => (await tenants(db).find(tenantId))?.createdAt ?? world.now(),
    poke: due.call,
    settled,
  });
  const evidence = tokenEvidence({
    db,
    transaction,
    world,
    environmentOf,
    writer,
    incidents,
    intervals,
    poke: due.call,
  });
  const compose = noticeMails({
    db,
    world,
    credentials,
    readerOf: people(db).reader,
    tenantOf: tenants(db).find,
    isvFor: isv.factsFor,
    textsIn: foundation.textsIn,
    brand: foundation.brand,
    publicUrl: config.PUBLIC_URL,
  });

  return {
    service,
    /** Connects jobs' tokens with the health of the connection. */
    evidence,
    /** The result of one paste. */
    outcomeOf: submissionOutcomes({ db, world }),
    /** Runs in the transaction that destroys a credential that was not proved or was replaced. */
    onOverdueDestroyed: onOverdueDestroyed({ world, writer }),
    isConnected: async (tenantId: string): Promise<boolean> => (await service.view(tenantId)).active !== null,
    /** Tells the worker of this process that a check is due. */
    poke: due.call,
    checksBudget,
    wantedMs,
    pages: () => ({
      mounts: [
        {
          path: '/tenants/:tenantId/connection',
          access: 'member',
          router: connectionRoutes({
            connections: service,
            isvFor: isv.factsFor,
            memberNames: async (tenantId) =>
              new Map((await people(db).membersOf(tenantId)).map(({ id, name }) => [id, name])),
            world,
          }),
        },
      ],
    }),
    ...checksInWorker(foundation, {
      ...given,
      recipients,
      writing,
      writer,
      incidents,
      intervals,
      due,
      settled,
      checksBudget,
    }),
    deliveries: (worker) => ({
      [NOTICE]: noticeDelivery({
        db,
        world,
        compose,
        deliverMail: notifications.mailFor(worker),
        lastAttempt: LAST_ATTEMPT,
      }),
    }),
    checks: (secrets) => (secrets ? [appCheck(secrets.ringcentral, config)] : []),
    runs: { [checkCommand.name]: runCheckCommand(service, tenants(db)) },
  } satisfies Capability & Record<string, unknown>;
}
