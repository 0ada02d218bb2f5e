import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Foundation } from '../app/foundation.js';
import type { Outcome, Receipt } from '../disconnection/disconnection-types.js';
import type { Knex } from '../platform/database/database.js';
import { dateOnly, exactTime } from '../platform/http/view-helpers.js';
import { composeMail, shortName, type MailParts } from '../platform/mail-message.js';
import { tenantReader } from '../tenants/tenant-reader.js';
import type { Tenant } from '../tenants/tenant-types.js';
import type { Language } from '../texts/languages.js';
import type { Texts } from '../texts/texts.js';
import { offboardingStore } from './offboarding-store.js';

type Reader = { email: string; language: Language; isStaff: boolean };
type Parts = Pick<MailParts, 'subject' | 'paragraphs'> & Partial<Pick<MailParts, 'after' | 'button' | 'files'>>;
type Facts = {
  isv: string;
  tenant: string;
  isStaff: boolean;
  time: (at: Date) => string;
  day: (at: Date) => string;
};
/** What one mail says to one reader. */
type Say = (t: Texts, facts: Facts) => Parts;

const KEYS_PATH = '/.well-known/latchkey-keys';
/** The receipt as it is downloaded from the page too. */
const fileOf = ({ text }: Receipt) => [{ name: 'latchkey-receipt.txt', text }];

/**
 * The mails about a clinic that is offboarded, each in the transaction of what it tells. They go to those who were its
 * owners at that moment and to staff. They hold everything themselves, because the clinic's pages are closed, and name
 * no person. Their addresses go with the clinic's other rows in the outbox when it is erased.
 */
export const offboardingMails = ({ config, enqueue, brand, textsIn }: Foundation, people: ReadPeople) => {
  const { PUBLIC_URL: publicUrl } = config;

  async function send(trx: Knex, tenant: Tenant, owners: readonly Reader[], say: Say): Promise<void> {
    const staff = (await people(trx).staffPeopleFor('offboarded')).map(({ email, language }): Reader => {
      return { email, language: language ?? 'en', isStaff: true };
    });
    for (const { email, language, isStaff } of [...owners, ...staff]) {
      const t = textsIn(language);
      const clock = { language, timeZone: tenant.timeZone };
      const parts = say(t, {
        isv: brand.name,
        tenant: tenant.name,
        isStaff,
        time: (at) => exactTime(at, clock),
        day: (at) => dateOnly(at, clock),
      });
      const payload = composeMail({
        to: email,
        language,
        ...parts,
        signature: t.mails.signature({ isv: brand.name, support: brand.supportEmail }),
        contact: brand.supportEmail,
      });
      await enqueue(trx, { kind: 'mail', tenantId: tenant.id, payload });
    }
  }

  const ownersOf = async (trx: Knex, { id, language: usual }: Tenant): Promise<Reader[]> =>
    (await people(trx).formerMembersFor('offboarded', id)).map(({ email, language }) => {
      return { email, language: language ?? usual, isStaff: false };
    });
  /** Of staff alone: the owners have no page any more. */
  const button = ({ id }: Tenant, t: Texts, { isStaff }: Facts) =>
    isStaff ? { button: { text: t.mails.offboarded.button, url: `${publicUrl}/staff/offboarded/${id}` } } : {};

  return {
    /** In the transaction in which it leaves, after its people's access has ended. */
    left: async (trx: Knex, tenantId: string, ended: Outcome | undefined): Promise<void> => {
      const [tenant, offboarding] = [
        await tenantReader(trx).findLeft(tenantId),
        await offboardingStore(trx).find(tenantId),
      ];
      if (!tenant || !offboarding) return;
      const kept = ended?.credentials.flatMap(({ credential }) =>
        credential.status === 'retired' && credential.keptUntil ? [credential.keptUntil] : [],
      );
      const keptUntil = kept?.length ? new Date(Math.max(...kept.map(Number))) : null;
      const receipt = ended?.disconnection.receipt;
      const { at, eraseAt } = offboarding;
      await send(trx, tenant, await ownersOf(trx, tenant), (t, facts) => {
        const texts = t.mails.offboarded;
        const { isv, tenant: name, time, day } = facts;
        return {
          subject: texts.subject({ isv, tenant: shortName(name) }),
          paragraphs: [
            texts.what({ isv, tenant: name, at: time(at) }),
            texts.people,
            ...(ended ? [texts.stopped({ isv })] : []),
            texts.undo({ isv, until: time(eraseAt) }),
            texts.erased({ at: time(eraseAt) }),
            ...(keptUntil ? [texts.deleteJwt, texts.keptUntil({ on: day(keptUntil) })] : []),
            receipt ? texts.receiptAttached : ended ? texts.receiptLater : texts.noReceipt,
          ],
          after: [texts.mistake],
          ...button(tenant, t, facts),
          ...(receipt ? { files: fileOf(receipt) } : {}),
        };
      });
    },

    /** In the transaction that makes a receipt: its clinic may have left, and then has no page to read it. */
    receiptMade: async (trx: Knex, { disconnection }: Outcome, receipt: Receipt): Promise<void> => {
      const { tenantId, at } = disconnection;
      const [tenant, offboarding] = [
        await tenantReader(trx).findLeft(tenantId),
        await offboardingStore(trx).find(tenantId),
      ];
      // The erasure has been through the outbox, or is about to be.
      if (!tenant || !offboarding || offboarding.erasingSince !== null) return;
      await send(trx, tenant, await ownersOf(trx, tenant), (t, facts) => {
        const texts = t.mails.offboarded.receipt;
        const { isv, tenant: name, time } = facts;
        const isSigned = receipt.text.includes('\nsigned: yes\n');
        return {
          subject: texts.subject({ isv, tenant: shortName(name) }),
          paragraphs: [
            texts.what({ isv, tenant: name, at: time(at) }),
            t.disconnection.after.results[receipt.result],
            texts.keep,
            ...(isSigned ? [texts.verify, texts.keys({ url: `${publicUrl}${KEYS_PATH}` })] : [texts.unsigned]),
          ],
          ...button(tenant, t, facts),
          files: fileOf(receipt),
        };
      });
    },

    /** In the transaction in which it comes back. */
    back: async (trx: Knex, tenantId: string, at: Date): Promise<void> => {
      const tenant = await tenantReader(trx).find(tenantId);
      if (!tenant) return;
      const directory = people(trx);
      const ids = await directory.membersFor('offboarded', tenantId);
      const owners = [...(await directory.byIds(ids)).values()].map(({ email, language }): Reader => {
        return { email, language: language ?? tenant.language, isStaff: false };
      });
      await send(trx, tenant, owners, (t, { isv, tenant: name, time, isStaff }) => {
        const texts = t.mails.offboarded.undone;
        const path = isStaff ? `/staff/tenants/${tenantId}` : `/tenants/${tenantId}/connection`;
        return {
          subject: texts.subject({ isv, tenant: shortName(name) }),
          paragraphs: [texts.what({ isv, tenant: name, at: time(at) }), texts.next],
          button: { text: texts.button, url: `${publicUrl}${path}` },
        };
      });
    },
  };
};

export type OffboardingMails = ReturnType<typeof offboardingMails>;
