import type { Capability, Declaration } from '../app/capability.js';
import { changingStaff } from '../app/clinic-roles.js';
import type { Foundation } from '../app/foundation.js';
import { auditStore } from '../audit/audit-store.js';
import { credentialReader } from '../credentials/credential-service.js';
import type { Notice } from '../notifications/notice-store.js';
import { NOTICE, noticeDelivery } from '../notifications/notices.js';
import { checkParts, type Given } from './checks/check-parts.js';
import { checksInWorker } from './checks/checks-in-worker.js';
import { doctorChecks } from './doctor/doctor-checks.js';
import { tokenEvidence } from './checks/token-evidence.js';
import { countByState } from './count-by-state.js';
import { connectionActs } from './connection-acts.js';
import { connectionHoldings } from './connection-holdings.js';
import { checkCommand, runCheckCommand } from './connection-commands.js';
import { deathCheckRunner } from './death-checks/death-check-runner.js';
import { webhookIncidents } from './health/webhook-incidents.js';
import { fixMails } from './fix/fix-mail.js';
import { fixMailer } from './fix/fix-mailer.js';
import { connectionService } from './connection-service.js';
import { connectionInShort } from './pages/connection-in-short.js';
import { CHECKS_READ, connectionRoutes } from './pages/connection-routes.js';
import { noticeMails } from './pages/notice-mails.js';
import { runEvidence } from './run-evidence.js';
import { submissionOutcomes } from './pages/submission-outcome.js';

export const connections: Declaration = { commands: [checkCommand], audit: connectionActs, holds: connectionHoldings };

/**
 * Whether a clinic's credential works: checks it regularly, judges the results and notifies the people who must act.
 */
export function connectionsCapability(foundation: Foundation, given: Given) {
  const { config, runtime, isv, textsIn, brand } = foundation;
  const { db, world } = runtime;
  const tenants = given.tenants(db);
  const people = given.people(db);
  const credentials = credentialReader(db);
  const parts = checkParts(foundation, given);
  const service = connectionService({
    ...parts,
    credentials,
    requireChanger: (trx, id, { personId, isStaff }) =>
      isStaff
        ? given.people(trx).requireStaff(changingStaff, personId)
        : given.tenants(trx).requireRole('member', id, personId),
    createdAtOf: async (tenantId) => (await tenants.find(tenantId))?.createdAt ?? world.now(),
  });
  const ofMails = {
    db,
    world,
    credentials,
    readerOf: people.reader,
    tenantOf: tenants.find,
    isvFor: isv.factsFor,
    faxReports: given.faxReports(db),
    textsIn,
    brand,
    publicUrl: config.PUBLIC_URL,
  };
  const { view } = service;
  const composeFix = fixMails({ ...ofMails, view, checks: (tenantId) => service.history(tenantId, CHECKS_READ) });
  const composeOther = noticeMails(ofMails);
  const compose = (notice: Notice) => (notice.kind === 'fix' ? composeFix(notice) : composeOther(notice));

  return {
    service,
    /** Connects jobs' tokens with the health of the connection. */
    evidence: tokenEvidence(parts),
    /** The result of one paste. */
    outcomeOf: submissionOutcomes({ db, world }),
    inShort: async (tenantId: string, facts: Parameters<typeof connectionInShort>[2]) =>
      connectionInShort(await service.view(tenantId), await service.history(tenantId, CHECKS_READ), facts),
    /** Whether a JWT was pasted or someone signed in, however that ended: then there is something to see or to fix. */
    hasBegun: async (tenantId: string): Promise<boolean> => {
      const { state, lastCause } = await service.progress(tenantId);
      return state !== 'not_connected' || lastCause !== undefined;
    },
    /** Opens and closes the incidents of webhook endpoints, in the transaction that turns one off or on. */
    webhookIncidents: webhookIncidents(world, given.notifications.record),
    /** Staff email the fix to a clinic's people. */
    fixes: fixMailer(parts),
    /** Tells the worker of this process that a check is due. */
    poke: parts.poke,
    /** What a preflight reads, and the checks that it plans. */
    runEvidence: runEvidence(parts),
    checksBudget: parts.checksBudget,
    wantedMs: parts.wantedMs,
    pages: () => ({
      mounts: [
        {
          path: '/tenants/:tenantId/connection',
          access: 'member',
          needs: {
            'get /': 'viewer',
            'post /checks': 'member',
            'post /confirmation': 'member',
            'post /refusal': 'member',
            'post /deletions': 'member',
            'post /fax-lines': 'member',
          },
          router: connectionRoutes({
            connections: service,
            isvFor: isv.factsFor,
            hasSignInApp: (environment) => isv.signInAppFor(environment) !== null,
            memberNames: async (tenantId) =>
              new Map((await people.membersOf(tenantId)).map(({ id, name }) => [id, name])),
            isUsed: (tenantId) => auditStore(db, world).forTenant(tenantId).has('token.issued'),
            world,
          }),
        },
      ],
    }),
    ...checksInWorker(foundation, given, parts, deathCheckRunner),
    deliveries: (worker) => ({
      [NOTICE]: noticeDelivery({
        db,
        world,
        compose,
        deliverMail: given.notifications.mailFor(worker),
      }),
    }),
    checks: (secrets) => doctorChecks(foundation, secrets),
    gauges: () => ({ connections: async () => countByState(await service.counts()) }),
    runs: { [checkCommand.name]: runCheckCommand(service, tenants) },
  } satisfies Capability & Record<string, unknown>;
}
