import { accounts, accountsCapability, tellOfRule } from './accounts/accounts-capability.js';
import { keys, webKeysCapability } from './accounts/keys/web-keys-capability.js';
import { activityCapability } from './activity/activity-capability.js';
import { api, apiCapability } from './api/api-capability.js';
import { apiDescription } from './api/api-description.js';
import { apiKeys, apiKeysCapability } from './api-keys/api-keys-capability.js';
import type { Authenticate } from './app/api-app.js';
import type { Capability, Declaration, WebRole } from './app/capability.js';
import { createFoundation, type Foundation, type Runtime } from './app/foundation.js';
import { assemble, type Addition, type Process } from './app/process.js';
import { rolesOf } from './app/roles.js';
import { refusedRequestActs } from './audit/audit-acts.js';
import { trailHoldings } from './audit/audit-holdings.js';
import { clinicFiles, clinicFilesCapability } from './clinic-files/clinic-files-capability.js';
import { codeFlow, codeFlowCapability } from './code-flow/code-flow-capability.js';
import type { Config } from './config.js';
import { connections, connectionsCapability } from './connections/connections-capability.js';
import { credentials, credentialsCapability } from './credentials/credentials-capability.js';
import { disconnection, disconnectionCapability } from './disconnection/disconnection-capability.js';
import { faxReports, faxReportsCapability } from './fax-reports/fax-reports-capability.js';
import { guide, guideCapability } from './guide/guide-capability.js';
import { handOffs, handOffsCapability } from './hand-offs/hand-offs-capability.js';
import { createMetrics } from './metrics/metrics.js';
import { notifications, notificationsCapability } from './notifications/notifications-capability.js';
import { offboardingMails } from './offboarding/offboarding-mails.js';
import { offboarding, offboardingCapability } from './offboarding/offboarding-capability.js';
import { overview, overviewCapability } from './overview/overview-capability.js';
import { preflight, preflightCapability } from './preflight/preflight-capability.js';
import { receipts, receiptsCapability } from './receipts/receipts-capability.js';
import { replacementCapability } from './replacement/replacement-capability.js';
import { staff, staffCapability } from './staff/staff-capability.js';
import { tenants, tenantsCapability } from './tenants/tenants-capability.js';
import { tokens, tokensCapability } from './tokens/tokens-capability.js';
import { fanOut } from './webhooks/deliveries/fan-out.js';
import { webhookExamples } from './webhooks/deliveries/test-event.js';
import { webhooks, webhooksCapability } from './webhooks/webhooks-capability.js';
import { trail, trailCapability } from './trail/trail-capability.js';
import { onPaste } from './wiring/on-paste.js';
import { readers } from './wiring/readers.js';
import { ringCentralAccess } from './wiring/ringcentral-access.js';
import { servicesOf } from './wiring/services.js';

const ofPeople: readonly Declaration[] = [accounts, keys, tenants, clinicFiles, guide, staff, overview, notifications];
const forClinics: readonly Declaration[] = [credentials, codeFlow, connections, handOffs, receipts, disconnection];
const forJobs: readonly Declaration[] = [apiKeys, preflight, tokens, faxReports, api, offboarding, webhooks, trail];
const ofAll: Declaration = { audit: refusedRequestActs, holds: trailHoldings };
/** What the capabilities say of themselves without a configuration. */
export const declarations: readonly Declaration[] = [...ofPeople, ...forClinics, ...forJobs, ofAll];

/** Makes each capability once, and hands to each what it needs of others. */
function capabilitiesOn(foundation: Foundation, web: WebRole | null) {
  const { people, tenants: readTenants } = readers;
  const access = ringCentralAccess(foundation);
  const onSequenced = [fanOut(foundation.runtime.world)];
  const notifications = notificationsCapability(foundation, { tenants: readTenants, onSequenced });
  const connections = connectionsCapability(foundation, { notifications, ...access, ...readers });
  const { service, evidence, outcomeOf, hasBegun, inShort, poke } = connections;
  const tokens = tokensCapability(foundation, { ...access, evidence });
  const onRuleSet = tellOfRule(foundation);
  const tenants = tenantsCapability(foundation, { onCreated: service.onTenantCreated, onRuleSet });
  const ofOthers = { tenants: tenants.service, connections: service, people };
  const accounts = accountsCapability(foundation, { tenants: tenants.service, notifications, hasBegun });
  const clinicFiles = clinicFilesCapability(foundation, { ...ofOthers, accounts });
  const keys = webKeysCapability(foundation, web);
  const handOffs = handOffsCapability(foundation, { ...ofOthers, outcomeOf });
  const guide = guideCapability(foundation, { progressOf: service.progress, progressByLink: handOffs.progressOf });
  const { onOverdueDestroyed } = service;
  const hooks = { ...onPaste({ tenants, handOffs, connections: service }), onOverdueDestroyed };
  const credentials = credentialsCapability(foundation, { ...access, ...hooks, connections: service, poke });
  const { submit, onCode } = credentials;
  const replacement = replacementCapability(foundation, { connections: service, submit, poke, people });
  const signIns = { tenants: readTenants, connections: service, inShort, poke, onCode };
  const codeFlow = codeFlowCapability(foundation, signIns);
  const apiKeys = apiKeysCapability(foundation, { accounts, ...readers });
  const preflight = preflightCapability(foundation, { accounts, tenants: tenants.service, people, connections });
  const onFaxReport = { linesOf: service.faxLinesOf, onReported: service.onFaxReport };
  const faxReports = faxReportsCapability(foundation, onFaxReport);
  const activity = activityCapability(foundation, { people, keyNames: apiKeys.namesOf });
  const { webhookIncidents: incidents } = connections;
  const webhooks = webhooksCapability(foundation, { accounts, incidents, ...readers });
  const receipts = receiptsCapability(foundation);
  const { signers } = receipts;
  const mails = offboardingMails(foundation, people);
  const ending = { signers, handOffs, onReceipt: mails.receiptMade };
  const disconnection = disconnectionCapability(foundation, { ...ofOthers, ...ending, accounts, readTenants });
  const holdings = declarations.flatMap(({ holds = [] }) => holds);
  const endings = { disconnection, handOffs, apiKeys, notifications };
  const leaving = { accounts, tenants, connections: service, ...endings, holdings, mails, people };
  const offboarding = offboardingCapability(foundation, leaving);
  const shownByStaff = { connections, disconnection, webhooks, offboarding };
  const staff = staffCapability(foundation, { accounts, tenants: tenants.service, ...shownByStaff });
  const ofOverview = { accounts, tenants: tenants.service, connections: service, preflight, guide };
  const overview = overviewCapability(foundation, ofOverview);
  const api = apiCapability(foundation, { ...ofOthers, accounts });
  const forJobs = { tokens, apiKeys, preflight, faxReports, activity, offboarding, api, webhooks };
  const forClinics = { handOffs, replacement, codeFlow, guide, credentials, connections, receipts, disconnection };
  const sealing = trailCapability(foundation, signers);
  return { notifications, tenants, accounts, clinicFiles, keys, ...forClinics, staff, ...forJobs, overview, sealing };
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
  const made = capabilitiesOn(foundation, roles.web);
  // First, so that a test can stand in for the pages of a capability.
  const list = [...added.map(({ make }) => make(foundation)), ...Object.values<Capability>(made)];
  const { tenantIdOf } = made.tenants;
  const whose = authenticate ?? made.apiKeys.authenticate;
  const of = { authenticate: whose, tenantIdOf, describe: apiDescription(foundation, webhookExamples) };
  return { ...(await assemble(list, foundation, roles, of)), services: servicesOf(made, roles.secrets) };
}
