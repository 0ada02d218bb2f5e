import type { Knex } from '../../platform/database/database.js';
import type { Brand } from '../../platform/http/locals.js';
import { exactTime } from '../../platform/http/view-helpers.js';
import { composeMail, type MailMessage } from '../../platform/mail-message.js';
import type { EnqueueMessage } from '../../platform/outbox.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Language } from '../../texts/languages.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import type { Person } from './account-types.js';

/** The changes that a person is told about by mail, even if the person made them. */
export type SecurityNotice = keyof Texts['mails']['security']['notices'];

/** The language and time zone of a mail. */
export type Reader = { language: Language; timeZone: string };

/** The reader of a mail about one tenant: the person's own language, otherwise the tenant's. */
export const readerIn = (
  tenant: Pick<Tenant, 'language' | 'timeZone'> | undefined,
  person?: Pick<Person, 'language'>,
): Reader => ({
  language: person?.language ?? tenant?.language ?? 'en',
  timeZone: tenant?.timeZone ?? 'UTC',
});

/** The person that a mail is about and is sent to. */
type Recipient = Pick<Person, 'id' | 'email' | 'language' | 'staffRole'>;

/** The outbox kind of a reminder. */
export const REMINDER = 'invitation_reminder';
type InvitationMail = { to: string; url: string; optOutUrl: string; expiresAt: Date; tenantId: string };

type Dependencies = {
  enqueue: EnqueueMessage;
  brand: Brand;
  textsIn: TextsIn;
  tenants: Pick<TenantService, 'readingWithin'>;
  publicUrl: string;
};

/**
 * The mails of this capability. Composes them in the reader's language and adds them to the outbox in the caller's
 * transaction.
 */
export function accountMails({ enqueue, brand, textsIn, tenants, publicUrl }: Dependencies) {
  const isv = brand.name;
  const support = brand.supportEmail;
  const send = (trx: Knex, tenantId: string | null, payload: MailMessage) =>
    enqueue(trx, { kind: 'mail', tenantId, payload });
  /** The reader of a mail about the person: their own choice, otherwise the common language of their tenants. */
  async function readerOf(trx: Knex, person: Recipient): Promise<Reader> {
    const { language, timeZone } = await tenants.readingWithin(trx, person.id);
    const own = person.language ?? (person.staffRole === null ? language : null);
    return { language: own ?? 'en', timeZone: timeZone ?? 'UTC' };
  }

  const frameOf = ({ language }: Reader) => {
    const { mails } = textsIn(language);
    return { mails, frame: { language, signature: mails.signature({ isv, support }) } };
  };

  const invitationMail = (reader: Reader, kind: 'invitation' | 'reminder', to: InvitationMail): MailMessage => {
    const { mails, frame } = frameOf(reader);
    const texts = mails[kind];
    return composeMail({
      ...frame,
      to: to.to,
      subject: texts.subject({ isv }),
      paragraphs: texts.paragraphs({ isv }),
      button: { text: texts.button, url: to.url },
      after: texts.after({ expires: exactTime(to.expiresAt, reader) }),
      unsubscribe: { text: mails.stopReminders, url: to.optOutUrl },
    });
  };

  return {
    /** Names no tenant, because the address may be mistyped. */
    invitation(trx: Knex, reader: Reader, invitation: InvitationMail): Promise<void> {
      return send(trx, invitation.tenantId, invitationMail(reader, 'invitation', invitation));
    },

    /** Has its own kind, because delivery checks again whether the reminder is still wanted. */
    reminder(trx: Knex, reader: Reader, invitation: InvitationMail & { id: string }): Promise<void> {
      const mail = invitationMail(reader, 'reminder', invitation);
      const payload = { invitationId: invitation.id, mail };
      return enqueue(trx, { kind: REMINDER, tenantId: invitation.tenantId, payload });
    },

    async passwordReset(
      trx: Knex,
      person: Recipient,
      link: { url: string; expiresAt: Date; byStaff: boolean },
    ): Promise<void> {
      const reader = await readerOf(trx, person);
      const { mails, frame } = frameOf(reader);
      const { subject, paragraphs, button, after } = mails.passwordReset;
      const mail = composeMail({
        ...frame,
        to: person.email,
        subject: subject({ isv }),
        paragraphs: paragraphs({ isv, byStaff: link.byStaff }),
        button: { text: button, url: link.url },
        after: after({ expires: exactTime(link.expiresAt, reader) }),
      });
      return send(trx, null, mail);
    },

    /** The address may be a stranger's, so the mail names no one. */
    async newAddress(
      trx: Knex,
      person: Recipient,
      { to, url, expiresAt }: { to: string; url: string; expiresAt: Date },
    ): Promise<void> {
      const reader = await readerOf(trx, person);
      const { mails, frame } = frameOf(reader);
      const { subject, paragraphs, button, after } = mails.newAddress;
      const mail = composeMail({
        ...frame,
        to,
        subject: subject({ isv }),
        paragraphs: paragraphs({ isv }),
        button: { text: button, url },
        after: after({ expires: exactTime(expiresAt, reader) }),
      });
      return send(trx, null, mail);
    },

    /** To the existing members. Contains the address, which was proved, but not the name, which was typed. */
    personAdded(trx: Knex, reader: Reader, told: { to: string; tenant: Tenant; added: string }): Promise<void> {
      const { mails, frame } = frameOf(reader);
      const { id, name } = told.tenant;
      const { subject, paragraphs, button, after } = mails.personAdded;
      const mail = composeMail({
        ...frame,
        to: told.to,
        subject: subject({ isv }),
        paragraphs: paragraphs({ isv, tenant: name, email: told.added }),
        button: { text: button, url: new URL(`/tenants/${id}/people`, publicUrl).href },
        after: after({ support }),
      });
      return send(trx, id, mail);
    },

    personRemoved(trx: Knex, reader: Reader, told: { to: string; tenant: Tenant }): Promise<void> {
      const { mails, frame } = frameOf(reader);
      const { id, name } = told.tenant;
      const { subject, paragraphs, after } = mails.personRemoved;
      const mail = composeMail({
        ...frame,
        to: told.to,
        subject: subject({ isv }),
        paragraphs: paragraphs({ isv, tenant: name }),
        after: after({ support }),
      });
      return send(trx, id, mail);
    },

    /**
     * Tells a person about a change that affects who can use their account; runs in the transaction of that change.
     * Contains no link, because attackers imitate such mails.
     *
     * @param to the person's previous address, after a change of address
     */
    async securityNotice(
      trx: Knex,
      notice: SecurityNotice,
      { person, at, to = person.email }: { person: Recipient; at: Date; to?: string },
    ): Promise<void> {
      const reader = await readerOf(trx, person);
      const { mails, frame } = frameOf(reader);
      const { notices, ifYou, ifNotYou } = mails.security;
      const { subject, what } = notices[notice];
      const mail = composeMail({
        ...frame,
        to,
        subject: subject({ isv }),
        paragraphs: [what({ isv, at: exactTime(at, reader) }), ifYou],
        after: [ifNotYou({ support })],
      });
      return send(trx, null, mail);
    },
  };
}

export type AccountMails = ReturnType<typeof accountMails>;
