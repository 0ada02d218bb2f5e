import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Knex } from '../platform/database/database.js';
import type { Brand } from '../platform/http/locals.js';
import { exactTime } from '../platform/http/view-helpers.js';
import { composeMail, shortName } from '../platform/mail-message.js';
import type { EnqueueMessage } from '../platform/outbox.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { TextsIn } from '../texts/texts.js';
import type { Disconnection } from './disconnection-types.js';

type Deps = {
  enqueue: EnqueueMessage;
  brand: Brand;
  textsIn: TextsIn;
  publicUrl: string;
  tenants: ReadTenants;
  people: ReadPeople;
};

/** Tells the clinic's people and staff, in the transaction of the disconnection. */
export const disconnectionMails =
  ({ enqueue, brand, textsIn, publicUrl, tenants, people }: Deps) =>
  async (trx: Knex, { tenantId, at }: Disconnection): Promise<void> => {
    const tenant = await tenants(trx).find(tenantId);
    if (!tenant) return; // a clinic that is offboarded gets one mail about everything
    const directory = people(trx);
    const members = [...(await directory.byIds(await directory.membersFor('disconnected', tenantId))).values()];
    const staff = await directory.staffPeopleFor('disconnected');
    const path = `/tenants/${tenantId}/disconnection`;
    const readers = [
      ...members.map((person) => ({ ...person, language: person.language ?? tenant.language, path, isMember: true })),
      ...staff.map((person) => ({
        ...person,
        language: person.language ?? ('en' as const),
        path: `/staff${path}`,
        isMember: false,
      })),
    ];
    for (const { email, language, path, isMember } of readers) {
      const { mails, disconnection } = textsIn(language);
      const texts = disconnection.mail;
      const [isv, name] = [brand.name, tenant.name];
      const payload = composeMail({
        to: email,
        language,
        subject: texts.subject({ isv, tenant: shortName(name) }),
        paragraphs: [
          texts.what({ isv, tenant: name, at: exactTime(at, { language, timeZone: tenant.timeZone }) }),
          texts.next,
        ],
        button: { text: texts.button, url: `${publicUrl}${path}` },
        after: isMember ? [texts.notYou] : [],
        signature: mails.signature({ isv, support: brand.supportEmail }),
        contact: brand.supportEmail,
      });
      await enqueue(trx, { kind: 'mail', tenantId, payload });
    }
  };
