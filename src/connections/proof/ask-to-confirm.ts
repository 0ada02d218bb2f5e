import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { IncidentNotices } from '../health/connection-notices.js';
import { unconfirmedAccounts, type UnconfirmedAccount } from './confirmed-account-store.js';

/** Who pasted is probably still on the page; the mail is for those who went away. */
const MAIL_AFTER_MS = 3_600_000;

type Found = {
  tenantId: string;
  credentialId: string;
  unconfirmed: Omit<UnconfirmedAccount, 'credentialId' | 'provedAt'> | null;
  byColleague: boolean;
};

type Deps = { world: Pick<World, 'now'>; notices: Pick<IncidentNotices, 'notConfirmed'> };

/** @returns a function for the transaction of a check: keeps what it found of an account, and asks the clinic about it */
export const askToConfirm =
  ({ world, notices }: Deps) =>
  async (trx: Knex, { tenantId, credentialId, unconfirmed, byColleague }: Found): Promise<void> => {
    if (!unconfirmed) return;
    const now = world.now();
    await unconfirmedAccounts(trx)
      .forTenant(tenantId)
      .save({ ...unconfirmed, credentialId, provedAt: now });
    // A colleague with a link does not see the company, so a member is asked at once.
    const notBefore = byColleague ? now : new Date(now.getTime() + MAIL_AFTER_MS);
    await notices.notConfirmed(trx, credentialId, tenantId, notBefore);
  };
