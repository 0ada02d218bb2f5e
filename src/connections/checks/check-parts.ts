import type { ReadPeople } from '../../accounts/people/people-directory.js';
import type { Foundation } from '../../app/foundation.js';
import { credentialReader } from '../../credentials/credential-service.js';
import type { CredentialVault } from '../../credentials/credentials-capability.js';
import type { ReadFaxReports } from '../../fax-reports/fax-report-reader.js';
import type { Notifications } from '../../notifications/notifications-capability.js';
import type { Knex } from '../../platform/database/database.js';
import { createWake } from '../../platform/loop.js';
import { createSignal } from '../../platform/signal.js';
import { WINDOW_MS } from '../../ringcentral/auth-budget/auth-budget-policy.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { ReadTenants } from '../../tenants/tenant-reader.js';
import type { TokenSessions } from '../../tokens/tokens-capability.js';
import { askToConfirm } from '../proof/ask-to-confirm.js';
import { forgetUnconfirmed } from '../proof/confirmed-account-store.js';
import { signInWarnings } from '../health/overdue-sign-ins.js';
import { incidentNotices, type Recipients } from '../health/connection-notices.js';
import { connectionStore } from '../health/connection-store.js';
import { connectionWriter } from '../health/connection-writer.js';
import { faxLineStore } from '../proof/fax-line-store.js';
import { countProved, effectiveIntervalMs, type ChecksBudget } from './effective-interval.js';
import { portalIncidents } from './portal-incidents.js';

/** What connections use of other capabilities. */
export type Given = {
  notifications: Notifications;
  tenants: ReadTenants;
  people: ReadPeople;
  faxReports: ReadFaxReports;
  vault: CredentialVault;
  sessions: TokenSessions;
};

const MINUTE_MS = 60_000;

/** What checks, jobs and the actions of people share. */
export function checkParts(
  { config, runtime, transaction, isv }: Foundation,
  { notifications, tenants, people, faxReports }: Given,
) {
  const { db, world } = runtime;
  const { tell, record } = notifications;
  // One call per window is reserved for people. If each tenant has a separate limit, the number of tenants does not
  // matter.
  const checksBudget: ChecksBudget | null =
    config.RINGCENTRAL_AUTH_SCOPE === 'app'
      ? { perWindow: config.RINGCENTRAL_AUTH_PER_MINUTE - 1, windowMs: runtime.budgetWindowMs ?? WINDOW_MS }
      : null;
  const wantedMs = config.CHECK_EVERY_MINUTES * MINUTE_MS;
  const checkEveryMs = async (handle: Knex) =>
    effectiveIntervalMs(wantedMs, countProved(await connectionStore(handle).counts()), checksBudget);
  const recipients: Recipients = {
    members: (handle, tenantId, mail) => people(handle).membersFor(mail, tenantId),
    staff: (handle, mail) => people(handle).staffFor(mail),
  };
  async function isMailboxFilling(handle: Knex, tenantId: string): Promise<boolean> {
    const filling = await faxReports(handle).filling(tenantId, world.now());
    if (filling.length === 0) return false;
    const selected = await faxLineStore(handle).forTenant(tenantId).selectedIds();
    return filling.some((id) => selected.includes(id));
  }
  const notices = incidentNotices({ tell, recipients });
  const isOldOneAlive = (handle: Knex, tenantId: string) => credentialReader(handle).isOldOneAlive(tenantId);
  const writing = { isMailboxFilling, isOldOneAlive, forgetUnconfirmed, world, checkEveryMs, record, notices };
  const signInClientId = (environment: Environment) => isv.signInAppFor(environment)?.clientId ?? null;
  const due = createWake();
  return {
    ...writing,
    db,
    transaction,
    tell,
    recipients,
    faxReports,
    environmentOf: tenants(db).environmentOf,
    checksBudget,
    wantedMs,
    signInClientId,
    warnOfSignIn: signInWarnings({ world, signInClientId, notices }),
    askToConfirm: askToConfirm({ world, notices }),
    confirmMs: config.REJECTION_CONFIRM_SECONDS * 1000,
    writer: connectionWriter(writing),
    incidents: portalIncidents({
      ...writing,
      tenantsIn: (handle, environment) =>
        isv.environments.length > 1 && environment !== 'sandbox' ? tenants(handle).idsIn(environment) : undefined,
    }),
    /** Called when a check is due now. */
    due,
    poke: due.call,
    /** Notified when a check has been made. */
    settled: createSignal(world),
  };
}

export type CheckParts = ReturnType<typeof checkParts>;
