import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { StaffService } from '../accounts/staff/staff-service.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import { apiKeyActs } from './api-key-acts.js';
import { apiKeyCommands, apiKeyRuns } from './api-key-commands.js';
import { apiKeyMails } from './api-key-mails.js';
import { apiKeyService } from './api-key-service.js';
import { authenticator } from './authenticate.js';

export const apiKeys: Declaration = { commands: apiKeyCommands, audit: apiKeyActs };

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
  return {
    service,
    authenticate: authenticator({ db, world, log }),
    runs: apiKeyRuns({ service, staff: () => accounts.staff.list(), now: world.now }),
  } satisfies Capability & Record<string, unknown>;
}
