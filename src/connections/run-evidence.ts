import { credentialReader } from '../credentials/credential-service.js';
import type { Credential } from '../credentials/credential-types.js';
import type { Knex } from '../platform/database/database.js';
import { isEnvironment, type Environment } from '../ringcentral/environments.js';
import type { CheckParts } from './checks/check-parts.js';
import { checkQueue } from './checks/check-queue.js';
import { connectionStore } from './health/connection-store.js';
import type { Health, ShownState } from './health/health.js';
import { incidentStore } from './health/incident-store.js';

/** What is known of one clinic before a run. `active`: the credential in use. */
export type ClinicEvidence = {
  tenantId: string;
  health: Health;
  checkedAt: Date | null;
  active: Pick<Credential, 'id' | 'expiresAt' | 'method'> | null;
};

type Page = {
  limit: number;
  after?: string | undefined;
  /** Only these tenants. */
  among?: readonly string[] | undefined;
  /** Only the clinics that may not work at that time. */
  inDoubtAt?: Date | undefined;
};

/** Credentials that expire before one run; the list for a run names those that expire first. */
const MOST_EXPIRING = 5000;

/** States of clinics that a run may get a token for. */
const workingStates: readonly ShownState[] = ['healthy', 'warning', 'unverified'];

type Parts = Pick<CheckParts, 'db' | 'world' | 'checkEveryMs' | 'poke'>;

/** What a preflight reads of connections, and the checks that it plans. */
export const runEvidence = ({ db, world, checkEveryMs, poke }: Parts) => ({
  /** In the order of the tenants' ids; a keyset page. */
  async page({ limit, after, among, inDoubtAt }: Page): Promise<ClinicEvidence[]> {
    const credentials = credentialReader(db);
    const found = await connectionStore(db).inOrder(limit, {
      after,
      among,
      inDoubtAt: inDoubtAt && { at: inDoubtAt, tenants: await credentials.expiringBy(inDoubtAt, MOST_EXPIRING) },
    });
    const active = await credentials.activeOf(found.map(({ tenantId }) => tenantId));
    const activeOf = new Map(active.map((credential) => [credential.tenantId, credential]));
    return found.map(({ tenantId, health, checkedAt }) => ({
      tenantId,
      health,
      checkedAt,
      active: activeOf.get(tenantId) ?? null,
    }));
  },

  /** How often evidence is renewed, in milliseconds. */
  intervalMs: (): Promise<number> => checkEveryMs(db),

  /** The number of all clinics, and of those whose credential works as far as is known. */
  async counts(): Promise<{ all: number; working: number }> {
    const counts = await connectionStore(db).counts();
    const sum = (of: typeof counts) => of.reduce((total, { count }) => total + count, 0);
    return { all: sum(counts), working: sum(counts.filter(({ state }) => workingStates.includes(state))) };
  },

  /** How many of these clinics have a credential that works as far as is known. */
  async workingAmong(tenantIds: readonly string[]): Promise<number> {
    const connections = await connectionStore(db).ofTenants([...tenantIds]);
    return [...connections.values()].filter(({ known }) => known && workingStates.includes(known.state)).length;
  },

  /** The environments in which RingCentral rejects our app for JWTs. */
  async rejectedApps(): Promise<Set<Environment>> {
    const open = await incidentStore(db).openOfPortal();
    return new Set(
      open.flatMap(({ kind, subject }) =>
        (kind === 'app' || kind === 'scope') && isEnvironment(subject) ? [subject] : [],
      ),
    );
  },

  /** Plans the check of a clinic for a run, in a transaction. @returns whether anything changed */
  plan: (trx: Knex, tenantId: string, credentialId: string, at: Date, by: Date): Promise<boolean> =>
    checkQueue(trx, world).forTenant(tenantId).planFor(credentialId, at, by),

  /** Tells the worker of this process that checks may be due. */
  poke,
});

export type RunEvidenceReader = ReturnType<typeof runEvidence>;
