import type { Knex } from '../../platform/database/database.js';
import type { Logger } from '../../platform/log.js';
import type { Recorder } from '../../metrics/metrics.js';
import { SealingKeyMissingError, SealingOpenError } from '../../platform/sealing/sealing.js';
import type { World } from '../../platform/world.js';
import { checkQueue, type CheckRequest, type FailureReason, type LeaseOptions } from './check-queue.js';
import type { CheckRunner, Ran } from './check-runner.js';
import { failedForMs } from './schedule.js';

type Deps = {
  db: Knex;
  world: World;
  log: Logger;
  runner: Pick<CheckRunner, 'run'>;
  workerId: string;
  /** How long the lease of a claim lasts, in milliseconds; after a kill, another worker can then claim the request. */
  leaseMs: number;
  /** How many checks run in parallel. As many codes of sign-ins may be exchanged at the same time. */
  concurrency: number;
  /** Which checks share an auth budget of RingCentral; default: all of them, with a separate budget for each tenant. */
  waitingLists?: WaitingLists | undefined;
  /** Called when a claimed check has ended. */
  onCheck?: Recorder['check'];
};

export type WaitingLists = {
  /** One waiting list each: which requests are in it; undefined for all of them. */
  lists: readonly LeaseOptions['only'][];
  /** How long the budget needs for one call without a waiting person, in milliseconds; null if it is not shared. */
  paceMs: number | null;
};

/**
 * While the budget has no room for a waiting list, the worker pauses the list instead of trying its thousands of
 * requests.
 */
type WaitingList = { only: LeaseOptions['only']; restsUntil: number };

/** A longer pause can only come from a clock that was set in the meantime. */
const LONGEST_REST_MS = 60_000;

const reasonOf = (err: unknown): FailureReason =>
  err instanceof SealingKeyMissingError
    ? 'key_missing'
    : err instanceof SealingOpenError
      ? 'ciphertext_damaged'
      : 'defect';

/**
 * Claims due checks and runs them. `poke` looks for work immediately instead of in the next round, for requests made
 * in this process.
 */
export const checkWorker = (deps: Deps) => {
  const { db, world, log, onCheck = () => undefined } = deps;
  const queue = checkQueue(db, world);
  const running = new Set<Promise<void>>();
  /** Checks hold their slots while they wait, and the code of a sign-in expires in a minute: it has slots of its own. */
  const free = { code: deps.concurrency, other: deps.concurrency };
  const { lists, paceMs }: WaitingLists = deps.waitingLists ?? { lists: [undefined], paceMs: null };
  const waitingLists = lists.map((only): WaitingList => ({ only, restsUntil: 0 }));

  const restOf = ({ restsUntil }: WaitingList): number => {
    const ms = restsUntil - world.now().getTime();
    return ms > LONGEST_REST_MS ? 0 : Math.max(0, ms);
  };
  function rest(list: WaitingList, untilMs: number): void {
    list.restsUntil = Math.min(untilMs, world.now().getTime() + LONGEST_REST_MS);
  }

  /**
   * Claims codes first, then requests of people, then the most urgent request of each list that is not paused, as far
   * as there are free slots.
   */
  async function next(): Promise<{ request: CheckRequest; list: WaitingList | null } | undefined> {
    const priorities = [
      ...(free.code > 0 ? ['code' as const] : []),
      ...(free.other > 0 ? ['interactive' as const] : []),
    ];
    const person = await queue.lease(deps.workerId, deps.leaseMs, { priorities });
    if (person) return { request: person, list: null };
    if (free.other === 0) return undefined;
    for (const list of waitingLists.filter((one) => restOf(one) === 0)) {
      const of = { priorities: ['recovery', 'urgent', 'background'] as const, only: list.only };
      const request = await queue.lease(deps.workerId, deps.leaseMs, of);
      if (!request) continue;
      if (paceMs !== null) rest(list, world.now().getTime() + paceMs);
      return { request, list };
    }
    return undefined;
  }

  async function conclude(ran: Ran, request: CheckRequest, list: WaitingList | null): Promise<void> {
    if (ran === 'asked') return;
    if (ran === 'not_asked') {
      if (list) list.restsUntil = 0;
      return;
    }
    if (!list || paceMs === null) return queue.release(request, ran.noRoomBefore);
    rest(list, ran.noRoomBefore.getTime());
    await queue.release(request);
  }

  /** Renews the lease while the check runs. If the lease is lost, the check does not try to get it back. */
  async function make(request: CheckRequest, list: WaitingList | null): Promise<void> {
    const startedAt = world.now().getTime();
    const ended = (outcome: Parameters<Recorder['check']>[0]) =>
      onCheck(outcome, (world.now().getTime() - startedAt) / 1000);
    const done = new AbortController();
    const heart = (async () => {
      for (;;) {
        await world.wait(deps.leaseMs / 3, done.signal);
        if (done.signal.aborted || !(await queue.renewLease(request, deps.leaseMs))) return;
      }
    })().catch((err: unknown) => log.warn({ err }, 'could not renew a lease'));
    try {
      const ran = await deps.runner.run(request);
      await conclude(ran, request, list);
      ended(typeof ran === 'string' ? ran : 'no_room');
    } catch (err) {
      // A bug, a database error or a missing key: the request is retried at growing intervals and stays in the queue.
      ended('failed');
      const because = reasonOf(err);
      if (list) list.restsUntil = 0;
      const { id: checkRequestId, tenantId, failedClaims } = request;
      log.error({ err, checkRequestId, tenantId, because, failedClaims }, 'a check failed');
      const waitMs = failedForMs(failedClaims, because !== 'defect');
      await queue.fail(request, new Date(world.now().getTime() + waitMs), because).catch(() => undefined);
    } finally {
      done.abort();
      await heart;
    }
  }

  /** Starts due checks as far as there is room. Returns whether it started any. */
  async function startDue(onFinished: () => void): Promise<boolean> {
    let started = false;
    for (;;) {
      const leased = await next();
      if (!leased) break;
      started = true;
      const slot = leased.request.priority === 'code' ? 'code' : 'other';
      free[slot] -= 1;
      const work: Promise<void> = make(leased.request, leased.list).finally(() => {
        free[slot] += 1;
        running.delete(work);
        onFinished();
      });
      running.add(work);
    }
    return started;
  }

  return {
    startDue,
    /** Milliseconds until the next look, at most `usual`; less if the pause of a waiting list ends earlier. */
    nextLookMs: (usual: number): number => Math.min(usual, ...waitingLists.map(restOf).filter((ms) => ms > 0)),
    /** Resolves when the results of all running checks have been written. */
    idle: async (): Promise<void> => {
      while (running.size > 0) await Promise.all(running);
    },
  };
};
