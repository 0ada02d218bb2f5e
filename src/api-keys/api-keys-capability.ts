import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { StaffService } from '../accounts/staff/staff-service.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { Knex } from '../platform/database/database.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import { apiKeyActs } from './api-key-acts.js';
import { apiKeyHoldings } from './api-key-holdings.js';
import { apiKeyCommands, apiKeyRuns } from './api-key-commands.js';
import { apiKeyMails } from './api-key-mails.js';
import { apiKeyRoutes } from './api-key-routes.js';
import { apiKeyService } from './api-key-service.js';
import { apiKeyStore } from './api-key-store.js';
import { authenticator } from './authenticate.js';
import { claimRoutes } from './claim-routes.js';

export const apiKeys: Declaration = { commands: apiKeyCommands, audit: apiKeyActs, holds: apiKeyHoldings };

type Given = {
  accounts: { staff: Pick<StaffService, 'list'>; inWeb: (web: WebRole) => AccountsInWeb };
  tenants: ReadTenants;
  people: ReadPeople;
};

/** The keys by which programs call the API. */
export function apiKeysCapability(foundation: Foundation, { accounts, tenants, people }: Given) {
  const { runtime, transaction, brand, enqueue, textsIn } = foundation;
  const { db, world, log } = runtime;
  const mails = apiKeyMails({ enqueue, brand, textsIn, people, world });
  const { PUBLIC_URL: publicUrl } = foundation.config;
  const service = apiKeyService({ db, transaction, world, publicUrl, tenants, mails });
  const staff = () => accounts.staff.list();
  return {
    service,
    /** The names of keys by id, of ended ones too. */
    namesOf: (ids: readonly string[]) => apiKeyStore(db).namesOf(ids),
    /** Runs in the transaction in which a clinic leaves. */
    endKeys: (trx: Knex, tenantId: string, at: Date) => apiKeyStore(trx).revokeAloneFor(tenantId, at),
    authenticate: authenticator({ db, world, log }),
    pages: (web) => {
      const router = apiKeyRoutes({ db, world, service, accounts: accounts.inWeb(web), staff, tenants });
      return {
        mounts: [
          { path: '/staff/api-keys', access: 'staff', router },
          { path: '/api-keys/claims', access: 'public', router: claimRoutes(service) },
        ],
      };
    },
    runs: apiKeyRuns({ service, staff, now: world.now }),
  } satisfies Capability & Record<string, unknown>;
}
