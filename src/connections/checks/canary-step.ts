import type { Credential } from '../../credentials/credential-types.js';
import { auditStore } from '../../audit/audit-store.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import { iso, type Knex, type Transaction } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { CanaryResult, NegativeControl } from '../../ringcentral/clients/negative-control.js';
import type { CheckRequest } from './check-queue.js';
import { connectionStore } from '../health/connection-store.js';
import type { ConnectionWriter } from '../health/connection-writer.js';
import { nextHealth, type Verdict } from '../health/health.js';

/** Nobody waits longer for another app's answer when the first app's is there, in milliseconds. */
const MOST_DELAY_MS = 2000;

type Deps = {
  transaction: Transaction;
  world: World;
  credentials: Pick<CredentialKeeper, 'find' | 'recordCanary'>;
  writer: ConnectionWriter;
  /** null where no second app is configured. */
  canary: NegativeControl | null;
};

type Tried = Pick<Credential, 'id' | 'tenantId'>;

/** An answer that says nothing never takes the place of one that did; what was never sent is still to be tried. */
function canaryAfter(before: Credential['canary'], result: CanaryResult): NonNullable<Credential['canary']> {
  if (result.kind === 'refused' || result.kind === 'token') return result.kind;
  if (before === 'token' || before === 'refused') return before;
  return result.kind === 'no_slot' ? 'due' : 'inconclusive';
}

export const notYet: CanaryResult = { kind: 'no_slot' };

/** The warning that the stored evidence asks for. */
export const withCanary = (verdict: Verdict, canary: Credential['canary']): Verdict =>
  verdict.kind === 'accepted' && canary === 'token'
    ? { ...verdict, warnings: [...verdict.warnings, 'over_broad'] }
    : verdict;

/**
 * The negative control: a JWT that works is tried with another app of the ISV, once, when it is submitted; and again when
 * a person asks for a check while it stands as too broad, since nothing else could clear that.
 */
export const canaryStep = ({ transaction, world, credentials, writer, canary }: Deps) => {
  const isDue = (credential: Credential, environment: Environment, { trigger }: CheckRequest): boolean =>
    environment === 'production' &&
    (credential.status === 'pending'
      ? credential.canary === null || credential.canary === 'due'
      : credential.canary === 'due' || (credential.canary === 'token' && trigger === 'person'));

  /** Writes down what was found, in the transaction of whoever asks. @returns what stands from now on */
  async function record(trx: Knex, tried: Tried, result: CanaryResult): Promise<Credential['canary']> {
    const before = (await credentials.find(tried.tenantId, tried.id, trx))?.canary ?? null;
    const after = canaryAfter(before, result);
    await credentials.recordCanary(trx, tried.tenantId, tried.id, after);
    if (result.kind !== 'no_slot')
      await auditStore(trx, world).append({
        action: 'credential.canary_tried',
        actor: { kind: 'portal' },
        tenantId: tried.tenantId,
        target: tried.id,
        outcome: result.kind === 'inconclusive' ? 'inconclusive' : 'ok',
        detail: detailOf(result),
      });
    return after;
  }

  return {
    record,

    /** Begins to try. @returns null where it is not due */
    begin(
      credential: Credential,
      environment: Environment,
      request: CheckRequest,
      assertion: Secret,
    ): Promise<CanaryResult> | null {
      if (!canary || !isDue(credential, environment, request)) return null;
      // Whatever goes wrong here, the verdict is not held up by it.
      return canary({ assertion, tenantId: credential.tenantId, maxWaitMs: MOST_DELAY_MS }).catch(() => ({
        kind: 'inconclusive',
        cause: 'defect',
        codes: [],
      }));
    },

    /** The answer, if it comes soon enough to be told with the verdict; else it is still to come. */
    async soon(trying: Promise<CanaryResult>): Promise<CanaryResult> {
      const done = new AbortController();
      const late = world.wait(MOST_DELAY_MS, done.signal).then(() => notYet);
      return Promise.race([trying, late]).finally(() => {
        done.abort();
      });
    },

    /** The verdict is written already: the warning follows it. */
    recordLate: (tried: Tried, result: CanaryResult): Promise<void> =>
      transaction(async (trx) => {
        await lockFor(trx, 'tenant', tried.tenantId);
        const canaryNow = await record(trx, tried, result);
        const credential = await credentials.find(tried.tenantId, tried.id, trx);
        const connection = await connectionStore(trx).forTenant(tried.tenantId).find();
        if (canaryNow !== 'token' || credential?.status !== 'active' || !connection) return;
        const event = { kind: 'warned', warning: 'over_broad' } as const;
        await writer.save(trx, { ...connection, health: nextHealth(connection.health, event, iso(world.now())) });
      }),
  };
};

function detailOf(result: CanaryResult): Record<string, string | boolean> {
  if (result.kind === 'token') return { answer: 'token', revoked: result.revoked };
  if (result.kind === 'inconclusive') return { answer: result.cause, codes: result.codes.join(' ') };
  return { answer: result.kind };
}
