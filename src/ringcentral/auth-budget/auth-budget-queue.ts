import { transactionOn, type Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { BudgetWait } from '../catalogue/outcome.js';
import { earliestGrant, forecastGrant, inOrder, waitsForAnswer, type BudgetWaiter } from './auth-budget-policy.js';
import { keptPlaces } from './auth-budget-places.js';
import { authBudgetStore } from './auth-budget-store.js';
import type { Budget, BudgetReader, Moment } from './auth-budget-reader.js';

/** The call `id` is marked as sent at `moment`. */
type GrantOrWait = { kind: 'granted'; id: string; moment: Moment } | BudgetWait;

type QueueOptions = {
  db: Knex;
  key: string;
  reader: BudgetReader;
  world: Pick<World, 'now' | 'wait'>;
  /** how long a call may be under way */
  callDeadlineMs: number;
};

/** The request; the caller first asked `ageMs` ago. */
type BudgetRequest = Omit<BudgetWaiter, 'since'> & { ageMs: number; keepsPlace: boolean };
/** `deadline` is a time of this process's clock, in milliseconds. */
type Waiting = {
  waiter: BudgetWaiter;
  keepsPlace: boolean;
  deadline: number;
  resolve: (answer: GrantOrWait) => void;
  reject: (e: unknown) => void;
};

const HEARTBEAT_MS = 1000;
/** How often to look for the answer of another process's call. */
const ANSWER_POLL_MS = 100;
const CLEAN_EVERY_CALLS = 20;

/**
 * The waiters of this process for one budget. A process grants only calls of its own waiters, and only that of the
 * first waiter of all processes. Each request, and each grant with its mark as sent, is one transaction.
 */
export function createBudgetQueue({ db, key, reader, world, callDeadlineMs }: QueueOptions) {
  const transaction = transactionOn(db);
  const machineMs = () => world.now().getTime();
  const mine = new Map<string, Waiting>();
  let isPumping = false;
  let alarm = new AbortController();
  let isOpen = false;
  let isLearned = false;
  let granted = 0;

  /** Converts to the machine's clock, which callers use. */
  const waitFor = (waitMs: number): BudgetWait => ({ kind: 'wait', until: new Date(machineMs() + waitMs) });

  async function grant({ store, moment, at, windowMs }: Budget, waiter: BudgetWaiter): Promise<GrantOrWait> {
    await store.markSent(waiter, at, at + callDeadlineMs + HEARTBEAT_MS);
    granted += 1;
    if (granted % CLEAN_EVERY_CALLS === 0) await store.clean(at - 2 * windowMs);
    return { kind: 'granted', id: waiter.id, moment };
  }

  /** Looks once for all waiters of this process: records that they are alive, grants, and returns when to look next. */
  async function look(): Promise<{ answers: Map<string, GrantOrWait>; againMs: number }> {
    return transaction(async (trx) => {
      const budget = await read(trx);
      const { store, at } = budget;
      const looked = machineMs();
      let { state } = budget;
      // Our waiters count even if this process was too slow to record that they are alive.
      let waiters = [...budget.waiters.filter(({ id }) => !mine.has(id)), ...[...mine.values()].map((w) => w.waiter)];
      const answers = new Map<string, GrantOrWait>();
      let againMs = HEARTBEAT_MS;
      for (let first = inOrder(waiters, state.calls)[0]; first && mine.has(first.id);) {
        const { id, lane, tenantId } = first;
        const grantAt = earliestGrant(state, lane, at);
        if (grantAt > at) {
          againMs = Math.min(againMs, waitsForAnswer(state, lane, at) ? ANSWER_POLL_MS : grantAt - at);
          break;
        }
        answers.set(id, await grant(budget, first));
        const sent = { lane, tenantId, sentAt: at, until: at + callDeadlineMs + HEARTBEAT_MS };
        state = { ...state, calls: [sent, ...state.calls] };
        waiters = waiters.filter((waiter) => waiter.id !== id);
        first = inOrder(waiters, state.calls)[0];
      }
      const late = [...mine.values()].filter((w) => w.deadline <= looked && !answers.has(w.waiter.id));
      const places = keptPlaces(store, state, at);
      for (const { waiter, keepsPlace } of late) {
        const grantAt = forecastGrant(state, waiters, waiter.id, at) + (await places.ahead(waiter)).ms;
        if (keepsPlace) await places.keep(waiter, grantAt);
        answers.set(waiter.id, waitFor(grantAt - at));
      }
      await store.remove(late.map(({ waiter }) => waiter.id));
      const left = [...mine.values()].filter((w) => !answers.has(w.waiter.id));
      const ids = left.map(({ waiter }) => waiter.id);
      await store.seen(ids, at);
      return { answers, againMs: Math.min(againMs, ...left.map((w) => w.deadline - looked)) };
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
    /** Grants immediately or after waiting in the queue, or says when to ask again. */
    async ask({ ageMs, keepsPlace, ...request }: BudgetRequest, maxWaitMs: number): Promise<GrantOrWait> {
      await open();
      const answer = await transaction(async (trx) => {
        const budget = await read(trx);
        const { at } = budget;
        const places = keptPlaces(budget.store, budget.state, at);
        const asking: BudgetWaiter = { ...request, since: Math.floor(at - ageMs) };
        const waiter = keepsPlace ? await places.comeBack(asking) : asking;
        const ahead = await places.ahead(waiter);
        const waiters = [...budget.waiters, waiter];
        const isFirst = inOrder(waiters, budget.state.calls)[0] === waiter;
        if (isFirst && !ahead.isExpected && earliestGrant(budget.state, waiter.lane, at) <= at) {
          if (keepsPlace) await places.leave(waiter);
          return grant(budget, waiter);
        }
        const grantAt = forecastGrant(budget.state, waiters, waiter.id, at) + ahead.ms;
        if (grantAt - at > maxWaitMs) {
          if (keepsPlace) await places.keep(waiter, grantAt);
          return waitFor(grantAt - at);
        }
        if (keepsPlace) await places.leave(waiter);
        await budget.store.addWaiter(waiter, at);
        return { kind: 'queued' as const, waiter };
      });
      if (answer.kind !== 'queued') return answer;
      const deadline = machineMs() + maxWaitMs;
      return new Promise<GrantOrWait>((resolve, reject) => {
        mine.set(answer.waiter.id, { waiter: answer.waiter, keepsPlace, deadline, resolve, reject });
        alarm.abort();
        void pump();
      });
    },

    /** Looks now instead of at the next heartbeat, because something has changed in this process. */
    wake: () => alarm.abort(),

    /** Whether a limit that RingCentral named was in force at our last look. */
    hasLearned: () => isLearned,
  };
}

export type BudgetQueue = ReturnType<typeof createBudgetQueue>;
