import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { AccountMails } from './account-mails.js';
import type { Person } from './account-types.js';
import { oneTimeLinkStore } from './one-time-link-store.js';
import { newToken } from './secret-tokens.js';

const LIFETIME_MS = 24 * 3600_000;

type Dependencies = {
  world: Pick<World, 'now' | 'newId' | 'randomBytes'>;
  mails: Pick<AccountMails, 'link'>;
  publicUrl: string;
};

/**
 * Mails a link, valid for 24 hours, that proves an address: a new one, or that of an account made by a link that did not
 * come by mail. The transaction holds the person's lock.
 */
export const mailAddressLink =
  ({ world, mails, publicUrl }: Dependencies) =>
  async (trx: Knex, person: Person, kind: 'newAddress' | 'proveAddress', email: string): Promise<void> => {
    const now = world.now();
    const token = newToken(world);
    const expiresAt = new Date(now.getTime() + LIFETIME_MS);
    const id = world.newId();
    await oneTimeLinkStore(trx, 'address_change').replace({ id, token, personId: person.id, expiresAt, email }, now);
    const url = new URL(`/account/address-changes/${token}`, publicUrl).href;
    await mails.link(trx, kind, person, { id, to: email, url, expiresAt });
  };
