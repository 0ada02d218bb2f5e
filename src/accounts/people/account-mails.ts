import type { Knex } from '../../platform/database/database.js';
import type { Brand } from '../../platform/http/locals.js';
import { exactTime } from '../../platform/http/view-helpers.js';
import { composeMail, type MailMessage, type MailParts } from '../../platform/mail-message.js';
import type { EnqueueMessage } from '../../platform/outbox.js';
import { allows, type ClinicRole } from '../../app/clinic-roles.js';
import { isForClinicRole } from '../../notifications/audience.js';
import { tenantReader } from '../../tenants/tenant-reader.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Language } from '../../texts/languages.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import type { Person, StaffRole } from './account-types.js';
import { peopleDirectory } from './people-directory.js';

/** The changes that a person is told about by mail, even if the person made them. */
export type SecurityNotice = keyof Texts['mails']['security']['notices'];

/** The changes of a staff account that the other administrators are told about by mail. */
export type StaffNotice = keyof Texts['mails']['staffChanged']['notices'];

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
type InvitationMail = {
  id: string;
  to: string;
  url: string;
  optOutUrl: string;
  expiresAt: Date;
  tenantId: string;
  /** Whether the person may connect, or only look. */
  role: ClinicRole;
  /** Who invites; undefined for a program or a person who is gone. */
  by: Pick<Person, 'name' | 'email' | 'staffRole'> | undefined;
};
type MailedLink = { id: string; to?: string; url: string; expiresAt: Date; byStaff?: boolean; byCompany?: boolean };

/** `email`: whose account; `by`: the address of who changed it, null for a command on the server. */
type StaffChanged = { notice: StaffNotice; email: string; role: StaffRole; by: string | null; at: Date };

type Dependencies = {
  enqueue: EnqueueMessage;
  brand: Brand;
  textsIn: TextsIn;
  publicUrl: string;
};

/**
 * The mails of this capability. Composes them in the reader's language and adds them to the outbox in the caller's
 * transaction.
 */
