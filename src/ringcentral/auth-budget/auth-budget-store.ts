import { fromIso, iso, type Knex } from '../../platform/database/database.js';
import type { BudgetCall, BudgetWaiter } from './auth-budget-policy.js';
import type { Lane } from './auth-budget-types.js';

type BudgetRow = {
  key: string;
  penalty_until: string | null;
  learned_limit: number | null;
  learned_window_seconds: number | null;
  learned_at: string | null;
  clock_at: string | null;
};

type CallRow = {
  id: string;
  budget_key: string;
  lane: Lane;
  tenant_id: string | null;
  /** `promised`: the caller was told to come back at `until_at`, and is expected then. */
  state: 'waiting' | 'sent' | 'promised';
  requested_at: string;
  seen_at: string;
  until_at: string | null;
  sent_at: string | null;
};

export type Learned = { limit: number | null; windowSeconds: number | null; at: number };

export type StoredBudget = {
  penaltyUntil: number;
  learned: Learned | null;
  /** The latest time that any process has stored; 0 where none has. */
  latest: number;
};

const text = (at: number) => iso(new Date(at));
const milliseconds = (at: string | null) => (at === null ? 0 : fromIso(at).getTime());
const CLEANED_AT_ONCE = 500;
const placeIdOf = (key: string, tenantId: string) => `${key}|${tenantId}`;

