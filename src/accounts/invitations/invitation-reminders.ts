import { z } from 'zod';
import type { Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import { boundTo, inTransaction } from '../../platform/database/lock.js';
import { NOT_WANTED, type Delivery, type OutboxItem } from '../../platform/outbox.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { readerIn, type AccountMails } from '../people/account-mails.js';
import type { ServiceBase } from '../people/account-types.js';
import { invitationStore, type Invitation } from './invitation-store.js';
import { personStore } from '../people/person-store.js';
import { reminderOptOutStore } from './reminder-opt-out-store.js';
import { looksLikeToken, newToken } from '../people/secret-tokens.js';

const DAY_MS = 24 * 3600_000;
/** Time after the invitation. */
export const FIRST_REMINDER_MS = 2 * DAY_MS;
const SECOND_REMINDER_MS = 5 * DAY_MS;

/** The links of one invitation mail. Each mail has its own links, because only their hashes are stored. */
export function mailLinks(world: Pick<World, 'randomBytes'>, publicUrl: string) {
  const [token, optOut] = [newToken(world), newToken(world)];
  const at = (path: string) => new URL(path, publicUrl).href;
  return { token, optOut, url: at(`/invitations/${token}`), optOutUrl: at(`/reminders/${optOut}`) };
}

const reminder = z.object({ invitationId: z.string(), mail: z.unknown() });

type Dependencies = ServiceBase & {
  tenants: Pick<TenantService, 'findWithin' | 'isMember'>;
  mails: Pick<AccountMails, 'reminder'>;
  publicUrl: string;
};

/** The worker's part of invitations: two reminders for each invitation that has not been accepted. */
export function invitationReminders({ db, transaction, world, tenants, mails, publicUrl }: Dependencies) {
  /**
   * Whether the invitation is open, is the newest to its address, and its person has neither joined nor opted out.
   */
  async function isWanted(handle: Knex, invitation: Invitation): Promise<boolean> {
    const { tenantId, email, acceptedAt, revokedAt, expiresAt } = invitation;
    if (acceptedAt || revokedAt || expiresAt <= world.now()) return false;
    if (await reminderOptOutStore(handle).has(email)) return false;
    if (await invitationStore(handle).forTenant(tenantId).hasYounger(invitation)) return false;
    const person = await personStore(handle).findByEmail(email);
    return !person || !(person.disabled || (await tenants.isMember(handle, tenantId, person.id)));
  }

  const open = (trx: Knex) => ({
    audit: auditStore(trx, world),
    invitations: invitationStore(trx),
    people: personStore(trx),
    ...boundTo(trx, { isWanted, tenant: tenants.findWithin, remind: mails.reminder }),
  });
  const inUnit = inTransaction(transaction, open);

  /**
   * Writes one reminder with its links, its mail and its audit row in one transaction. @returns false if none is due
   */
  const remindNext = (): Promise<boolean> =>
    inUnit(async (unit) => {
      const now = world.now();
      const invitation = await unit.invitations.claimReminder(now);
      if (!invitation) return false;
      const { id, tenantId, email, role, invitedBy, createdAt, expiresAt } = invitation;
      const tenant = await unit.tenant(tenantId);
      if (!tenant || !(await unit.isWanted(invitation))) return true;
      // A worker that was down for days sends one reminder, not two at once.
      const second = new Date(createdAt.getTime() + SECOND_REMINDER_MS);
      if (now < second) await unit.invitations.forTenant(tenantId).remindAgain(id, second);
      const links = mailLinks(world, publicUrl);
      await unit.invitations.addReminder(id, links, now);
      const reader = readerIn(tenant, await unit.people.findByEmail(email));
      const by = invitedBy === null ? undefined : await unit.people.find(invitedBy);
      await unit.remind(reader, { ...links, id, to: email, expiresAt, tenantId, role, by });
      const actor = { kind: 'portal' } as const;
      await unit.audit.append({ action: 'invitation.reminded', actor, tenantId, target: id, outcome: 'ok' });
      return true;
    });

  return {
    /** Handles due reminders, at most `limit`. @returns how many were examined */
    remindDue: async (limit: number): Promise<number> => {
      let count = 0;
      while (count < limit && (await remindNext())) count += 1;
      return count;
    },

    /**
     * Checks again before delivery, because the mail server may be down for hours and the person may have accepted
     * meanwhile.
     */
    deliver:
      (deliverMail: (item: OutboxItem) => Promise<Delivery>) =>
      async (item: OutboxItem): Promise<Delivery> => {
        const parsed = reminder.safeParse(item.payload);
        if (!parsed.success) return { kind: 'gave_up', error: 'reminder_unreadable' };
        const invitation = await invitationStore(db).findById(parsed.data.invitationId);
        if (!invitation || !(await isWanted(db, invitation))) return { kind: 'gave_up', error: NOT_WANTED };
        return deliverMail({ ...item, payload: parsed.data.mail });
      },
  };
}

/** Stops reminders of all tenants to the address that received the link. An unknown link has no effect. */
export const reminderOptOut = ({ transaction, world }: Pick<Dependencies, 'transaction' | 'world'>) => {
  const inUnit = inTransaction(transaction, (trx) => ({
    audit: auditStore(trx, world),
    invitations: invitationStore(trx),
    optOuts: reminderOptOutStore(trx),
  }));
  return (token: string, origin: Origin): Promise<void> =>
    inUnit(async ({ audit, invitations, optOuts }) => {
      if (!looksLikeToken(token)) return;
      const invitation = await invitations.findByLink('opt_out_hash', token);
      if (!invitation || !(await optOuts.add(invitation.email, world.now()))) return;
      await audit.append({
        action: 'invitation.reminders_stopped',
        actor: { kind: 'nobody' },
        tenantId: invitation.tenantId,
        target: invitation.id,
        outcome: 'ok',
        origin,
      });
    });
};

export type ReminderOptOut = ReturnType<typeof reminderOptOut>;
