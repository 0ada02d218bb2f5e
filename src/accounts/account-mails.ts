import type { Knex } from '../platform/database.js';
import type { Brand } from '../platform/http/locals.js';
import { composeMail, type MailMessage } from '../platform/mail-message.js';
import type { EnqueueMessage } from '../platform/outbox.js';
import type { Texts } from '../texts/texts.js';

/** What a person is told of by mail, whoever did it. */
export type SecurityNotice = keyof Texts['mails']['security']['notices'];

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

    /**
     * Tells a person of a change that decides who can use their account; in the transaction of that change. To the
     * address it names, which after a change of address is not the person's any more. No link: such mails are imitated.
     */
    securityNotice(trx: Knex, notice: SecurityNotice, { to, at }: { to: string; at: Date }): Promise<void> {
      const { notices, ifYou, ifNotYou } = mails.security;
      const { subject, what } = notices[notice];
      const mail = composeMail({
        to,
        subject: subject({ isv }),
        paragraphs: [what({ isv, at: `${onDay(at, 'UTC')} (UTC)` }), ifYou],
        after: [ifNotYou({ support })],
        signature,
      });
      return send(trx, null, mail);
    },
  };
}

export type AccountMails = ReturnType<typeof accountMails>;
