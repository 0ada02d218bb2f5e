import type { MailName } from '../../notifications/audience.js';
import type { NoticeKind } from '../../notifications/notice-store.js';
import { toldAbout, type TellPerson } from '../../notifications/notices.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import { fixOwnerOf, type Cause } from './causes.js';
import { dueReminder, nextReminderAt } from './expiry-schedule.js';

/** The people to notify: those who can fix the problem. */
export type Recipients = {
  /** The ids of the members who may sign in and get this mail. */
  members: (db: Knex, tenantId: string, mail: MailName) => Promise<string[]>;
  /** The ids of the staff who get this mail. */
  staff: (db: Knex, mail: MailName) => Promise<string[]>;
};

type Deps = { tell: TellPerson; recipients: Recipients };

/**
 * Notifies people of incidents, in the transaction in which an incident opens, changes its owner or closes. Only
 * people who were told of a failure are told of the recovery.
 */
export const incidentNotices = ({ tell, recipients }: Deps) => {
  async function tellAll(trx: Knex, about: string, kind: NoticeKind, tenantId: string | null, them: string[]) {
    for (const personId of them) await tell(trx, { about, kind, tenantId, personId });
  }
  return {
    /** Also called when the cause of an open incident changes, because other people may have to fix it then. */
    async failing(trx: Knex, incidentId: string, tenantId: string, cause: Cause | null): Promise<void> {
      const isOurs = cause !== null && fixOwnerOf(cause) === 'isv';
      const them = isOurs ? await recipients.staff(trx, 'failing') : await recipients.members(trx, tenantId, 'failing');
      await tellAll(trx, incidentId, 'failing', tenantId, them);
    },
    /** @param tenantId null if the incident is not limited to one tenant */
    async recovered(trx: Knex, incidentId: string, tenantId: string | null): Promise<void> {
      const isPortal = tenantId === null;
      const told = await toldAbout(trx, incidentId, isPortal ? 'portal_failing' : 'failing');
      const them = told.map(({ personId }) => personId);
      await tellAll(trx, incidentId, isPortal ? 'portal_recovered' : 'recovered', tenantId, them);
    },
    /** RingCentral shows the user of a clinic's credential differently; the clinic's people can find out why. */
    async ownerChanged(trx: Knex, changeId: string, tenantId: string): Promise<void> {
      await tellAll(trx, changeId, 'owner_changed', tenantId, await recipients.members(trx, tenantId, 'ownerChanged'));
    },
    /** Signing in again would help, and after the end RingCentral would ask for it anyway. */
    async signInEnds(trx: Knex, about: string, tenantId: string): Promise<void> {
      await tellAll(trx, about, 'sign_in_ends', tenantId, await recipients.members(trx, tenantId, 'expires'));
    },
    /** A credential was proved, and a person must say whether its company is the clinic's. Outdated once one has. */
    async notConfirmed(trx: Knex, credentialId: string, tenantId: string, notBefore: Date): Promise<void> {
      const kind = 'not_confirmed';
      for (const personId of await recipients.members(trx, tenantId, 'notConfirmed'))
        await tell(trx, { about: credentialId, kind, tenantId, personId }, notBefore);
    },
    async portalFailing(trx: Knex, incidentId: string): Promise<void> {
      await tellAll(trx, incidentId, 'portal_failing', null, await recipients.staff(trx, 'incident'));
    },
  };
};

export type IncidentNotices = ReturnType<typeof incidentNotices>;

type Reminding = Deps & {
  transaction: Transaction;
  world: Pick<World, 'now'>;
  credentials: Pick<CredentialKeeper, 'findWithin' | 'remindersDue' | 'setReminder'>;
};

/** @returns a function that sends reminders for at most `limit` credentials and returns how many it examined */
export const expiryReminders = ({ tell, recipients, transaction, world, credentials }: Reminding) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    find: (id: string) => credentials.findWithin(trx, tenantId, id),
    setReminder: (id: string, at: Date | null) => credentials.setReminder(trx, tenantId, id, at),
    members: () => recipients.members(trx, tenantId, 'expires'),
    ...boundTo(trx, { tell }),
  }));
  return async (limit: number): Promise<number> => {
    const due = await credentials.remindersDue(limit);
    for (const { id, tenantId } of due)
      await inTenantLock(tenantId, async ({ find, setReminder, members, tell }) => {
        const credential = await find(id);
        const now = world.now();
        // Another worker was faster, or the credential is no longer in use.
        if (!credential?.remindAt || credential.remindAt > now) return;
        const days = credential.expiresAt && dueReminder(credential.expiresAt, now);
        await setReminder(id, nextReminderAt(credential.expiresAt, now));
        if (days === null) return;
        for (const personId of await members()) await tell({ about: id, kind: `expires_${days}`, tenantId, personId });
      });
    return due.length;
  };
};
