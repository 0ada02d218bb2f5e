import { perRole, type Capability, type WorkerRole } from '../../app/capability.js';
import type { Foundation } from '../../app/foundation.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import { daily, daysBefore } from '../../platform/retention.js';
import type { Knex } from '../../platform/database/database.js';
import { Secret } from '../../platform/secret.js';
import { appNamed, appNameOf, type OurApp } from '../../ringcentral/environments.js';
import { hasSignInsOfFormerApp, idsOfSignIns } from '../../tokens/refresh/sign-in-reader.js';
import type { RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import { expiryReminders } from '../health/connection-notices.js';
import { overdueWatch } from '../health/overdue-sign-ins.js';
import { connectionStore } from '../health/connection-store.js';
import { staleConnections } from '../health/connection-writer.js';
import { staffDigests } from '../health/staff-digest.js';
import { ownerWatch } from '../proof/owner-watch.js';
import { prover } from '../proof/proof.js';
import { appControl } from './app-check.js';
import type { CheckParts, Given } from './check-parts.js';
import { codeExchange } from '../proof/code-exchange.js';
import { checkQueue } from './check-queue.js';
import { checkStore } from './check-store.js';
import { checkRunner, type CheckRunnerDeps } from './check-runner.js';
import { checkWorker, type WaitingLists } from './check-worker.js';
import { LONGEST_INTERVAL_MS, paceMs } from './effective-interval.js';
import { rejectionControl, type RejectionControl } from './rejections.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How often the queue is polled for requests of other processes; requests of this process wake the loop. */
const LOOK_MS = 250;
/** While our app is refused, one check a minute tries it again; it must begin soon after it may. */
const PROBE_LOOK_MS = 5000;
const LEASE_MS = 20_000;
const CONCURRENCY = 8;
const AT_ONCE = 100;
/** Per minute: thousands of credentials that expire on one day are reminded over a longer time. */
const REMINDERS_AT_ONCE = 200;

type Shares = {
  db: Knex;
  tenants: Given['tenants'];
  isv: Pick<Foundation['isv'], 'environments' | 'clientIdFor' | 'signInAppFor'>;
};

/**
 * One waiting list for each client ID, because each has its own auth budget: without room for one app, the checks with
 * another go on.
 */
export function listsByClientId({ db, tenants, isv }: Shares): WaitingLists['lists'] {
  const { environments } = isv;
  const byClientId = new Map<string, { environment: (typeof environments)[number]; app: OurApp }[]>();
  for (const environment of environments) {
    const jwt = isv.clientIdFor(environment);
    for (const [app, clientId] of [
      ['jwt', jwt],
      ['sign_in', isv.signInAppFor(environment)?.clientId ?? jwt],
    ] as const)
      byClientId.set(clientId, [...(byClientId.get(clientId) ?? []), { environment, app }]);
  }
  if (byClientId.size === 1) return [undefined];
  return [...byClientId.values()].map((shares) => (requests) => {
    void requests.andWhere((any) => {
      for (const { environment, app } of shares)
        void any.orWhere((one) => {
          if (environments.length > 1) void one.whereIn('tenant_id', tenants(db).idsIn(environment));
          if (app === 'jwt') void one.whereNotIn('credential_id', idsOfSignIns(db));
          else void one.whereIn('credential_id', idsOfSignIns(db));
        });
    });
  });
}

/** Makes what runs the checks of retired credentials. */
type DeathChecks = (
  deps: CheckParts & { credentials: CredentialKeeper; tokens: RingCentralSessions; control: RejectionControl },
) => { run: CheckRunnerDeps['tryRetired'] };

/** The worker's tasks for connections: checks, reminders, mails to staff, and changes that come only with time. */
export function checksInWorker(
  { config, runtime, databaseNow, isv, metrics }: Foundation,
  { vault, sessions, tenants }: Given,
  parts: CheckParts,
  deathChecks: DeathChecks,
) {
  const { db, world, incidents, due, checksBudget } = parts;
  const inWorker = perRole((worker: WorkerRole) => {
    const { ringcentral } = worker;
    const tokens = sessions(worker);
    const control = rejectionControl({
      world,
      mint: ringcentral.mint,
      controlJwt: config.RINGCENTRAL_CONTROL_JWT === undefined ? null : new Secret(config.RINGCENTRAL_CONTROL_JWT),
    });
    const runner = checkRunner({
      ...parts,
      credentials: vault(worker),
      prove: prover({
        ringcentral,
        tokens,
        world,
        requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
        jobProbe: config.JOB_PROBE,
        isAccountOfAnother: (accountId, tenantId) => connectionStore(db).isAccountOfAnother(accountId, tenantId),
      }),
      tokens,
      owners: ownerWatch(parts),
      control,
      tryRetired: deathChecks({ ...parts, credentials: vault(worker), tokens, control }).run,
      exchange: codeExchange({
        ...parts,
        databaseNow,
        tenants,
        ringcentral,
        credentials: vault(worker),
        tokens,
        signInClientId: (environment) => isv.signInAppFor(environment)?.clientId ?? null,
      }),
      askAboutApp: appControl({ probeApp: ringcentral.probeApp, world }),
    });
    return { control, runner };
  });
  const waitingLists: WaitingLists = {
    // If RingCentral counts each clinic separately, no two checks share a budget.
    lists: checksBudget ? listsByClientId({ db, tenants, isv }) : [undefined],
    paceMs: checksBudget && paceMs(checksBudget),
  };
  const markStale = staleConnections(parts);
  const overdue = overdueWatch(parts);

  return {
    loops: (worker) => {
      const checks = checkWorker({
        db,
        world,
        log: runtime.log,
        runner: inWorker(worker).runner,
        workerId: world.newId(),
        leaseMs: runtime.leaseMs ?? LEASE_MS,
        concurrency: CONCURRENCY,
        waitingLists,
        onCheck: metrics.recorder.check,
      });
      const remindOfExpiry = expiryReminders({ ...parts, credentials: vault(worker) });
      let probesSeenAt = 0;
      const onFinished = () => {
        parts.settled.notify();
        due.call();
      };
      return [
        {
          name: 'checks',
          everyMs: () => checks.nextLookMs(LOOK_MS),
          round: async () => {
            const now = world.now().getTime();
            if (now - probesSeenAt >= PROBE_LOOK_MS) {
              probesSeenAt = now;
              await incidents.bringProbeForward(db, isv.environments);
            }
            return checks.startDue(onFinished);
          },
          wokenBy: due,
          idle: checks.idle,
        },
        { name: 'expiry reminders', everyMs: MINUTE_MS, round: () => remindOfExpiry(REMINDERS_AT_ONCE) },
        { name: 'staff digest', everyMs: MINUTE_MS, round: staffDigests(parts) },
      ];
    },
    housekeeping: (worker) => [
      async () => {
        while ((await markStale(AT_ONCE)) === AT_ONCE);
      },
      daily(world, () => checkStore(db).deleteBefore(daysBefore(world.now(), config.RETENTION_CHECKS_DAYS))),
      () => checkQueue(db, world).removeFinished(new Date(world.now().getTime() - DAY_MS), 1000),
      () =>
        incidents.review({
          ...parts,
          apps: isv.apps.map(({ environment, app }) => appNameOf(environment, app)),
          isAppAccepted: async (name) => {
            const place = { lane: 'background', tenantId: null, maxWaitMs: 0, ...appNamed(name) } as const;
            return (await worker.ringcentral.probeApp(place)).kind === 'accepted';
          },
          control: inWorker(worker).control,
          environments: isv.environments,
          overdue,
          hasSignInsOfFormerApp: (environment) =>
            hasSignInsOfFormerApp(db, environment, isv.signInAppFor(environment)?.clientId ?? null, world.now()),
          isBudgetEnough: async () => (await parts.checkEveryMs(db)) <= Math.max(LONGEST_INTERVAL_MS, parts.wantedMs),
        }),
    ],
  } satisfies Capability;
}
