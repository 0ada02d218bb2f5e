import type { Knex } from '../platform/database.js';
import type { Brand } from '../platform/http/locals.js';
import { composeMail, type MailMessage } from '../platform/mail-message.js';
import type { EnqueueMessage } from '../platform/outbox.js';
import type { Texts } from '../texts/texts.js';

/** The mails of this capability: composed here, put into the outbox in the caller's transaction. */
export function accountMails(enqueue: EnqueueMessage, brand: Brand, t: Texts) {
  const { mails } = t;
  const isv = brand.name;
  const support = brand.supportEmail;
  const signature = mails.signature({ isv, support });
  const send = (trx: Knex, tenantId: string | null, payload: MailMessage) =>
    enqueue(trx, { kind: 'mail', tenantId, payload });
  const onDay = (at: Date, timeZone: string) =>
    new Intl.DateTimeFormat(t.common.lang, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at);

  return {
    /** Names no tenant: an address may be mistyped. */
    invitation(
      trx: Knex,
      invitation: { to: string; url: string; expiresAt: Date; tenantId: string; timeZone: string },
    ): Promise<void> {
      const expires = `${onDay(invitation.expiresAt, invitation.timeZone)} (${invitation.timeZone})`;
      const mail = composeMail({
        to: invitation.to,
        subject: mails.invitation.subject({ isv }),
        paragraphs: mails.invitation.paragraphs({ isv }),
        button: { text: mails.invitation.button, url: invitation.url },
        after: mails.invitation.after({ expires }),
        signature,
      });
      return send(trx, invitation.tenantId, mail);
    },

    newDevice(trx: Knex, to: string, at: Date): Promise<void> {
      const { subject, paragraphs, after } = mails.newDevice;
      const when = `${onDay(at, 'UTC')} (UTC)`;
      return send(
        trx,
        null,
        composeMail({
          to,
          subject: subject({ isv }),
          paragraphs: paragraphs({ isv, at: when }),
          after: after({ support }),
          signature,
        }),
      );
    },

    secondFactorEnrolled(trx: Knex, to: string, at: Date): Promise<void> {
      const { subject, paragraphs, after } = mails.secondFactorEnrolled;
      const when = `${onDay(at, 'UTC')} (UTC)`;
      return send(
        trx,
        null,
        composeMail({
          to,
          subject: subject({ isv }),
          paragraphs: paragraphs({ isv, at: when }),
          after: after({ support }),
          signature,
        }),
      );
    },
  };
}

export type AccountMails = ReturnType<typeof accountMails>;
