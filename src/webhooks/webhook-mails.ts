import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Knex } from '../platform/database/database.js';
import type { Brand } from '../platform/http/locals.js';
import { exactTime } from '../platform/http/view-helpers.js';
import { composeMail } from '../platform/mail-message.js';
import type { EnqueueMessage } from '../platform/outbox.js';
import type { World } from '../platform/world.js';
import type { Texts, TextsIn } from '../texts/texts.js';
import { hostOf, type Endpoint } from './webhook-types.js';

type Notice = keyof Texts['webhooks']['mails']['notices'];
type Deps = {
  enqueue: EnqueueMessage;
  brand: Brand;
  textsIn: TextsIn;
  people: ReadPeople;
  world: Pick<World, 'now'>;
};

/**
 * Tells staff what became of an endpoint, in the transaction of the change. Of the URL only the host: the
 * rest may contain a secret. Contains no link, because attackers imitate such mails.
 */
export function webhookMails({ enqueue, brand, textsIn, people, world }: Deps) {
  const isv = brand.name;

  const tell =
    (notice: Notice) =>
    async (trx: Knex, endpoint: Pick<Endpoint, 'url' | 'description' | 'failingSince'>): Promise<void> => {
      for (const { email, language } of await people(trx).staffPeopleFor('webhooks')) {
        const reader = { language: language ?? 'en', timeZone: 'UTC' } as const;
        const { mails, webhooks } = textsIn(reader.language);
        const { notices, which } = webhooks.mails;
        const { subject, what, then } = notices[notice];
        const at = exactTime(world.now(), reader);
        const since = exactTime(endpoint.failingSince ?? world.now(), reader);
        const payload = composeMail({
          to: email,
          language: reader.language,
          subject: subject({ isv }),
          paragraphs: [
            what({ isv, at, since }),
            which({ description: endpoint.description, host: hostOf(endpoint.url) }),
          ],
          after: [then],
          signature: mails.signature({ isv, support: brand.supportEmail }),
          contact: brand.supportEmail,
        });
        await enqueue(trx, { kind: 'mail', tenantId: null, payload });
      }
    };

  return {
    made: tell('made'),
    rotated: tell('rotated'),
    removed: tell('removed'),
    failingForAnHour: tell('hour'),
    failingForDays: tell('days'),
    gaveUp: tell('gaveUp'),
    turnedOff: tell('off'),
    gone: tell('gone'),
  };
}

export type WebhookMails = ReturnType<typeof webhookMails>;
