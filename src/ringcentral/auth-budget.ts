import { transactionOn, type Knex } from '../platform/database.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import { forecastTurn, TOLERATED_LATENCY_MS, type BudgetWaiter } from './auth-budget-policy.js';
import { createBudgetQueue, type BudgetQueue, type Turn } from './auth-budget-queue.js';
import { authBudgetStore } from './auth-budget-store.js';
import { readBudget, saysMore, takeFacts, type BudgetLimits } from './auth-budget-turn.js';
import type { AuthBudget, AuthScope, BudgetAsk, RateFacts, Sent, Slot } from './auth-budget-types.js';
import type { BudgetWait } from './outcome.js';

export type AuthBudgetOptions = BudgetLimits & {
  db: Knex;
  world: Pick<World, 'now' | 'newId' | 'wait'>;
  log: Pick<Logger, 'warn' | 'error'>;
  scope: AuthScope;
  /** the transport's deadline; default 10,000 */
  callDeadlineMs?: number;
};

type Send<T> = () => Promise<{ value: T; facts: RateFacts }>;
/** A slot of ours. `at` is when it was marked as sent; null while it is only reserved. */
type Held = { key: string; queue: BudgetQueue; id: string; at: number | null };

const DEFAULT_WAIT_MS = 15_000;
/** A slot that was not used by then is lost: what it stood for may be counted no more when the call arrives. */
const FORFEIT_MS = 5000;
const RESTAMP_MS = 250;

/**
 * The only door to RingCentral's token endpoint, shared by all processes through the database. At most `perMinute`
 * calls leave in any 62 seconds, none in a penalty, people before jobs. Time is this machine's, as the database's is.
 */
export function createAuthBudget(options: AuthBudgetOptions): AuthBudget {
  const { db, world, log, scope, callDeadlineMs = 10_000 } = options;
  const limits: BudgetLimits = { perMinute: Math.max(1, options.perMinute), windowMs: options.windowMs };
  const queues = new Map<string, BudgetQueue>();
  const writing = new Set<Promise<void>>();
  const now = () => world.now().getTime();

  /** The narrower scopes are counted per tenant: it has one account, and one owner in it. */
  const keyOf = ({ clientId, tenantId }: Pick<BudgetAsk, 'clientId' | 'tenantId'>) =>
    scope === 'app' || tenantId === null ? clientId : `${clientId}|${tenantId}`;

  function queueOf(key: string): BudgetQueue {
    const queue = queues.get(key) ?? createBudgetQueue({ db, key, limits, world, callDeadlineMs });
    queues.set(key, queue);
    return queue;
  }

  const waiterOf = ({ lane, tenantId, since }: Pick<BudgetAsk, 'lane' | 'tenantId' | 'since'>, slots: number) => {
    const waiter: BudgetWaiter = { id: world.newId(), lane, tenantId, since: since?.getTime() ?? now(), slots };
    return waiter;
  };

  async function turnOf(ask: BudgetAsk, slots: number, maxWaitMs: number): Promise<Turn> {
    const queue = queueOf(keyOf(ask));
    const waiter = waiterOf(ask, slots);
    if (ask.signal?.aborted) return { kind: 'wait', until: await expectedTurn(ask) };
    const answer = await queue.ask(waiter, maxWaitMs);
    return answer === 'queued' ? queue.wait(waiter, maxWaitMs, ask.signal) : answer;
  }

  async function expectedTurn(ask: Pick<BudgetAsk, 'clientId' | 'lane' | 'tenantId' | 'since'>): Promise<Date> {
    const at = now();
    const { state, waiters } = await readBudget(db, keyOf(ask), limits, at);
    const waiter = waiterOf(ask, 1);
    return new Date(forecastTurn(state, [...waiters, waiter], waiter.id, at));
  }

  /** @returns the time of sending that is written down, or undefined where the slot is lost */
  async function beginSending({ key, id, at }: Held): Promise<number | undefined> {
    const store = authBudgetStore(db, key);
    const sentAt = now();
    if (at === null) {
      const isOurs = await store.sendReserved(id, sentAt, sentAt + callDeadlineMs);
      return isOurs ? sentAt : undefined;
    }
    if (sentAt - at > FORFEIT_MS) return undefined;
    if (sentAt - at <= RESTAMP_MS) return at;
    await store.sentLater(id, sentAt); // this process was held up since the commit
    return sentAt;
  }

  async function send<T>(held: Held, call: Send<T>): Promise<Sent<T> | undefined> {
    const sentAt = await beginSending(held);
    if (sentAt === undefined) return undefined;
    const { value, facts } = await call();
    const written = writeDown(held, sentAt, facts).catch((error: unknown) => {
      log.error({ err: error }, 'an answer of the token endpoint could not be written down in the auth budget');
    });
    writing.add(written);
    void written.finally(() => writing.delete(written));
    if (facts.penaltyMs !== null) await written;
    return { kind: 'sent', value };
  }

  async function writeDown({ key, queue, id }: Held, sentAt: number, facts: RateFacts): Promise<void> {
    const answeredAt = now();
    // It arrived at some moment up to now. What took long counts as if it had left that much later.
    const latest = answeredAt - sentAt > TOLERATED_LATENCY_MS ? answeredAt - TOLERATED_LATENCY_MS : null;
    if (!saysMore(facts, limits, queue.hasLearned())) await authBudgetStore(db, key).answered(id, latest);
    else {
      const news = await transactionOn(db)(async (trx) => {
        await authBudgetStore(trx, key).budget(); // everybody locks it first, so nobody waits in a circle
        await authBudgetStore(trx, key).answered(id, latest);
        return takeFacts(trx, key, facts, limits, answeredAt);
      });
      const { limit, penaltyMs } = facts;
      if (news) log.warn({ news, limit, penaltyMs }, 'RingCentral limits our calls to its token endpoint');
    }
    queue.wake();
  }

  const lost = async (ask: BudgetAsk): Promise<BudgetWait> => ({ kind: 'wait', until: await expectedTurn(ask) });

  function slotOf(ask: BudgetAsk, held: Held): Slot {
    return {
      run: async (call) => (await send(held, call)) ?? lost(ask),
      release: () => authBudgetStore(db, held.key).remove([held.id]).then(held.queue.wake),
    };
  }

  async function acquire(ask: BudgetAsk & { slots: number }) {
    const turn = await turnOf(ask, ask.slots, ask.maxWaitMs ?? DEFAULT_WAIT_MS);
    if (turn.kind === 'wait') return turn;
    const key = keyOf(ask);
    const queue = queueOf(key);
    const slots = turn.ids.map((id, index) => slotOf(ask, { key, queue, id, at: index === 0 ? turn.at : null }));
    return { kind: 'granted' as const, slots };
  }

  return {
    async run(ask, call) {
      const deadline = now() + (ask.maxWaitMs ?? DEFAULT_WAIT_MS);
      const key = keyOf(ask);
      for (;;) {
        const turn = await turnOf(ask, 1, Math.max(0, deadline - now()));
        if (turn.kind === 'wait') return turn;
        const sent = await send({ key, queue: queueOf(key), id: turn.ids[0] ?? '', at: turn.at }, call);
        if (sent) return sent; // else this process was held up for too long: it asks again
      }
    },
    acquire,
    expectedTurn,
    async settled() {
      await Promise.all(writing);
    },
  };
}
