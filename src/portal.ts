import { activityCapability } from './activity/activity-capability.js';
import { accounts, accountsCapability, tellOfRule } from './accounts/accounts-capability.js';
import { keys, webKeysCapability } from './accounts/keys/web-keys-capability.js';
import { peopleDirectory as people } from './accounts/people/people-directory.js';
import { api, apiCapability } from './api/api-capability.js';
import { apiDescription } from './api/api-description.js';
import { apiKeys, apiKeysCapability } from './api-keys/api-keys-capability.js';
import type { Authenticate } from './app/api-app.js';
import type { Capability, Declaration, SecretsRole, WebRole } from './app/capability.js';
import { createFoundation, type Foundation, type Runtime } from './app/foundation.js';
import { assemble, type Addition, type Process } from './app/process.js';
import { rolesOf, type Roles } from './app/roles.js';
import { refusedRequestActs } from './audit/audit-acts.js';
import { trailHoldings } from './audit/audit-holdings.js';
import type { Config } from './config.js';
import { codeFlow, codeFlowCapability } from './code-flow/code-flow-capability.js';
import { connections, connectionsCapability } from './connections/connections-capability.js';
import { credentials, credentialsCapability, credentialVault } from './credentials/credentials-capability.js';
import { sealedRefreshTokens } from './credentials/sealed-refresh-token.js';
import { faxReportReader } from './fax-reports/fax-report-reader.js';
import { faxReports, faxReportsCapability } from './fax-reports/fax-reports-capability.js';
import { guideCapability } from './guide/guide-capability.js';
import { handOffs, handOffsCapability } from './hand-offs/hand-offs-capability.js';
import { progressOf } from './hand-offs/hand-off-types.js';
import { createMetrics } from './metrics/metrics.js';
import { webhookIncidents } from './connections/health/webhook-incidents.js';
import { eventReader } from './notifications/event-reader.js';
import { notifications, notificationsCapability } from './notifications/notifications-capability.js';
import { offboarding, offboardingCapability } from './offboarding/offboarding-capability.js';
import { preflight, preflightCapability } from './preflight/preflight-capability.js';
import { receipts, receiptsCapability } from './receipts/receipts-capability.js';
import { replacementCapability } from './replacement/replacement-capability.js';
import { staff, staffCapability } from './staff/staff-capability.js';
import { tenantReader } from './tenants/tenant-reader.js';
import { tenants, tenantsCapability } from './tenants/tenants-capability.js';
import { disconnection, disconnectionCapability, noteSessionEnd } from './disconnection/disconnection-capability.js';
import { endTokensOf } from './tokens/ringcentral-sessions.js';
import { tokens, tokensCapability, tokenSessions } from './tokens/tokens-capability.js';
import { fanOut } from './webhooks/deliveries/fan-out.js';
import { webhooks, webhooksCapability } from './webhooks/webhooks-capability.js';

const ofPeople: readonly Declaration[] = [accounts, keys, tenants, staff, notifications];
const forClinics: readonly Declaration[] = [credentials, codeFlow, connections, handOffs, receipts, disconnection];
const forJobs: readonly Declaration[] = [apiKeys, preflight, tokens, faxReports, api, offboarding, webhooks];
/** What the capabilities say of themselves without a configuration. */
export const declarations: readonly Declaration[] = [
  ...ofPeople,
  ...forClinics,
  ...forJobs,
  { audit: refusedRequestActs, holds: trailHoldings },
];

