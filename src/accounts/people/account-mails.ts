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

/** What a person is told of by mail, whoever did it. */
export type SecurityNotice = keyof Texts['mails']['security']['notices'];

/** In which language and time zone a mail is written. */
export type Reader = { language: Language; timeZone: string };

/** Of a mail about one tenant: the person's own language, else that of the tenant. */
export const readerIn = (
  tenant: Pick<Tenant, 'language' | 'timeZone'> | undefined,
  person?: Pick<Person, 'language'>,
): Reader => ({
  language: person?.language ?? tenant?.language ?? 'en',
  timeZone: tenant?.timeZone ?? 'UTC',
});

/** Whom a mail is about and goes to. */
type Recipient = Pick<Person, 'id' | 'email' | 'language' | 'staffRole'>;

/** The outbox's kind of a reminder. */
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
 * The mails of this capability: composed here in the language of who reads them, put into the outbox in the caller's
 * transaction.
 */
export function accountMails({ enqueue, brand, textsIn, tenants, publicUrl }: Dependencies) {
  const isv = brand.name;
  const support = brand.supportEmail;
  const send = (trx: Knex, tenantId: string | null, payload: MailMessage) =>
    enqueue(trx, { kind: 'mail', tenantId, payload });
  /** Of a mail about the person themselves: what they chose, else what their tenants have in common. */
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
    /** Names no tenant: an address may be mistyped. */
    invitation(trx: Knex, reader: Reader, invitation: InvitationMail): Promise<void> {
      return send(trx, invitation.tenantId, invitationMail(reader, 'invitation', invitation));
    },

    /** Under a kind of its own: whether it is still wanted is judged once more when it is delivered. */
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

    /** To an address that may be a stranger's: it names nobody. */
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

    /** To those who were members before. It names the address, which was proved, and not the name, which was typed. */
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
     * Tells a person of a change that decides who can use their account; in the transaction of that change. No link:
     * such mails are imitated.
     *
     * @param to an address that is not the person's any more, after a change of address
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
