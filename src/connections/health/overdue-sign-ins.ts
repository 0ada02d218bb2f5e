import { credentialReader } from '../../credentials/credential-service.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { Environment } from '../../ringcentral/environments.js';
import { renewalReader, type OverdueRenewal } from '../../tokens/refresh/renewals.js';
import type { IncidentNotices } from './connection-notices.js';
import { connectionStore } from './connection-store.js';
import { serves } from './health.js';

const AT_ONCE = 500;

/** The client ID of the app with which people sign in; null if none is configured. */
export type SignInClientId = (environment: Environment) => string | null;

/** What pages say of a sign-in that is not renewed. `canSignIn`: signing in again would help, as far as we know. */
export type ShownRenewal = Pick<OverdueRenewal, 'renewedAt' | 'endsAt'> & { canSignIn: boolean };

/**
 * The sign-ins in use whose renewals have failed for days, of all clinics. A clinic whose credential RingCentral refuses
 * is not among them: it has been told.
 */
export async function overdueSignIns(db: Knex, now: Date): Promise<OverdueRenewal[]> {
  const overdue: OverdueRenewal[] = [];
  for await (const page of renewalReader(db).overdue(now, AT_ONCE)) {
    const tenantIds = page.map(({ tenantId }) => tenantId);
    const connections = await connectionStore(db).ofTenants(tenantIds);
    const inUse = new Set((await credentialReader(db).activeOf(tenantIds)).map(({ id }) => id));
    const isServing = (tenantId: string) => {
      const connection = connections.get(tenantId);
      return connection !== undefined && serves(connection.health);
    };
    overdue.push(...page.filter((one) => inUse.has(one.credentialId) && isServing(one.tenantId)));
  }
  return overdue;
}

/** After a long stop the worker renews sign-ins by itself: what it has renewed within this time is not told. */
const RENEWED_SOON_MS = 3_600_000;

/**
 * @returns a function that finds the environments with overdue sign-ins; `for_long` once this process has found some in
 *   that environment for an hour
 */
export function overdueWatch({ db, world }: { db: Knex; world: Pick<World, 'now'> }, find = overdueSignIns) {
  let since = new Map<Environment, Date>();
  return async (): Promise<ReadonlyMap<Environment, 'just_now' | 'for_long'>> => {
    const now = world.now();
    const overdue = await find(db, now);
    since = new Map(overdue.map(({ environment }) => [environment, since.get(environment) ?? now]));
    const ageMs = (from: Date) => now.getTime() - from.getTime();
    return new Map([...since].map(([of, from]) => [of, ageMs(from) >= RENEWED_SOON_MS ? 'for_long' : 'just_now']));
  };
}

export type OverdueWatch = ReturnType<typeof overdueWatch>;

/** @returns null if the sign-in is renewed in time, or the credential is no sign-in */
export async function shownRenewal(
  db: Knex,
  credential: { tenantId: string; id: string },
  signInClientId: SignInClientId,
  now: Date,
): Promise<ShownRenewal | null> {
  const renewals = renewalReader(db);
  const overdue = await renewals.find(credential.tenantId, credential.id, now);
  if (!overdue) return null;
  const { renewedAt, endsAt } = overdue;
  return { renewedAt, endsAt, canSignIn: await renewals.canSignIn(overdue, signInClientId, now) };
}

type Deps = { world: Pick<World, 'now'>; signInClientId: SignInClientId; notices: Pick<IncidentNotices, 'signInEnds'> };

/**
 * @returns a function for the transaction of a check without a clear answer: tells the clinic, once, that its sign-in
 *   ends soon, if signing in again would help
 */
export const signInWarnings =
  ({ world, signInClientId, notices }: Deps) =>
  async (trx: Knex, tenantId: string, credentialId: string): Promise<void> => {
    const renewals = renewalReader(trx);
    const now = world.now();
    const overdue = await renewals.find(tenantId, credentialId, now);
    if (!overdue?.isUrgent || overdue.endsAt <= now || !(await renewals.canSignIn(overdue, signInClientId, now)))
      return;
    await notices.signInEnds(trx, aboutSignIn(overdue), tenantId);
  };

/** What a notice about the end of a sign-in is about. It is outdated once the sign-in is renewed. */
export const aboutSignIn = ({ credentialId, renewedAt }: Pick<OverdueRenewal, 'credentialId' | 'renewedAt'>): string =>
  `${credentialId}:${renewedAt.toISOString()}`;
