import { credentialReader } from '../../credentials/credential-service.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { keepsPaste, type Cause } from '../health/causes.js';
import { checkQueue } from '../checks/check-queue.js';
import { checkStore } from '../checks/check-store.js';
import type { CheckDetail } from '../health/check-types.js';

/** The result of one paste, whatever else happens to the connection. */
export type SubmissionOutcome =
  /** No answer yet. `slotAt`: when we can ask RingCentral, if it is not being asked already. */
  | { kind: 'checking'; slotAt: Date | null }
  /** RingCentral accepted it once, and a person may have to confirm its company; later events are not shown to the person who pasted it. */
  | { kind: 'accepted'; at: Date; isUnconfirmed: boolean }
  | ({ kind: 'refused' | 'inconclusive' } & Unproved)
  /** Someone pasted another JWT, or it was not proved in time. */
  | { kind: 'replaced' };

type Unproved = {
  cause: Cause;
  detail: CheckDetail;
  /** Whether the JWT is still stored and can be checked again. */
  kept: boolean;
  keptUntil: Date | null;
  expiresAt: Date | null;
  nextCheckAt: Date | null;
  checking: boolean;
};

type Deps = { db: Knex; world: World };

/** The same JWT may have been pasted before: only what was found since `at` counts. */
type Submitted = { credentialId: string; at: Date };

/** What became of pastes, outside a transaction (`of`) and inside one (`within`). */
export const submissionOutcomes = ({ db, world }: Deps) => ({
  of: (tenantId: string, submitted: Submitted): Promise<SubmissionOutcome> => outcomeIn(db, world, tenantId, submitted),
  within: (trx: Knex, tenantId: string, submitted: Submitted): Promise<SubmissionOutcome> =>
    outcomeIn(trx, world, tenantId, submitted),
});

export type SubmissionOutcomes = ReturnType<typeof submissionOutcomes>;

async function outcomeIn(
  handle: Knex,
  world: World,
  tenantId: string,
  { credentialId, at }: Submitted,
): Promise<SubmissionOutcome> {
  const checks = checkStore(handle).forTenant(tenantId);
  const accepted = await checks.firstAccepted(credentialId, at);
  const credential = (await credentialReader(handle).living(tenantId)).find(({ id }) => id === credentialId);
  if (accepted) {
    const isUnconfirmed = accepted.cause === 'not_confirmed' && credential?.status === 'pending';
    return { kind: 'accepted', at: accepted.finishedAt, isUnconfirmed };
  }
  const kept = credential !== undefined && credential.status !== 'retired';
  const last = await checks.newestOf(credentialId, at);
  const open = kept ? await checkQueue(handle, world).forTenant(tenantId).openFor(credentialId) : undefined;
  const checking = open !== undefined && open.dueAt <= world.now();
  if (!last?.cause) {
    if (!kept) return { kind: 'replaced' };
    return { kind: 'checking', slotAt: checking || !open ? null : open.dueAt };
  }
  if (!kept && (last.verdict !== 'refused' || keepsPaste(last.cause))) return { kind: 'replaced' };
  return {
    kind: last.verdict === 'refused' ? 'refused' : 'inconclusive',
    cause: last.cause,
    detail: last.detail,
    kept,
    keptUntil: credential?.keptUntil ?? null,
    expiresAt: credential?.expiresAt ?? null,
    nextCheckAt: open?.dueAt ?? null,
    checking,
  };
}
