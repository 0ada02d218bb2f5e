import type { Knex } from '../../platform/database/database.js';
import type { Logger } from '../../platform/log.js';
import { SealingKeyMissingError, SealingOpenError } from '../../platform/sealing/sealing.js';
import type { World } from '../../platform/world.js';
import { checkQueue, type CheckRequest, type FailureReason } from './check-queue.js';
import type { CheckRunner, Ran } from './check-runner.js';
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
  /** Which checks share a budget of RingCentral's; default all of them, and the budget is each tenant's own. */
  lines?: Lines | undefined;
};

export type Lines = {
  /** One line for each: a query for the ids of its tenants, or undefined for all there are. */
  tenants: readonly (() => Knex.QueryBuilder | undefined)[];
  /** How long the budget takes for one call that no person waits for, in milliseconds; null where it is not shared. */
  paceMs: number | null;
};

/** While the budget has no room for a line there is no use in trying the thousands who stand in it one after another. */
type Line = { tenants: Lines['tenants'][number]; restsUntil: number };

/** A line that rests for longer than this was put to rest by a clock that has been set since. */
const LONGEST_REST_MS = 60_000;

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
  const { tenants, paceMs }: Lines = deps.lines ?? { tenants: [() => undefined], paceMs: null };
  const lines = tenants.map((ofLine): Line => ({ tenants: ofLine, restsUntil: 0 }));

  const restOf = ({ restsUntil }: Line): number => {
    const ms = restsUntil - world.now().getTime();
    return ms > LONGEST_REST_MS ? 0 : Math.max(0, ms);
  };
  function rest(line: Line, untilMs: number): void {
    line.restsUntil = Math.min(untilMs, world.now().getTime() + LONGEST_REST_MS);
  }

  /** People first; then, of each line that does not rest, what has stood in it longest. */
  async function next(): Promise<{ request: CheckRequest; line: Line | null } | undefined> {
    const person = await queue.claim(deps.workerId, deps.leaseMs, { lanes: ['interactive'] });
    if (person) return { request: person, line: null };
    for (const line of lines.filter((one) => restOf(one) === 0)) {
      const of = { lanes: ['urgent', 'background'] as const, tenants: line.tenants() };
      const request = await queue.claim(deps.workerId, deps.leaseMs, of);
      if (!request) continue;
      if (paceMs !== null) rest(line, world.now().getTime() + paceMs);
      return { request, line };
    }
    return undefined;
  }

  async function conclude(ran: Ran, request: CheckRequest, line: Line | null): Promise<void> {
    if (ran === 'asked') return;
    if (ran === 'not_asked') {
      if (line) line.restsUntil = 0;
      return;
    }
    if (!line || paceMs === null) return queue.postpone(request, ran.noRoomBefore);
    rest(line, ran.noRoomBefore.getTime());
    await queue.release(request);
  }

  /** Renews the lease while the check runs; a lease that was lost is not fought for. */
  async function make(request: CheckRequest, line: Line | null): Promise<void> {
    const done = new AbortController();
    const heart = (async () => {
      for (;;) {
        await world.wait(deps.leaseMs / 3, done.signal);
        if (done.signal.aborted || !(await queue.extendLease(request, deps.leaseMs))) return;
      }
    })().catch((err: unknown) => log.warn({ err }, 'a lease was not renewed'));
    try {
      await conclude(await deps.runner.run(request), request, line);
    } catch (err) {
      // A defect, a database error, a key that is gone: tried again ever more rarely, and the row is not lost.
      const because = reasonOf(err);
      if (line) line.restsUntil = 0;
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
      const claimed = await next();
      if (!claimed) break;
      started = true;
      const work: Promise<void> = make(claimed.request, claimed.line).finally(() => {
        running.delete(work);
        onFinished();
      });
      running.add(work);
    }
    return started;
  }

  return {
    turn,
    /** In how many milliseconds to take the next turn, `usual` at the most: a line may have rested by then. */
    nextTurnMs: (usual: number): number => Math.min(usual, ...lines.map(restOf).filter((ms) => ms > 0)),
    /** Resolves when every check under way is written down. */
    idle: async (): Promise<void> => {
      while (running.size > 0) await Promise.all(running);
    },
  };
};

export type CheckWorker = ReturnType<typeof checkWorker>;