/** Makes each capability once. What one does in the transaction of another is handed over here, and nowhere else. */
function madeOn(foundation: Foundation, web: WebRole | null) {
  const { world } = foundation.runtime;
  const readers = { tenants: tenantReader, people };
  const reads = { ...readers, faxReports: faxReportReader };
  const vault = credentialVault(foundation, { onEnded: endTokensOf });
  const refreshTokens = ({ opener: sealing }: SecretsRole) =>
    sealedRefreshTokens({ db: foundation.runtime.db, sealing });
  const sessions = tokenSessions(foundation, { vault, refreshTokens, noteEnd: noteSessionEnd });
  const notifications = notificationsCapability(foundation, { tenants: tenantReader, onSequenced: [fanOut(world)] });
  const connections = connectionsCapability(foundation, { notifications, vault, sessions, ...reads });
  const { service, evidence, outcomeOf, isConnected, poke } = connections;
  const tokens = tokensCapability(foundation, { sessions, vault, evidence, noteEnd: noteSessionEnd });
  const onRuleSet = tellOfRule(foundation);
  const tenants = tenantsCapability(foundation, { onCreated: service.onTenantCreated, onRuleSet });
  const accounts = accountsCapability(foundation, { tenants: tenants.service, notifications, isConnected });
  const keys = webKeysCapability(foundation, web);
  const ofOthers = { tenants: tenants.service, connections: service };
  const handOffs = handOffsCapability(foundation, { ...ofOthers, outcomeOf, people });
  const guide = guideCapability(foundation, {
    progressOf: service.progress,
    progressByLink: async (tenantId, id) => progressOf(await handOffs.service.outcomeOf(tenantId, id)),
  });
  const credentials = credentialsCapability(foundation, {
    vault,
    connections: service,
    poke,
    onSubmitted: async (trx, submitted) => {
      await tenants.requireHere(trx, submitted.tenantId);
      await handOffs.service.onSubmitted(trx, submitted);
      return service.onSubmitted(trx, submitted);
    },
    onRepeated: async (trx, repeated) => {
      await tenants.requireHere(trx, repeated.tenantId);
      await handOffs.service.onSubmitted(trx, repeated);
      return service.onRepeated(trx, repeated);
    },
    onEnded: endTokensOf,
    onOverdueDestroyed: service.onOverdueDestroyed,
  });
  const { submit } = credentials;
  const replacement = replacementCapability(foundation, { connections: service, submit, poke, people });
  const codeFlow = codeFlowCapability(foundation, {
    tenants: tenantReader,
    inShort: connections.inShort,
    connections: service,
    poke,
    onCode: credentials.onCode,
  });
  const staff = staffCapability(foundation, { accounts, tenants: tenants.service, connections });
  const apiKeys = apiKeysCapability(foundation, { accounts, ...readers });
  const preflight = preflightCapability(foundation, { accounts, tenants: tenants.service, people, connections });
  const { faxLinesOf: linesOf, onFaxReport: onReported } = service;
  const fromThePull = faxReportsCapability(foundation, { linesOf, onReported });
  const activity = activityCapability(foundation, { people, keyNames: apiKeys.namesOf });
  const incidents = webhookIncidents(world, notifications.record);
  const webhooks = webhooksCapability(foundation, { accounts, people, incidents, events: eventReader });
  const receipts = receiptsCapability(foundation);
  const disconnection = disconnectionCapability(foundation, {
    ...{ accounts, people, tenants: tenants.service, readTenants: tenantReader },
    connections: service,
    signers: receipts.signers,
  });
  const holdings = declarations.flatMap(({ holds = [] }) => holds);
  const offboarding = offboardingCapability(foundation, {
    accounts,
    tenants,
    connections: service,
    receiptsOf: disconnection.receiptsOf,
    holdings,
    ends: {
      disconnect: disconnection.disconnect,
      endLinks: handOffs.endLinks,
      endKeys: apiKeys.endKeys,
      record: notifications.record,
    },
  });
  const api = apiCapability(foundation, { accounts, ...ofOthers });
  const forJobs = { tokens, apiKeys, preflight, faxReports: fromThePull, activity, offboarding, api, webhooks };
  const forClinics = { handOffs, replacement, codeFlow, guide, credentials, connections, receipts, disconnection };
  return { notifications, tenants, accounts, keys, ...forClinics, staff, ...forJobs };
}

type Made = ReturnType<typeof madeOn>;
/** What tests, the demo and programs call without a page; null if this process does not have the role for it. */
function servicesOf(
  { tenants, accounts, connections, tokens, apiKeys, webhooks, offboarding }: Made,
  { secrets }: Roles,
) {
  const { staff, invitations, passwordResets } = accounts;
  return {
    tenants: tenants.service,
    connections: connections.service,
    staff,
    invitations,
    passwordResets,
    apiKeys: apiKeys.service,
    webhooks: webhooks.service,
    offboarding: offboarding.service,
    /** Access tokens for jobs; in a process that opens secrets. */
    tokens: secrets && tokens.service(secrets),
  };
}

export type Portal = Process & { services: ReturnType<typeof servicesOf> };

/** The portal of this process, from its configuration. Nothing is started. */
export async function createPortal(
  config: Config,
  runtime: Runtime,
  added: readonly Addition[] = [],
  authenticate?: Authenticate,
): Promise<Portal> {
  const metrics = createMetrics();
  const roles = await rolesOf(config, runtime, metrics.recorder);
  const foundation = createFoundation(config, runtime, roles.sealer, metrics);
  const made = madeOn(foundation, roles.web);
  // First, so that a test can stand in for the pages of a capability.
  const list = [...added.map(({ make }) => make(foundation)), ...Object.values<Capability>(made)];
  const { tenantIdOf } = made.tenants;
  const whose = authenticate ?? made.apiKeys.authenticate;
  const of = { authenticate: whose, tenantIdOf, describe: apiDescription(foundation) };
  return { ...(await assemble(list, foundation, roles, of)), services: servicesOf(made, roles) };
}
