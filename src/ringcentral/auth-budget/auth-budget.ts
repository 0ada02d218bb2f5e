import { databaseTime, transactionOn, type Knex } from '../../platform/database/database.js';
import type { Logger } from '../../platform/log.js';
import type { World } from '../../platform/world.js';
import { forecastGrant, TOLERATED_LATENCY_MS } from './auth-budget-policy.js';
import { createBudgetQueue, type BudgetQueue, type BudgetRequest, type GrantOrWait } from './auth-budget-queue.js';
import { authBudgetStore } from './auth-budget-store.js';
import {
  budgetReader,
  saysMore,
  takeFacts,
  type BudgetLimits,
  type BudgetReader,
  type Moment,
} from './auth-budget-reader.js';
import type { AuthBudget, AuthScope, BudgetAsk, RateFacts, Sent, Slot } from './auth-budget-types.js';
import type { BudgetWait } from '../catalogue/outcome.js';

export type AuthBudgetOptions = BudgetLimits & {
  db: Knex;
  world: Pick<World, 'now' | 'newId' | 'wait'>;
  log: Pick<Logger, 'warn' | 'error'>;
  scope: AuthScope;
  /** The budget's clock, in milliseconds since 1970; default the database's. */
  databaseTime?: ((db: Knex) => Promise<number>) | undefined;
  /** the transport's deadline; default 10,000 */
  callDeadlineMs?: number;
};

type Send<T> = () => Promise<{ value: T; facts: RateFacts }>;
/** This process's part of one budget. */
type Part = { key: string; queue: BudgetQueue; reader: BudgetReader };
/** A slot of this process, granted at `moment`: marked as sent then, or only reserved. */
type GrantedSlot = Part & { id: string; moment: Moment; isReserved: boolean };

const DEFAULT_WAIT_MS = 15_000;
/** A slot not used within this time is lost: when the call arrived, its slot might no longer be counted. */
const FORFEIT_MS = 5000;
const RESTAMP_MS = 250;

/**
 * Every call to RingCentral's token endpoint passes this budget, which all processes share through the database. At
 * most `perMinute` calls are sent in any 62 seconds, none during a penalty, and people come before jobs. The budget
 * uses the database's time, kept from running backwards; callers get times of the machine's clock. If the database's
 * clock is set forward, the budget forgets calls that RingCentral still counts; it obeys the 429 that follows.
 */
