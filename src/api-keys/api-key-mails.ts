import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Knex } from '../platform/database/database.js';
import type { Brand } from '../platform/http/locals.js';
import { exactTime } from '../platform/http/view-helpers.js';
import { composeMail } from '../platform/mail-message.js';
import type { EnqueueMessage } from '../platform/outbox.js';
import type { World } from '../platform/world.js';
import type { Texts, TextsIn } from '../texts/texts.js';
import type { ApiKey } from './api-key-types.js';

type Notice = keyof Texts['mails']['apiKeys']['notices'];
type Deps = {
  enqueue: EnqueueMessage;
  brand: Brand;
  textsIn: TextsIn;
  people: ReadPeople;
  world: Pick<World, 'now'>;
};

/**
 * Tells staff what became of a key, in the transaction of the change. Contains no link, because attackers
 * imitate such mails.
 */
export function apiKeyMails({ enqueue, brand, textsIn, people, world }: Deps) {
  const isv = brand.name;
  const support = brand.supportEmail;

  const tell = (notice: Notice) => async (trx: Knex, key: Pick<ApiKey, 'id' | 'name' | 'scopes'>) => {
    for (const { email, language } of await people(trx).staffPeopleFor('apiKeys')) {
      const reader = { language: language ?? 'en', timeZone: 'UTC' } as const;
      const { mails } = textsIn(reader.language);
      const { notices, which, ifYou, ifNotYou } = mails.apiKeys;
      const { subject, what } = notices[notice];
      const payload = composeMail({
        to: email,
        language: reader.language,
        subject: subject({ isv }),
        paragraphs: [
          what({ isv, at: exactTime(world.now(), reader) }),
          which({ name: key.name, id: key.id, scopes: key.scopes.join(', ') }),
          ifYou,
        ],
        after: [ifNotYou],
        signature: mails.signature({ isv, support }),
        contact: support,
      });
      await enqueue(trx, { kind: 'mail', tenantId: null, payload });
    }
  };

  return { keyMade: tell('made'), keyRevoked: tell('revoked'), linkRepeated: tell('linkRepeated') };
}

export type ApiKeyMails = ReturnType<typeof apiKeyMails>;