/** All SQL on one budget. Times are the budget's own: milliseconds outside, ISO text inside. */
export const authBudgetStore = (db: Knex, key: string) => {
  const mine = () => db<BudgetRow>('auth_budgets').where({ key });
  const calls = () => db<CallRow>('auth_calls').where({ budget_key: key });

  const rowOf = (waiter: BudgetWaiter, now: number) => ({
    id: waiter.id,
    budget_key: key,
    lane: waiter.lane,
    tenant_id: waiter.tenantId,
    requested_at: text(waiter.since),
    seen_at: text(now),
  });

  return {
    /** Creates the budget's row, which the other rows refer to and which serves as the lock. */
    async open(): Promise<void> {
      await db<BudgetRow>('auth_budgets').insert({ key }).onConflict('key').ignore();
    },

    /** In a transaction this takes the lock: PostgreSQL locks this row; SQLite already holds its write lock. */
    async budget(): Promise<StoredBudget> {
      const [row] = await mine().forUpdate();
      const learned = row?.learned_at
        ? { limit: row.learned_limit, windowSeconds: row.learned_window_seconds, at: milliseconds(row.learned_at) }
        : null;
      return {
        penaltyUntil: milliseconds(row?.penalty_until ?? null),
        learned,
        latest: milliseconds(row?.clock_at ?? null),
      };
    },

    async keepTime(now: number): Promise<void> {
      await mine().update({ clock_at: text(now) });
    },

    /** After the database's clock was set back: changes every stored time in the future to `now`. */
    async countAsNow(now: number): Promise<void> {
      const at = text(now);
      for (const column of ['clock_at', 'penalty_until', 'learned_at'] as const)
        await mine()
          .andWhere(column, '>', at)
          .update({ [column]: at });
      for (const column of ['requested_at', 'seen_at', 'until_at', 'sent_at'] as const)
        await calls()
          .andWhere(column, '>', at)
          .update({ [column]: at });
    },

    /** What counts: calls sent after `sentAfter`, and waiters last seen after `seenAfter`. */
    async load(sentAfter: number, seenAfter: number) {
      const rows = await calls().andWhere((counts) =>
        counts
          .where((sent) => sent.where('state', 'sent').where('sent_at', '>', text(sentAfter)))
          .orWhere((waiting) => waiting.where('state', 'waiting').where('seen_at', '>', text(seenAfter))),
      );
      return {
        calls: rows.filter((row) => row.state === 'sent').map(callOf),
        waiters: rows.filter((row) => row.state === 'waiting').map(waiterOf),
      };
    },

    async addWaiter(waiter: BudgetWaiter, now: number): Promise<void> {
      await db<CallRow>('auth_calls').insert({ ...rowOf(waiter, now), state: 'waiting' });
    },

    /** When the tenant's job first asked; null if it was not told to come back after `dueAfter`. */
    async placeOf(tenantId: string, dueAfter: number): Promise<number | null> {
      const place = calls().where({ id: placeIdOf(key, tenantId), state: 'promised' });
      const row = await place.andWhere('until_at', '>', text(dueAfter)).first();
      return row ? milliseconds(row.requested_at) : null;
    },

    /** The kept places whose callers first asked before `before` and are expected after `dueAfter`. */
    async placesAhead(before: number, dueAfter: number): Promise<{ count: number; nextAt: number; newest: number }> {
      const places = calls().where({ state: 'promised' }).andWhere('until_at', '>', text(dueAfter));
      const [row] = await (before === Infinity ? places : places.andWhere('requested_at', '<', text(before))).select<
        { count: number | string; next: string | null; newest: string | null }[]
      >(db.raw('count(*) as count, min(until_at) as next, max(requested_at) as newest'));
      const nextAt = row?.next ? milliseconds(row.next) : Infinity;
      return { count: Number(row?.count ?? 0), nextAt, newest: milliseconds(row?.newest ?? null) };
    },

    async keepPlace({ lane, since }: BudgetWaiter, tenantId: string, dueAt: number): Promise<void> {
      // `clean` deletes it after its time.
      const times = { requested_at: text(since), until_at: text(dueAt), seen_at: text(dueAt) };
      const place = { id: placeIdOf(key, tenantId), budget_key: key, lane, tenant_id: tenantId };
      await db<CallRow>('auth_calls')
        .insert({ ...place, state: 'promised', ...times })
        .onConflict('id')
        .merge(times);
    },

    leavePlace: async (tenantId: string): Promise<void> => {
      await calls()
        .where({ id: placeIdOf(key, tenantId) })
        .del();
    },

    async seen(ids: readonly string[], now: number): Promise<void> {
      for (let from = 0; from < ids.length; from += 200)
        await calls()
          .whereIn('id', ids.slice(from, from + 200))
          .update({ seen_at: text(now) });
    },

    async remove(ids: string[]): Promise<void> {
      if (ids.length > 0) await calls().whereIn('id', ids).del();
    },

    /** Marks a call as sent at `now`; a waiter's row becomes the call's. */
    async markSent(waiter: BudgetWaiter, now: number, answeredBy: number): Promise<void> {
      const sent = { state: 'sent', sent_at: text(now), seen_at: text(now), until_at: text(answeredBy) } as const;
      const row = { ...rowOf(waiter, now), ...sent };
      await db<CallRow>('auth_calls').insert(row).onConflict('id').merge(sent);
    },

    /** Records that a call was sent, or may have arrived, later than stored. Never moves it to an earlier time. */
    async sentLater(id: string, at: number): Promise<void> {
      await calls()
        .where({ id })
        .andWhere('sent_at', '<', text(at))
        .update({ sent_at: text(at), seen_at: text(at) });
    },

    /** @param latest the time the call may have been sent, if later than stored */
    async answered(id: string, latest: number | null): Promise<void> {
      if (latest !== null) await this.sentLater(id, latest);
      await calls().where({ id }).update({ until_at: null });
    },

    /** Never shortens a penalty, because answers may arrive out of order. */
    async penalize(until: number): Promise<void> {
      await mine()
        .andWhere((earlier) => earlier.whereNull('penalty_until').orWhere('penalty_until', '<', text(until)))
        .update({ penalty_until: text(until) });
    },

    async learn(learned: Learned | null): Promise<void> {
      await mine().update({
        learned_limit: learned?.limit ?? null,
        learned_window_seconds: learned?.windowSeconds ?? null,
        learned_at: learned && text(learned.at),
      });
    },

    /** Deletes at most 500 rows last changed before `before`; more are left for the next call. */
    async clean(before: number): Promise<void> {
      const old = calls().where('seen_at', '<', text(before)).limit(CLEANED_AT_ONCE).select('id');
      await db<CallRow>('auth_calls').whereIn('id', old).del();
    },
  };
};

const callOf = (row: CallRow): BudgetCall => ({
  lane: row.lane,
  tenantId: row.tenant_id,
  sentAt: milliseconds(row.sent_at),
  until: milliseconds(row.until_at),
});

const waiterOf = (row: CallRow): BudgetWaiter => ({
  id: row.id,
  lane: row.lane,
  tenantId: row.tenant_id,
  since: milliseconds(row.requested_at),
});
