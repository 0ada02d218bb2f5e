import { z } from 'zod';
import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { boundTo, inLock, inTransaction } from '../../platform/database/lock.js';
import type { Delivery, OutboxItem } from '../../platform/outbox.js';
import type { World } from '../../platform/world.js';
import type { AccountMails } from '../people/account-mails.js';
import type { Person } from '../people/account-types.js';
import { oneTimeLinkStore } from '../people/one-time-link-store.js';
import { personStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';

export const RESET_LIFETIME_MS = 3600_000;
/** The outbox kind of a reset request for an address. */
export const RESET_ASKED = 'password_reset_asked';

const request = z.strictObject({ email: z.string(), ip: z.string().optional(), requestId: z.string().optional() });
export type ResetRequest = z.infer<typeof request>;

type Dependencies = {
  transaction: Transaction;
  world: World;
  mails: Pick<AccountMails, 'passwordReset'>;
  publicUrl: string;
};

/** Mails the links on which people choose a new password. */
export function passwordResetMailer({ transaction, world, mails, publicUrl }: Dependencies) {
  /**
   * Runs in the caller's transaction, which must hold the person's lock.
   *
   * @returns false, without writing anything, if the person cannot sign in anyway
   */
  async function mailLink(
    trx: Knex,
    person: Person,
    by: { actor: Actor; tenantId?: string; origin: Origin },
  ): Promise<boolean> {
    if (person.disabled || !person.hasPassword) return false; // people who never set a password have another kind of link
    const now = world.now();
    const token = newToken(world);
    const expiresAt = new Date(now.getTime() + RESET_LIFETIME_MS);
    await oneTimeLinkStore(trx, 'password_reset').replace(
      { id: world.newId(), token, personId: person.id, expiresAt },
      now,
    );
    const url = new URL(`/password-resets/${token}`, publicUrl).href;
    await mails.passwordReset(trx, person, { url, expiresAt, byStaff: by.actor.kind === 'person' });
    const { actor, tenantId, origin } = by;
    const target = person.id;
    const action = 'person.password_reset_mailed';
    await auditStore(trx, world).append({ action, actor, tenantId, target, outcome: 'ok', origin });
    return true;
  }

  const open = (trx: Knex) => ({ people: personStore(trx), ...boundTo(trx, { mailLink }) });
  const inUnit = inTransaction(transaction, open);
  const inPersonLock = inLock(transaction, 'person', open);

  return {
    mailLink,

    /**
     * The worker's part of a request. The worker looks up whether the address has a person, so that neither the
     * content nor the timing of the answer can reveal it. A second delivery mails a second link, and the newer link
     * works.
     */
    deliver: async (item: OutboxItem): Promise<Delivery> => {
      const parsed = request.safeParse(item.payload);
      if (!parsed.success) return { kind: 'gave_up', error: 'request_unreadable' };
      const { email, ...origin } = parsed.data;
      const found = await inUnit(({ people }) => people.findByEmail(email));
      if (found)
        await inPersonLock(found.id, async ({ people, mailLink }) => {
          const person = await people.find(found.id);
          if (person?.email === email) await mailLink(person, { actor: { kind: 'nobody' }, origin });
        });
      return { kind: 'delivered' };
    },
  };
}

export type PasswordResetMailer = ReturnType<typeof passwordResetMailer>;
