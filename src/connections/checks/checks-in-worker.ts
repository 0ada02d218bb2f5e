import { perRole, type Capability, type WorkerRole } from '../../app/capability.js';
import type { Foundation } from '../../app/foundation.js';
import type { CredentialVault } from '../../credentials/credentials-capability.js';
import type { Notifications } from '../../notifications/notifications-capability.js';
import type { Wake } from '../../platform/loop.js';
import { Secret } from '../../platform/secret.js';
import type { Signal } from '../../platform/signal.js';
import type { ReadTenants } from '../../tenants/tenant-reader.js';
import type { TokenSessions } from '../../tokens/tokens-capability.js';
import { expiryReminders, type IncidentNotices, type Recipients } from '../health/connection-notices.js';
import { connectionStore } from '../health/connection-store.js';
import { staleConnections, type ConnectionWriter, type Writing } from '../health/connection-writer.js';
import { staffDigests } from '../health/staff-digest.js';
import { ownerWatch } from '../proof/owner-watch.js';
import { prover } from '../proof/proof.js';
import { checkQueue } from './check-queue.js';
import { checkRunner } from './check-runner.js';
import { checkWorker, type WaitingLists } from './check-worker.js';
import { LONGEST_INTERVAL_MS, paceMs, type ChecksBudget } from './effective-interval.js';
import type { PortalIncidents } from './portal-incidents.js';
import { rejectionControl } from './rejections.js';

type Given = {
  notifications: Pick<Notifications, 'tell'>;
  tenants: ReadTenants;
  vault: CredentialVault;
  sessions: TokenSessions;
  recipients: Recipients;
  writing: Writing & { notices: IncidentNotices };
  writer: ConnectionWriter;
  incidents: PortalIncidents;
  intervals: Parameters<typeof checkRunner>[0]['intervals'];
  /** Called when a check is due now. */
  due: Wake;
  /** Notified when a check has been made. */
  settled: Signal;
  checksBudget: ChecksBudget | null;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How often the queue is polled for requests of other processes; requests of this process wake the loop. */
const LOOK_MS = 250;
const LEASE_MS = 20_000;
const CONCURRENCY = 8;
const AT_ONCE = 100;
/** Per minute: thousands of credentials that expire on one day are reminded over a longer time. */
const REMINDERS_AT_ONCE = 200;

/** The worker's tasks for connections: checks, reminders, mails to staff, and changes that come only with time. */
export function checksInWorker(foundation: Foundation, given: Given) {
  const { config, runtime, transaction, isv } = foundation;
  const { db, world, log } = runtime;
  const { notifications, tenants, vault, sessions, recipients, writing, writer, incidents, intervals } = given;
  const { due, settled, checksBudget } = given;
  const { tell } = notifications;
  const wantedMs = config.CHECK_EVERY_MINUTES * MINUTE_MS;

  const inWorker = perRole((worker: WorkerRole) => {
    const { ringcentral } = worker;
    const control = rejectionControl({
      world,
      mint: ringcentral.mint,
      controlJwt: config.RINGCENTRAL_CONTROL_JWT === undefined ? null : new Secret(config.RINGCENTRAL_CONTROL_JWT),
    });
    const runner = checkRunner({
      db,
      transaction,
      world,
      credentials: vault(worker),
      environmentOf: tenants(db).environmentOf,
      prove: prover({
        ringcentral,
        tokens: sessions(worker),
        world,
        requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
        jobProbe: config.JOB_PROBE,
        isAccountOfAnother: (accountId, tenantId) => connectionStore(db).isAccountOfAnother(accountId, tenantId),
      }),
      tokens: sessions(worker),
      writer,
      incidents,
      owners: ownerWatch(writing),
      control,
      intervals,
    });
    return { control, runner };
  });

  const markStale = staleConnections({ ...writing, db, transaction });
  return {
    loops: (worker) => {
      const checks = checkWorker({
        db,
        world,
        log,
        runner: inWorker(worker).runner,
        workerId: world.newId(),
        leaseMs: runtime.leaseMs ?? LEASE_MS,
        concurrency: CONCURRENCY,
        waitingLists: waitingListsOf(isv.environments, checksBudget, tenants(db).idsIn),
      });
      const remindOfExpiry = expiryReminders({ tell, recipients, transaction, world, credentials: vault(worker) });
      const onFinished = () => {
        settled.notify();
        due.call();
      };
      return [
        {
          name: 'checks',
          everyMs: () => checks.nextLookMs(LOOK_MS),
          round: () => checks.startDue(onFinished),
          wokenBy: due,
          idle: checks.idle,
        },
        { name: 'expiry reminders', everyMs: MINUTE_MS, round: () => remindOfExpiry(REMINDERS_AT_ONCE) },
        {
          name: 'staff digest',
          everyMs: MINUTE_MS,
          round: staffDigests({ db, transaction, world, tell, recipients }),
        },
      ];
    },
    housekeeping: (worker) => {
      const { control } = inWorker(worker);
      return [
        async () => {
          while ((await markStale(AT_ONCE)) === AT_ONCE);
        },
        () => checkQueue(db, world).removeFinished(new Date(world.now().getTime() - DAY_MS), 1000),
        () =>
          incidents.review({
            db,
            transaction,
            environments: isv.environments,
            isAppAccepted: async (environment) => {
              const place = { lane: 'background', tenantId: null, environment, maxWaitMs: 0 } as const;
              return (await worker.ringcentral.probeApp(place)).kind === 'accepted';
            },
            control,
            isBudgetEnough: async () => (await intervals.checkEveryMs(db)) <= Math.max(LONGEST_INTERVAL_MS, wantedMs),
          }),
      ];
    },
  } satisfies Capability;
}

/** Each of our apps has a separate budget, unless RingCentral counts each clinic separately. */
function waitingListsOf(
  environments: Foundation['isv']['environments'],
  budget: ChecksBudget | null,
  idsIn: ReturnType<ReadTenants>['idsIn'],
): WaitingLists {
  if (environments.length === 1 || budget === null)
    return { tenants: [() => undefined], paceMs: budget && paceMs(budget) };
  return { tenants: environments.map((environment) => () => idsIn(environment)), paceMs: paceMs(budget) };
}
