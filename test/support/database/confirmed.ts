import type { IncomingMessage, RequestListener } from 'node:http';
import { confirmedAccounts } from '../../../src/connections/proof/confirmed-account-store.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';

/** These accounts count as confirmed by these tenants, as if a person had said so before. */
export const countAsConfirmed = (
  db: Knex,
  tenantIds: readonly string[],
  accountIds: Iterable<string>,
  at = new Date(),
): Promise<void> =>
  transactionOn(db)(async (trx) => {
    for (const tenantId of tenantIds)
      for (const accountId of accountIds) await confirmedAccounts(trx).forTenant(tenantId).add(accountId, null, at);
  });

type Accounts = ReadonlyMap<string, unknown>;

/** @returns a function after which every account counts as confirmed by every tenant, except those that answer themselves */
export function confirmer(db: Knex, accounts: Accounts, answerThemselves: ReadonlySet<string>): () => Promise<void> {
  const done = new Set<string>();
  return async () => {
    const ids = (await db('tenants').pluck('id')) as string[];
    for (const tenantId of ids) {
      if (answerThemselves.has(tenantId)) continue;
      const missing = [...accounts.keys()].filter((id) => !done.has(`${tenantId} ${id}`));
      if (missing.length > 0) await countAsConfirmed(db, [tenantId], missing);
      for (const id of missing) done.add(`${tenantId} ${id}`);
    }
  };
}

/** Most tests are about something else than the confirmation: their clinics have answered before they connect. */
export const confirmingFirst =
  (app: RequestListener, confirmAll: () => Promise<void>): RequestListener =>
  (req, res) => {
    if (!connects(req)) {
      app(req, res);
      return;
    }
    const goOn = () => app(req, res); // also if the database fails: then the portal says so
    void confirmAll().then(goOn, goOn);
  };

const connects = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'POST' && /\/credentials(\?|$)/.test(url)) || /^\/oauth\/callback\?/.test(url);
