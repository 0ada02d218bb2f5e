import type { accountsCapability } from '../accounts/accounts-capability.js';
import type { apiKeysCapability } from '../api-keys/api-keys-capability.js';
import type { SecretsRole } from '../app/capability.js';
import type { clinicFilesCapability } from '../clinic-files/clinic-files-capability.js';
import type { connectionsCapability } from '../connections/connections-capability.js';
import type { disconnectionCapability } from '../disconnection/disconnection-capability.js';
import type { offboardingCapability } from '../offboarding/offboarding-capability.js';
import type { tenantsCapability } from '../tenants/tenants-capability.js';
import type { tokensCapability } from '../tokens/tokens-capability.js';
import type { webhooksCapability } from '../webhooks/webhooks-capability.js';

type Made = {
  accounts: ReturnType<typeof accountsCapability>;
  tenants: ReturnType<typeof tenantsCapability>;
  clinicFiles: ReturnType<typeof clinicFilesCapability>;
  connections: ReturnType<typeof connectionsCapability>;
  disconnection: ReturnType<typeof disconnectionCapability>;
  offboarding: ReturnType<typeof offboardingCapability>;
  apiKeys: ReturnType<typeof apiKeysCapability>;
  webhooks: ReturnType<typeof webhooksCapability>;
  tokens: ReturnType<typeof tokensCapability>;
};

/** What commands, the demo and tests call without a page. */
export const servicesOf = ({ accounts, ...made }: Made, secrets: SecretsRole | null) => ({
  staff: accounts.staff,
  invitations: accounts.invitations,
  passwordResets: accounts.passwordResets,
  tenants: made.tenants.service,
  imports: made.clinicFiles.service,
  connections: made.connections.service,
  disconnection: made.disconnection.service,
  offboarding: made.offboarding.service,
  apiKeys: made.apiKeys.service,
  webhooks: made.webhooks.service,
  /** null in a process that opens no secrets */
  tokens: secrets && made.tokens.service(secrets),
});
