import { transactionOn, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { earliestGrant, forecastGrant, inOrder, waitsForAnswer, type BudgetCall } from './auth-budget-policy.js';
import type { BudgetWaiter } from './auth-budget-policy.js';
import { authBudgetStore } from './auth-budget-store.js';
import type { Budget, BudgetReader, Moment } from './auth-budget-reader.js';

/** The ids of the slots, the first marked as sent at `moment`. */
export type Grant = { kind: 'granted'; ids: string[]; moment: Moment };
export type GrantOrWait = Grant | { kind: 'wait'; until: Date };
type Queued = { kind: 'queued'; waiter: BudgetWaiter };

export type QueueOptions = {
  db: Knex;
  key: string;
  reader: BudgetReader;
  world: Pick<World, 'now' | 'newId' | 'wait'>;
  /** how long a call may be under way */
  callDeadlineMs: number;
};

/** The request; the caller first asked `ageMs` ago. */
export type BudgetRequest = Omit<BudgetWaiter, 'since'> & { ageMs: number };
/** `deadline` is a time of this process's clock, in milliseconds. */
type Waiting = {
  waiter: BudgetWaiter;
  deadline: number;
  resolve: (answer: GrantOrWait) => void;
  reject: (e: unknown) => void;
};

const HEARTBEAT_MS = 1000;
/** How often to look for the answer of another process's call. */
const ANSWER_POLL_MS = 100;
const CLEAN_EVERY_MS = 60_000;
const CLEAN_EVERY_CALLS = 200;

/**
 * The waiters of this process for one budget. A process grants slots only to its own waiters, and only to the first
 * waiter of all processes. Each request, and each grant with its mark as sent, is one transaction.
 */
export function createBudgetQueue({ db, key, reader, world, callDeadlineMs }: QueueOptions) {
  const transaction = transactionOn(db);
  const machineMs = () => world.now().getTime();
  const mine = new Map<string, Waiting>();
  let isPumping = false;
  let alarm = new AbortController();
  let isOpen = false;
  let isLearned = false;
  let cleanedAt = machineMs();
  let callsSinceCleaning = 0;

  /** Converts to the machine's clock, which callers use. */
  const waitFor = (milliseconds: number): GrantOrWait => ({
    kind: 'wait',
    until: new Date(machineMs() + milliseconds),
  });

  async function grant(budget: Budget, waiter: BudgetWaiter, isWaiting: boolean): Promise<Grant> {
    const { store, moment, at } = budget;
    const answeredBy = at + callDeadlineMs + HEARTBEAT_MS;
    await store.markSent(waiter, at, answeredBy, isWaiting);
    const ids = [waiter.id];
    // Further slots are reserved for as long as the first call may take.
    for (let slot = 1; slot < waiter.slots; slot += 1) {
      ids.push(world.newId());
      await store.reserve({ ...waiter, id: ids[slot] ?? '' }, at, answeredBy);
    }
    await cleanSometimes(budget);
    return { kind: 'granted', ids, moment };
  }

  async function cleanSometimes({ store, windowMs, at }: Budget): Promise<void> {
    callsSinceCleaning += 1;
    if (callsSinceCleaning < CLEAN_EVERY_CALLS && machineMs() < cleanedAt + CLEAN_EVERY_MS) return;
    callsSinceCleaning = 0;
    cleanedAt = machineMs();
    await store.clean(at - 2 * windowMs);
  }

  function callsAfter(calls: readonly BudgetCall[], waiter: BudgetWaiter, at: number): BudgetCall[] {
    const { lane, tenantId } = waiter;
    const sent = { lane, tenantId, sentAt: at, until: at + callDeadlineMs + HEARTBEAT_MS };
    return [...Array.from({ length: waiter.slots }, () => sent), ...calls];
  }

  /** Looks once for all waiters of this process: records that they are alive, grants, and returns when to look next. */
  async function look(): Promise<{ answers: [string, GrantOrWait][]; againMs: number }> {
    return transaction(async (trx) => {
      const budget = await read(trx);
      const { store, at } = budget;
      const looked = machineMs();
      let { state } = budget;
      // Our waiters count even if this process was too slow to record that they are alive.
      let waiters = [...budget.waiters.filter(({ id }) => !mine.has(id)), ...[...mine.values()].map((w) => w.waiter)];
      const answers: [string, GrantOrWait][] = [];
      let againMs = HEARTBEAT_MS;
      for (let first = inOrder(waiters, state.calls)[0]; first && mine.has(first.id);) {
        const granted = first;
        const grantAt = earliestGrant(state, granted.lane, granted.slots, at);
        if (grantAt > at) {
          const isNear = waitsForAnswer(state, granted.lane, granted.slots, at);
          againMs = Math.min(againMs, isNear ? ANSWER_POLL_MS : grantAt - at);
          break;
        }
        answers.push([granted.id, await grant(budget, granted, true)]);
        state = { ...state, calls: callsAfter(state.calls, granted, at) };
        waiters = waiters.filter((waiter) => waiter !== granted);
        first = inOrder(waiters, state.calls)[0];
      }
      const granted = new Set(answers.map(([id]) => id));
      const late = [...mine.values()].filter((w) => w.deadline <= looked && !granted.has(w.waiter.id));
      for (const { waiter } of late)
        answers.push([waiter.id, waitFor(forecastGrant(state, waiters, waiter.id, at) - at)]);
      await store.remove(late.map(({ waiter }) => waiter.id));
      const gone = new Set(answers.map(([id]) => id));
      await store.seen(
        [...mine.keys()].filter((id) => !gone.has(id)),
        at,
      );
      const left = [...mine.values()].filter((w) => !gone.has(w.waiter.id)).map((w) => w.deadline - looked);
      return { answers, againMs: Math.min(againMs, ...left) };
    });
  }

  async function pump(): Promise<void> {
    if (isPumping) return;
    isPumping = true;
    try {
      while (mine.size > 0) {
        alarm = new AbortController();
        const { answers, againMs } = await look();
        for (const [id, answer] of answers) {
          mine.get(id)?.resolve(answer);
          mine.delete(id);
        }
        if (mine.size > 0) await world.wait(Math.max(1, againMs), alarm.signal);
      }
    } catch (error) {
      for (const waiting of mine.values()) waiting.reject(error);
      mine.clear();
    } finally {
      isPumping = false;
    }
  }

  async function open(): Promise<void> {
    if (isOpen) return;
    await authBudgetStore(db, key).open();
    isOpen = true;
  }

  async function read(trx: Knex) {
    const budget = await reader.read(trx);
    isLearned = budget.stored.learned !== null;
    return budget;
  }

  return {
    /** Grants immediately, or adds the caller to the queue, or says when to ask again. */
    async ask({ ageMs, ...request }: BudgetRequest, maxWaitMs: number): Promise<GrantOrWait | Queued> {
      await open();
      return transaction(async (trx) => {
        const budget = await read(trx);
        const { at } = budget;
        const waiter: BudgetWaiter = { ...request, since: Math.floor(at - ageMs) };
        const waiters = [...budget.waiters, waiter];
        const isFirst = inOrder(waiters, budget.state.calls)[0] === waiter;
        if (isFirst && earliestGrant(budget.state, waiter.lane, waiter.slots, at) <= at)
          return grant(budget, waiter, false);
        const waitMs = forecastGrant(budget.state, waiters, waiter.id, at) - at;
        if (waitMs > maxWaitMs) return waitFor(waitMs);
        await budget.store.addWaiter(waiter, waiter.slots, at);
        return { kind: 'queued', waiter };
      });
    },

    wait(waiter: BudgetWaiter, maxWaitMs: number, signal: AbortSignal | undefined): Promise<GrantOrWait> {
      const deadline = machineMs() + maxWaitMs;
      const giveUp = () => {
        const waiting = mine.get(waiter.id);
        if (waiting) waiting.deadline = -Infinity;
        alarm.abort();
      };
      return new Promise<GrantOrWait>((resolve, reject) => {
        mine.set(waiter.id, { waiter, deadline, resolve, reject });
        if (signal?.aborted) giveUp();
        signal?.addEventListener('abort', giveUp);
        alarm.abort();
        void pump();
      }).finally(() => signal?.removeEventListener('abort', giveUp));
    },

    /** Looks now instead of at the next heartbeat, because something has changed in this process. */
    wake: () => alarm.abort(),

    /** Whether a limit that RingCentral named was in force at our last look. */
    hasLearned: () => isLearned,
  };
}

export type BudgetQueue = ReturnType<typeof createBudgetQueue>;
