import type { CredentialReader } from '../credentials/credential-service.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { Tenant } from '../tenants/tenant-types.js';

const DAY_MS = 24 * 3_600_000;
/** In days from now; each part begins where the one before ends. */
export const expiryParts = [7, 30, 60] as const;
const MOST_NAMED = 5;

/** JWTs in use that end in the next 60 days: how many by part, and the first ones. */
export type Expiries = {
  parts: { withinDays: number; count: number }[];
  first: { tenant: Tenant; expiresAt: Date }[];
};

type Deps = {
  credentials: Pick<CredentialReader, 'expiringJwts'>;
  tenants: Pick<TenantService, 'withIds'>;
};

/** A JWT that ends exactly now has ended; one that ends in exactly 7 days is in the first part. */
export const readExpiries =
  ({ credentials, tenants }: Deps) =>
  async (now: Date): Promise<Expiries> => {
    const bounds = [0, ...expiryParts].map((days) => new Date(now.getTime() + days * DAY_MS));
    const { counts, first } = await credentials.expiringJwts(bounds, MOST_NAMED);
    const found = new Map((await tenants.withIds(first.map(({ tenantId }) => tenantId))).map((one) => [one.id, one]));
    return {
      parts: expiryParts.map((withinDays, index) => ({ withinDays, count: counts[index] ?? 0 })),
      first: first.flatMap(({ tenantId, expiresAt }) => {
        const tenant = found.get(tenantId);
        return tenant ? [{ tenant, expiresAt }] : [];
      }),
    };
  };
