import { z } from 'zod';
import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { Delivery, OutboxItem } from '../../platform/outbox.js';
import type { World } from '../../platform/world.js';
import type { AccountMails } from '../people/account-mails.js';
import type { Person } from '../people/account-types.js';
import { oneTimeLinkStore } from '../people/one-time-link-store.js';
import { personStore } from '../people/person-store.js';
import { newToken } from '../people/secret-tokens.js';

export const RESET_LIFETIME_MS = 3600_000;
/** The outbox's kind of a request that somebody made for an address. */
export const RESET_ASKED = 'password_reset_asked';

const request = z.strictObject({ email: z.string(), ip: z.string().optional(), requestId: z.string().optional() });
export type ResetRequest = z.infer<typeof request>;

type Dependencies = {
  transaction: Transaction;
  world: World;
  mails: Pick<AccountMails, 'passwordReset'>;
  publicUrl: string;
};

/** Mails the links under which people choose a new password. */
export function passwordResetMailer({ transaction, world, mails, publicUrl }: Dependencies) {
  /**
   * In the transaction of what leads to it, which holds the person's lock.
   *
   * @returns false, and nothing was written, for somebody who cannot sign in anyway
   */
  async function mailLink(
    trx: Knex,
    person: Person,
    by: { actor: Actor; tenantId?: string; origin: Origin },
  ): Promise<boolean> {
    if (person.disabled || !person.hasPassword) return false; // who never set one has a link of another kind
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

  return {
    mailLink,

    /**
     * The worker's half of a request: whether an address has a person is looked up here, so that the answer to the
     * request cannot tell it, not even by how long it took. Delivered twice it mails twice; the newer link works.
     */
    deliver: async (item: OutboxItem): Promise<Delivery> => {
      const parsed = request.safeParse(item.payload);
      if (!parsed.success) return { kind: 'gave_up', error: 'request_unreadable' };
      const { email, ...origin } = parsed.data;
      await transaction(async (trx) => {
        const found = await personStore(trx).findByEmail(email);
        if (!found) return;
        await lockFor(trx, 'person', found.id);
        const person = await personStore(trx).find(found.id);
        if (person?.email === email) await mailLink(trx, person, { actor: { kind: 'nobody' }, origin });
      });
      return { kind: 'delivered' };
    },
  };
}

export type PasswordResetMailer = ReturnType<typeof passwordResetMailer>;
