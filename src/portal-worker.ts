import { accountsWork, peopleToTell, pruneAccounts } from './accounts/accounts-capability.js';
import { checkRunner } from './connections/checks/check-runner.js';
import type { Lines } from './connections/checks/check-worker.js';
import { onOverdueDestroyed } from './connections/checks/destroyed-credential.js';
import { expiryReminders } from './connections/health/connection-notices.js';
import { noticeMails } from './connections/pages/notice-mails.js';
import { connectionStore } from './connections/health/connection-store.js';
import { staleConnections } from './connections/health/connection-writer.js';
import { LONGEST_INTERVAL_MS, paceMs } from './connections/checks/effective-interval.js';
import { ownerWatch } from './connections/proof/owner-watch.js';
import { staffDigests } from './connections/health/staff-digest.js';
import { prover } from './connections/proof/proof.js';
import { rejectionControl } from './connections/checks/rejections.js';
import { credentialReader } from './credentials/credential-service.js';
import { overdueCredentials } from './credentials/overdue-credentials.js';
import { mailDelivery } from './notifications/mail-delivery.js';
import { NOTICE, noticeDelivery } from './notifications/notices.js';
import { readLogo } from './platform/assets/logo.js';
import { LAST_ATTEMPT, outboxReader, outboxWriter, type Delivery, type OutboxItem } from './platform/outbox.js';
import { Secret } from './platform/secret.js';
import { startWorker, type Worker } from './worker.js';
import type { PortalParts } from './portal-parts.js';
import type { RingCentral } from './portal-ringcentral.js';
import type { PortalTokens } from './portal-tokens.js';

/** Starts the worker of this process. */
export function startPortalWorker(parts: PortalParts, { client }: RingCentral, tokens: PortalTokens): Worker {
  const { config, outside, transaction, brand, tenants, sealer, textsIn, writing, writer, tell, recipients } = parts;
  const { opener, checkEveryMs, settled, handOffs, isvFor } = parts;
  const { db, world, log } = outside;
  if (!opener) throw new Error('the configuration of the role worker is incomplete');
  const { incidents } = tokens;
  const control = rejectionControl({
    world,
    mint: client.mint,
    controlJwt: config.RINGCENTRAL_CONTROL_JWT === undefined ? null : new Secret(config.RINGCENTRAL_CONTROL_JWT),
  });
  const runner = checkRunner({
    db,
    transaction,
    world,
    credentials: tokens.credentials,
    environmentOf: tokens.environmentOf,
    prove: prover({
      ringcentral: client,
      tokens: tokens.sessions,
      world,
      requiredScopes: config.RINGCENTRAL_REQUIRED_SCOPES,
      jobProbe: config.JOB_PROBE,
      isAccountHeldByAnother: (accountId, tenantId) => connectionStore(db).isAccountHeldByAnother(accountId, tenantId),
    }),
    tokens: tokens.sessions,
    writer,
    incidents,
    owners: ownerWatch(writing),
    control,
    intervals: tokens.intervals,
  });
  const mail = mailDelivery({
    smtpUrl: config.SMTP_URL ?? '',
    from: config.MAIL_FROM ?? '',
    log,
    brand: {
      name: config.ISV_NAME,
      color: config.ISV_COLOR,
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
    credentials: tokens.credentials,
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
    destroyOverdue: overdueCredentials({
      transaction,
      world,
      credentials: tokens.credentials,
      onDestroyed: onOverdueDestroyed({ world, writer }),
    }),
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
        isBudgetEnough: async () => (await checkEveryMs(db)) <= Math.max(LONGEST_INTERVAL_MS, parts.wantedMs),
      }),
    markStale: staleConnections({ ...writing, db, transaction }),
    remindDue: async (limit) => {
      const looked = (await accounts.remindDue(limit)) + (await remindOfExpiry(limit));
      await tellStaffDaily();
      return looked;
    },
    retention: [() => pruneAccounts(db, world), () => handOffs.prune(), tokens.sessions.prune],
    leaseMs: outside.leaseMs,
    lines: linesOf(parts),
  });
  return {
    ...started,
    stop: async () => {
      await started.stop();
      mail.close();
    },
  };
}

/** Each of our apps has a budget of its own, unless RingCentral counts for each clinic by itself. */
function linesOf({ tenants, checksBudget }: PortalParts): Lines {
  const { environments } = tenants;
  if (environments.length === 1 || checksBudget === null)
    return { tenants: [() => undefined], paceMs: checksBudget && paceMs(checksBudget) };
  return {
    tenants: environments.map((environment) => () => tenants.idsIn(environment)),
    paceMs: paceMs(checksBudget),
  };
}
