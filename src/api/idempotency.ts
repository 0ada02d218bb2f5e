import { createHash } from 'node:crypto';
import type { ApiAnswer, ApiRequest } from '../app/capability.js';
import { Problem } from '../app/problem.js';
import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import { idempotencyStore, type RequestName } from './idempotency-store.js';

/** How long the answer to a repeated request stays the same. */
export const KEPT_MS = 24 * 3600_000;
/** A process that ends during a request leaves it claimed for so long. */
const LEASE_MS = 60_000;

/** Writes the answer in the transaction of what it says. */
export type Save = (trx: Knex, answer: ApiAnswer) => Promise<void>;
type Work = (save: Save) => Promise<ApiAnswer>;

/**
 * Makes a call that creates something safe to repeat with the same `Idempotency-Key`: the same key, call and body get
 * the first answer for 24 hours. What failed is not kept. Without the header the call just runs.
 */
export function idempotencyOf({ db, world }: { db: Knex; world: Pick<World, 'now' | 'newId'> }) {
  const requests = idempotencyStore(db);

  async function before(name: RequestName, bodyHash: string): Promise<ApiAnswer | undefined> {
    const now = world.now();
    await requests.forget(name, new Date(now.getTime() - KEPT_MS));
    const found = await requests.find(name);
    if (!found) return undefined;
    if (found.bodyHash !== bodyHash) throw new Problem(422, { cause: 'idempotency_key_reused' });
    if (found.answer !== null) return JSON.parse(found.answer) as ApiAnswer;
    if (found.leaseUntil > now) throw stillRunning(found.leaseUntil);
    return undefined;
  }

  return async ({ caller, body, idempotencyKey }: ApiRequest, route: string, work: Work): Promise<ApiAnswer> => {
    if (idempotencyKey === undefined) return work(() => Promise.resolve());
    const name = { keyId: caller.keyId, route, idempotencyKey };
    // The body as its schema read it: white space and the order of members do not count.
    const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
    const answered = await before(name, bodyHash);
    if (answered) return answered;
    const claim = { id: world.newId(), bodyHash, at: world.now() };
    const leaseUntil = new Date(claim.at.getTime() + LEASE_MS);
    if (!(await requests.claim(name, { ...claim, leaseUntil })))
      return (await before(name, bodyHash)) ?? Promise.reject(stillRunning(leaseUntil));
    try {
      return await work(async (trx, answer) => {
        const isOurs = await idempotencyStore(trx).finish(name, claim.id, JSON.stringify(answer));
        if (!isOurs) throw stillRunning(leaseUntil); // it took longer than its lease
      });
    } catch (error) {
      await requests.release(name, claim.id).catch(() => undefined); // the lease ends by itself
      throw error;
    }
  };
}

export type Idempotency = ReturnType<typeof idempotencyOf>;

const stillRunning = (retryAt: Date) =>
  new Problem(409, { cause: 'idempotency_key_in_use', fixOwner: 'nobody', retryable: true, retryAt });