export function createAuthBudget(options: AuthBudgetOptions): AuthBudget {
  const { db, world, log, scope, callDeadlineMs = 10_000 } = options;
  const limits: BudgetLimits = { perMinute: Math.max(1, options.perMinute), windowMs: options.windowMs };
  const clocks = { world, databaseTime: options.databaseTime ?? ((handle: Knex) => databaseTime(handle, world)) };
  const parts = new Map<string, Part>();
  const writing = new Set<Promise<void>>();
  const now = () => world.now().getTime();

  /** The narrower scopes are counted per tenant, because a tenant has one account and one owner in it. */
  const keyOf = ({ clientId, tenantId }: Pick<BudgetAsk, 'clientId' | 'tenantId'>) =>
    scope === 'app' || tenantId === null ? clientId : `${clientId}|${tenantId}`;

  function partOf(ask: Pick<BudgetAsk, 'clientId' | 'tenantId'>): Part {
    const key = keyOf(ask);
    const known = parts.get(key);
    if (known) return known;
    const reader = budgetReader(key, limits, clocks);
    const part = { key, reader, queue: createBudgetQueue({ db, key, reader, world, callDeadlineMs }) };
    parts.set(key, part);
    return part;
  }

  const requestOf = ({ lane, tenantId, since }: Pick<BudgetAsk, 'lane' | 'tenantId' | 'since'>, slots: number) => {
    const ageMs = since ? Math.max(0, now() - since.getTime()) : 0;
    return { id: world.newId(), lane, tenantId, ageMs, slots } satisfies BudgetRequest;
  };

  async function grantFor(ask: BudgetAsk, slots: number, maxWaitMs: number): Promise<GrantOrWait> {
    const { queue } = partOf(ask);
    if (ask.signal?.aborted) return { kind: 'wait', until: await expectedGrant(ask) };
    const answer = await queue.ask(requestOf(ask, slots), maxWaitMs);
    return answer.kind === 'queued' ? queue.wait(answer.waiter, maxWaitMs, ask.signal) : answer;
  }

  async function expectedGrant(ask: Pick<BudgetAsk, 'clientId' | 'lane' | 'tenantId' | 'since'>): Promise<Date> {
    const { state, waiters, at } = await partOf(ask).reader.glance(db);
    const { ageMs, ...request } = requestOf(ask, 1);
    const waiter = { ...request, since: Math.floor(at - ageMs) };
    return new Date(now() + forecastGrant(state, [...waiters, waiter], waiter.id, at) - at);
  }

  /** @returns the recorded time of sending, or undefined if the slot is lost */
  async function beginSending({ key, id, reader, moment, isReserved }: GrantedSlot): Promise<number | undefined> {
    const store = authBudgetStore(db, key);
    const sentAt = reader.since(moment);
    if (isReserved) {
      const isOurs = await store.sendReserved(id, sentAt, sentAt + callDeadlineMs);
      return isOurs ? sentAt : undefined;
    }
    if (sentAt - moment.at > FORFEIT_MS) return undefined;
    if (sentAt - moment.at <= RESTAMP_MS) return moment.at;
    await store.sentLater(id, sentAt); // this process was delayed after the commit
    return sentAt;
  }

  async function send<T>(slot: GrantedSlot, call: Send<T>): Promise<Sent<T> | undefined> {
    const sentAt = await beginSending(slot);
    if (sentAt === undefined) return undefined;
    const { value, facts } = await call();
    const written = writeDown(slot, sentAt, facts).catch((error: unknown) => {
      log.error({ err: error }, 'an answer of the token endpoint could not be written down in the auth budget');
    });
    writing.add(written);
    void written.finally(() => writing.delete(written));
    if (facts.penaltyMs !== null) await written;
    return { kind: 'sent', value };
  }

  async function writeDown(
    { key, queue, reader, id, moment }: GrantedSlot,
    sentAt: number,
    facts: RateFacts,
  ): Promise<void> {
    const answeredAt = reader.since(moment);
    // The call arrived at some moment before now. A slow call counts as if it had been sent that much later.
    const latest = answeredAt - sentAt > TOLERATED_LATENCY_MS ? answeredAt - TOLERATED_LATENCY_MS : null;
    if (!saysMore(facts, limits, queue.hasLearned())) await authBudgetStore(db, key).answered(id, latest);
    else {
      const news = await transactionOn(db)(async (trx) => {
        await authBudgetStore(trx, key).budget(); // every process locks this row first, which prevents deadlocks
        await authBudgetStore(trx, key).answered(id, latest);
        return takeFacts(await reader.read(trx), facts, limits);
      });
      const { limit, penaltyMs } = facts;
      if (news) log.warn({ news, limit, penaltyMs }, 'RingCentral limits our calls to its token endpoint');
    }
    queue.wake();
  }

  const lost = async (ask: BudgetAsk): Promise<BudgetWait> => ({ kind: 'wait', until: await expectedGrant(ask) });

  function slotOf(ask: BudgetAsk, slot: GrantedSlot): Slot {
    return {
      run: async (call) => (await send(slot, call)) ?? lost(ask),
      release: () => authBudgetStore(db, slot.key).remove([slot.id]).then(slot.queue.wake),
    };
  }

  async function acquire(ask: BudgetAsk & { slots: number }) {
    const granted = await grantFor(ask, ask.slots, ask.maxWaitMs ?? DEFAULT_WAIT_MS);
    if (granted.kind === 'wait') return granted;
    const part = partOf(ask);
    const slots = granted.ids.map((id, index) =>
      slotOf(ask, { ...part, id, moment: granted.moment, isReserved: index > 0 }),
    );
    return { kind: 'granted' as const, slots };
  }

  return {
    async run(ask, call) {
      const deadline = now() + (ask.maxWaitMs ?? DEFAULT_WAIT_MS);
      for (;;) {
        const granted = await grantFor(ask, 1, Math.max(0, deadline - now()));
        if (granted.kind === 'wait') return granted;
        const slot = { ...partOf(ask), id: granted.ids[0] ?? '', moment: granted.moment, isReserved: false };
        const sent = await send(slot, call);
        if (sent) return sent; // otherwise this process was delayed too long: ask again
      }
    },
    acquire,
    expectedGrant,
    async settled() {
      await Promise.all(writing);
    },
  };
}
