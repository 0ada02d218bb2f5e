import type { Knex } from '../../platform/database/database.js';
import type { Environment } from '../../ringcentral/environments.js';
import { refreshTokenStore } from './refresh-token-store.js';
import type { RefreshToken } from './refresh-token-types.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A sign-in is renewed every day, so after this time a renewal has failed or was not made. */
const LATE_MS = 25 * HOUR_MS;
/** Staff are told this long before the end: they can act even if RingCentral is out of reach for everyone. */
const STAFF_TOLD_MS = 4 * DAY_MS;
/** A clinic is told later, because most outages end without its help. */
const CLINIC_TOLD_MS = 2 * DAY_MS;

/** A sign-in whose renewals have failed for so long that RingCentral may end it. */
export type OverdueRenewal = Pick<RefreshToken, 'tenantId' | 'credentialId' | 'clientId' | 'environment'> & {
  /** When RingCentral last gave a refresh token. */
  renewedAt: Date;
  /** When RingCentral ends the sign-in unless it is renewed before, by what it said. */
  endsAt: Date;
  /** Whether the end is so near that the clinic should act, if it can. */
  isUrgent: boolean;
};

/** @returns null if the sign-in is renewed in time */
export function overdueRenewal(token: RefreshToken, now: Date): OverdueRenewal | null {
  const { tenantId, credentialId, clientId, environment, obtainedAt: renewedAt, idleSeconds } = token;
  const idleEnd = idleSeconds === null ? Infinity : renewedAt.getTime() + idleSeconds * 1000;
  const end = Math.min(token.endsAt.getTime(), idleEnd);
  const isDue = (beforeMs: number) => now.getTime() >= Math.max(end - beforeMs, renewedAt.getTime() + LATE_MS);
  if (!isDue(STAFF_TOLD_MS)) return null;
  const of = { tenantId, credentialId, clientId, environment, renewedAt };
  return { ...of, endsAt: new Date(end), isUrgent: isDue(CLINIC_TOLD_MS) };
}

/** What connections read of the renewals of sign-ins. */
export const renewalReader = (db: Knex) => {
  const store = refreshTokenStore(db);
  return {
    /** @returns null if this credential is renewed in time, or has no refresh token */
    async find(tenantId: string, credentialId: string, now: Date): Promise<OverdueRenewal | null> {
      const token = await store.forTenant(tenantId).find(credentialId);
      return token ? overdueRenewal(token, now) : null;
    },

    /** All that are overdue, of all tenants, in pages of at most `limit`. */
    async *overdue(now: Date, limit: number): AsyncGenerator<OverdueRenewal[]> {
      let page: RefreshToken[];
      let after: RefreshToken | undefined;
      do {
        page = await store.obtainedBy(new Date(now.getTime() - LATE_MS), limit, after);
        yield page.flatMap((token) => overdueRenewal(token, now) ?? []);
        after = page.at(-1);
      } while (page.length === limit);
    },

    /**
     * Whether signing in again would help, as far as we know: another app obtained the refresh token than the one that
     * is configured now, or RingCentral has given this app a refresh token within the last day.
     */
    async canSignIn(
      { clientId, environment }: Pick<OverdueRenewal, 'clientId' | 'environment'>,
      appFor: (environment: Environment) => string | null,
      now: Date,
    ): Promise<boolean> {
      const ours = appFor(environment);
      if (ours === null || ours !== clientId) return ours !== null;
      const newest = await store.newestOf(environment, ours);
      return newest !== null && now.getTime() - newest.getTime() <= DAY_MS;
    },
  };
};
