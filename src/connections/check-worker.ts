import type { Knex } from '../platform/database.js';
import type { Logger } from '../platform/log.js';
import { SealingKeyMissingError, SealingOpenError } from '../platform/sealing.js';
import type { World } from '../platform/world.js';
import { checkQueue, type CheckRequest, type FailureReason } from './check-queue.js';
import type { CheckRunner } from './check-runner.js';
import { failedForMs } from './schedule.js';

type Deps = {
  db: Knex;
  world: World;
  log: Logger;
  runner: Pick<CheckRunner, 'run'>;
  workerId: string;
  /** How long a killed worker's claim stands before another may take it, in milliseconds. */
  leaseMs: number;
  /** How many checks are made at once. */
  concurrency: number;
};

const reasonOf = (err: unknown): FailureReason =>
  err instanceof SealingKeyMissingError
    ? 'key_missing'
    : err instanceof SealingOpenError
      ? 'ciphertext_damaged'
      : 'defect';

/**
 * Takes due checks from the queue and makes them. `poke` looks at once instead of at the next turn: for requests made
 * in this very process.
 */
export const checkWorker = (deps: Deps) => {
  const { db, world, log } = deps;
  const queue = checkQueue(db, world);
  const running = new Set<Promise<void>>();

  /** Renews the lease while the check runs; a lease that was lost is not fought for. */
  async function make(request: CheckRequest): Promise<void> {
    const done = new AbortController();
    const heart = (async () => {
      for (;;) {
        await world.wait(deps.leaseMs / 3, done.signal);
        if (done.signal.aborted || !(await queue.extendLease(request, deps.leaseMs))) return;
      }
    })().catch((err: unknown) => log.warn({ err }, 'a lease was not renewed'));
    try {
      await deps.runner.run(request);
    } catch (err) {
      // A defect, a database error, a key that is gone: tried again ever more rarely, and the row is not lost.
      const because = reasonOf(err);
      const told = { checkRequestId: request.id, tenantId: request.tenantId, because, failures: request.failures };
      log.error({ err, ...told }, 'a check could not be made');
      const waitMs = failedForMs(request.failures, because !== 'defect');
      await queue.fail(request, new Date(world.now().getTime() + waitMs), because).catch(() => undefined);
    } finally {
      done.abort();
      await heart;
    }
  }

  /** Starts what is due, as far as there is room. Answers whether it started anything. */
  async function turn(onFinished: () => void): Promise<boolean> {
    let started = false;
    while (running.size < deps.concurrency) {
      const request = await queue.claim(deps.workerId, deps.leaseMs);
      if (!request) break;
      started = true;
      const work: Promise<void> = make(request).finally(() => {
        running.delete(work);
        onFinished();
      });
      running.add(work);
    }
    return started;
  }

  return {
    turn,
    /** Resolves when every check under way is written down. */
    idle: async (): Promise<void> => {
      while (running.size > 0) await Promise.all(running);
    },
  };
};

export type CheckWorker = ReturnType<typeof checkWorker>;
