import { accountActs } from './account-acts.js';
import { accountHoldings } from './account-holdings.js';
import { perRole, type Capability, type Declaration, type WebRole, type WorkerRole } from '../app/capability.js';
import { transactionOn, type Knex } from '../platform/database/database.js';
import type { Deliver } from '../platform/outbox.js';
import type { World } from '../platform/world.js';
import type { RecordEvent } from '../notifications/event-store.js';
import type { TellOfRule, TenantService } from '../tenants/tenant-service.js';
import { accountServices, mailsOf, type AccountsFoundation, type MailsFoundation } from './account-services.js';
import { accountsInWeb } from './accounts-pages.js';
import { invitationStore } from './invitations/invitation-store.js';
import { RESET_ASKED } from './password-reset/password-reset-service.js';
import { companyChecks } from './company/company-in-web.js';
import { companySignInStore } from './company/company-sign-in-store.js';
import { attemptStore } from './passwords/attempt-store.js';
import { REMINDER } from './people/account-mails.js';
import { deleteExpiredLinks } from './people/one-time-link-store.js';
import { personStore } from './people/person-store.js';
import { deviceStore } from './sessions/device-store.js';
import { staffCommands, staffRuns } from './staff/staff-commands.js';
import { deleteEndedSessions } from './sessions/session-store.js';

export const accounts: Declaration = { commands: staffCommands, audit: accountActs, holds: accountHoldings };

type Given = {
  tenants: TenantService;
  notifications: { record: RecordEvent; mailFor: (worker: WorkerRole) => Deliver };
  /** Whether the tenant has begun to connect; its people then start on the connection page, not in the guide. */
  hasBegun: (tenantId: string) => Promise<boolean>;
};

const MINUTE_MS = 60_000;
/** Per minute: a large import of tenants is reminded over a longer time. */
const REMINDERS_AT_ONCE = 200;

/** People: signing in, staying signed in, and access to their tenants. */
export function accountsCapability(foundation: AccountsFoundation, { tenants, notifications, hasBegun }: Given) {
  const { db, world } = foundation.runtime;
  const services = accountServices(foundation, tenants, notifications.record);
  const { staff, invitations, passwordResets, people, reminders } = services;
  const inWeb = perRole((web: WebRole) => accountsInWeb(foundation, services, hasBegun, web));

  return {
    staff,
    invitations,
    passwordResets,
    people,
    /** What ends with a clinic, and whose names go with it. */
    ofLeavingClinic,
    /** What only a process with pages has. */
    inWeb,
    pages: async (web) => {
      await services.base.hasher.prepare();
      return inWeb(web).pages;
    },
    loops: () => [{ name: 'reminders', everyMs: MINUTE_MS, round: () => reminders.remindDue(REMINDERS_AT_ONCE) }],
    deliveries: (worker) => ({
      [RESET_ASKED]: passwordResets.deliver,
      [REMINDER]: reminders.deliver(notifications.mailFor(worker)),
    }),
    checks: () => companyChecks(foundation),
    housekeeping: () => [() => pruneAccounts(db, world)],
    runs: staffRuns(staff),
  } satisfies Capability & Record<string, unknown>;
}

/** In a transaction that holds the tenant's lock. */
const ofLeavingClinic = {
  endInvitations: (trx: Knex, tenantId: string, at: Date): Promise<number> =>
    invitationStore(trx).forTenant(tenantId).revokeAll(at),
  /** Everyone who ever accepted an invitation of the clinic. */
  onceInvited: (trx: Knex, tenantId: string): Promise<string[]> =>
    invitationStore(trx).forTenant(tenantId).acceptedBy(),
  isStaff: async (trx: Knex, personId: string): Promise<boolean> =>
    ((await personStore(trx).find(personId))?.staffRole ?? null) !== null,
};

/** Tells a tenant's members that its rule about the second factor changed. */
export const tellOfRule =
  (foundation: MailsFoundation): TellOfRule =>
  (trx, tenant, at) =>
    mailsOf(foundation).secondFactorRule(trx, tenant, at);

/** After this time an expired link is of no use to anyone; the audit keeps who was invited. */
const INVITATIONS_KEPT_MS = 90 * 24 * 3600_000;
/** Twice as long as one may take. */
const COMPANY_SIGN_INS_KEPT_MS = 20 * 60_000;
/** Per transaction. */
const INVITATIONS_AT_ONCE = 100;

/** Deletes expired data: ended browser sessions, devices, links, attempts and old invitations. */
export async function pruneAccounts(db: Knex, world: Pick<World, 'now'>): Promise<void> {
  const now = world.now();
  await deleteEndedSessions(db, now);
  await deviceStore(db).deleteExpired(now);
  await deleteExpiredLinks(db, now);
  await companySignInStore(db).deleteStartedBefore(new Date(now.getTime() - COMPANY_SIGN_INS_KEPT_MS));
  await attemptStore(db).deleteExpired(now);
  const sentBefore = new Date(now.getTime() - INVITATIONS_KEPT_MS);
  const deleteSome = () =>
    transactionOn(db)((trx) => invitationStore(trx).deleteSentBefore(sentBefore, INVITATIONS_AT_ONCE));
  while ((await deleteSome()) === INVITATIONS_AT_ONCE);
}
