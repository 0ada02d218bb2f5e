import { databaseTime, transactionOn, type Knex } from '../../platform/database/database.js';
import type { Logger } from '../../platform/log.js';
import type { World } from '../../platform/world.js';
import { TOLERATED_LATENCY_MS } from './auth-budget-policy.js';
import { createBudgetQueue, type BudgetQueue } from './auth-budget-queue.js';
import { authBudgetStore } from './auth-budget-store.js';
import { budgetReader, saysMore, takeFacts } from './auth-budget-reader.js';
import type { BudgetLimits, BudgetReader, Moment } from './auth-budget-reader.js';
import type { AuthBudget, AuthScope, BudgetAsk, RateFacts, Sent } from './auth-budget-types.js';

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
/** A call of this process, granted and marked as sent at `moment`. */
type GrantedCall = Part & { id: string; moment: Moment };

const DEFAULT_WAIT_MS = 15_000;
/** A grant not used within this time is lost: when the call arrived, it might no longer be counted. */
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

  /** @returns undefined if the grant is lost: nothing was sent */
  async function send<T>(granted: GrantedCall, call: Send<T>): Promise<Sent<T> | undefined> {
    const { key, id, reader, moment } = granted;
    let sentAt = reader.since(moment);
    if (sentAt - moment.at > FORFEIT_MS) return undefined;
    if (sentAt - moment.at <= RESTAMP_MS) sentAt = moment.at;
    else await authBudgetStore(db, key).sentLater(id, sentAt); // this process was delayed after the commit
    const { value, facts } = await call();
    const written = writeDown(granted, sentAt, facts).catch((error: unknown) => {
      log.error({ err: error }, 'an answer of the token endpoint could not be written down in the auth budget');
    });
    writing.add(written);
    void written.finally(() => writing.delete(written));
    if (facts.penaltyMs !== null) await written;
    return { kind: 'sent', value };
  }

  async function writeDown({ key, queue, reader, id, moment }: GrantedCall, sentAt: number, facts: RateFacts) {
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

  return {
    async run(ask, call) {
      const part = partOf(ask);
      const { lane, tenantId, since, keepsPlace = false, maxWaitMs = DEFAULT_WAIT_MS } = ask;
      const deadline = now() + maxWaitMs;
      for (;;) {
        const ageMs = since ? Math.max(0, now() - since.getTime()) : 0;
        const granted = await part.queue.ask(
          { id: world.newId(), lane, tenantId, ageMs, keepsPlace },
          Math.max(0, deadline - now()),
        );
        if (granted.kind === 'wait') return granted;
        const sent = await send({ ...part, ...granted }, call);
        if (sent) return sent; // otherwise this process was delayed too long: ask again
      }
    },
    async settled() {
      await Promise.all(writing);
    },
  };
}