export function accountMails({ enqueue, brand, textsIn, publicUrl }: Dependencies) {
  const isv = brand.name;
  const support = brand.supportEmail;

  /** The reader of a mail about the person: their own choice, otherwise the common language of their tenants. */
  async function readerOf(trx: Knex, person: Recipient): Promise<Reader> {
    const { language, timeZone } = await tenantReader(trx).readingOf(person.id);
    const own = person.language ?? (person.staffRole === null ? language : null);
    return { language: own ?? 'en', timeZone: timeZone ?? 'UTC' };
  }

  const compose = (
    { language }: Reader,
    to: string,
    write: (mails: Texts['mails']) => Omit<MailParts, 'to' | 'language' | 'signature'>,
  ): MailMessage => {
    const { mails } = textsIn(language);
    return composeMail({
      ...write(mails),
      to,
      language,
      signature: mails.signature({ isv, support }),
      contact: support,
    });
  };

  const send = (trx: Knex, tenantId: string | null, payload: MailMessage, about?: string) =>
    enqueue(trx, { kind: 'mail', tenantId, payload, ...(about === undefined ? {} : { about }) });

  const invitationMail = (reader: Reader, kind: 'invitation' | 'reminder', mail: InvitationMail): MailMessage => {
    const { heading: choice } = textsIn(reader.language).guide.start.other;
    const mayConnect = allows(mail.role, 'member');
    return compose(reader, mail.to, ({ invitation, reminder, stopReminders }) => ({
      subject: (kind === 'reminder' ? reminder : mayConnect ? invitation : invitation.toView).subject({ isv }),
      paragraphs: [
        fromText(mayConnect ? invitation : invitation.toView, isv, mail.by),
        ...(kind === 'reminder' ? [reminder.stillOpen] : []),
        ...(mayConnect ? [invitation.effort] : []),
      ],
      button: { text: invitation.button, url: mail.url },
      after: [
        ...(mayConnect ? [`${invitation.elseHeading} ${invitation.elsewhere({ choice })}`] : []),
        ...(kind === 'reminder' ? reminder : invitation).after({ expires: exactTime(mail.expiresAt, reader) }),
      ],
      unsubscribe: { text: stopReminders, url: mail.optOutUrl },
    }));
  };

  return {
    /** Names no tenant, because the address may be mistyped. */
    invitation(trx: Knex, reader: Reader, invitation: InvitationMail): Promise<void> {
      return send(trx, invitation.tenantId, invitationMail(reader, 'invitation', invitation), invitation.id);
    },

    /** Has its own kind, because delivery checks again whether the reminder is still wanted. */
    reminder(trx: Knex, reader: Reader, invitation: InvitationMail): Promise<void> {
      const mail = invitationMail(reader, 'reminder', invitation);
      const payload = { invitationId: invitation.id, mail };
      return enqueue(trx, { kind: REMINDER, tenantId: invitation.tenantId, payload, about: invitation.id });
    },

    /** A link for the person. A new address may be a stranger's, so these mails name no one. */
    async link(
      trx: Knex,
      kind: 'passwordReset' | 'newAddress' | 'proveAddress' | 'staffSetup',
      person: Recipient,
      { id, to = person.email, url, expiresAt, byStaff = false, byCompany = false }: MailedLink,
    ): Promise<void> {
      const reader = await readerOf(trx, person);
      const mail = compose(reader, to, ({ [kind]: texts }) => ({
        subject: texts.subject({ isv }),
        paragraphs: texts.paragraphs({ isv, byStaff, byCompany }),
        button: { text: texts.button, url },
        after: texts.after({ expires: exactTime(expiresAt, reader) }),
      }));
      return send(trx, null, mail, id);
    },

    /** To an existing member. Contains the address, and whether it was proved, but not the name, which was typed. */
    personAdded(
      trx: Knex,
      tenant: Tenant,
      { isOwner, ...member }: Person & { isOwner: boolean },
      added: Person & { role: ClinicRole },
    ): Promise<void> {
      const reader = readerIn(tenant, member);
      const role = textsIn(reader.language).people.roles[added.role].name;
      const mail = compose(reader, member.email, ({ personAdded: texts }) => ({
        subject: texts.subject({ isv }),
        paragraphs: texts.paragraphs({ isv, tenant: tenant.name, email: added.email, role, proved: added.proved }),
        button: { text: texts.button, url: new URL(`/tenants/${tenant.id}/people`, publicUrl).href },
        after: texts.after({ support, isOwner }),
      }));
      return send(trx, tenant.id, mail);
    },

    /** To the person whose role it is, or to another owner. `by`: the owner's address; null for staff. */
    roleChanged(
      trx: Knex,
      tenant: Tenant,
      member: Person,
      { person, role, by, at }: { person: Person; role: ClinicRole; by: string | null; at: Date },
    ): Promise<void> {
      const reader = readerIn(tenant, member);
      const { roles } = textsIn(reader.language).people;
      const mail = compose(reader, member.email, ({ roleChanged: texts }) => ({
        subject: texts.subject({ isv }),
        paragraphs: [
          texts.what({ by: by ?? isv, email: person.email, tenant: tenant.name, at: exactTime(at, reader) }),
          texts.role(roles[role].name),
        ],
        after: [texts.after({ support })],
      }));
      return send(trx, tenant.id, mail);
    },

    personRemoved(trx: Knex, tenant: Tenant, removed: Person): Promise<void> {
      const mail = compose(readerIn(tenant, removed), removed.email, ({ personRemoved: texts }) => ({
        subject: texts.subject({ isv }),
        paragraphs: texts.paragraphs({ isv, tenant: tenant.name }),
        after: texts.after({ support }),
      }));
      return send(trx, tenant.id, mail);
    },

    /** To the members of a tenant, after a change of its rule about the second factor. */
    async secondFactorRule(trx: Knex, tenant: Tenant, at: Date): Promise<void> {
      for (const member of await peopleDirectory(trx).membersOf(tenant.id)) {
        if (!isForClinicRole('secondFactorRule', member.role)) continue;
        const reader = readerIn(tenant, member);
        const mail = compose(reader, member.email, ({ secondFactorRule: texts }) => {
          const { what, then } = tenant.membersNeedSecondFactor ? texts.needed : texts.notNeeded;
          return {
            subject: texts.subject({ isv }),
            paragraphs: [what({ isv, tenant: tenant.name, at: exactTime(at, reader) }), then],
            after: [texts.after({ support })],
          };
        });
        await send(trx, tenant.id, mail);
      }
    },

    /** To one of the other administrators, after a change of a staff account. Contains no link, as below. */
    async staffChanged(
      trx: Knex,
      administrator: Recipient,
      { notice, email, role, by, at }: StaffChanged,
    ): Promise<void> {
      const reader = await readerOf(trx, administrator);
      const { roles } = textsIn(reader.language).account;
      const mail = compose(reader, administrator.email, ({ staffChanged: texts }) => ({
        subject: texts.notices[notice].subject({ isv }),
        paragraphs: [
          texts.notices[notice].what({ isv, email, role: roles[role], at: exactTime(at, reader) }),
          by === null ? texts.byCommand : texts.by(by),
        ],
        after: [texts.after],
      }));
      return send(trx, null, mail);
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
      const mail = compose(reader, to, ({ security: { notices, ifYou, ifNotYou } }) => ({
        subject: notices[notice].subject({ isv }),
        paragraphs: [notices[notice].what({ isv, at: exactTime(at, reader) }), ifYou],
        after: [ifNotYou({ support })],
      }));
      return send(trx, null, mail);
    },
  };
}

/** Mail programs make links of what looks like an address, and a name is typed by a person. */
const looksLikeAddress = (name: string): boolean => /[^\s.][.:/@\\][^\s.]/u.test(name);

type From = (named: { isv: string; by: string }) => string;

/** A member is named with the address, which was proved; a name that would become a link is not shown. */
function fromText(
  texts: { from: From; fromMember: From; fromProgram: (named: { isv: string }) => string },
  isv: string,
  by: InvitationMail['by'],
): string {
  if (!by) return texts.fromProgram({ isv });
  const name = looksLikeAddress(by.name) ? '' : by.name.trim();
  if (by.staffRole !== null) return name === '' ? texts.fromProgram({ isv }) : texts.from({ isv, by: name });
  return texts.fromMember({ isv, by: name === '' ? by.email : `${name} (${by.email})` });
}

export type AccountMails = ReturnType<typeof accountMails>;
