import { isPostgres, type Knex, type Transaction } from './database.js';

/**
 * Waits for this lock and holds it until the end of the transaction: no other transaction with the same lock can
 * change what this one reads afterwards. Take it before the first read. If two locks are needed, take the tenant's
 * first. Does nothing on SQLite, which has one writer at a time.
 *
 * @param of what the decision is about, such as `tenant`
 */
export async function lockFor(trx: Knex, of: string, id: string): Promise<void> {
  if (isPostgres(trx)) await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${of} ${id}`]);
}

/**
 * Creates a service's unit of work, such as its `inTenantLock(tenantId, work)`: one transaction that first takes the
 * lock of `of` and `id`, and then passes `work` the result of `open`: the service's own stores, its audit, and the
 * actions of other capabilities. The body of a service therefore has no handle that could be the wrong one.
 */
export const inLock =
  <Unit>(transaction: Transaction, of: string, open: (trx: Knex, id: string) => Unit) =>
  <T>(id: string, work: (unit: Unit) => Promise<T>): Promise<T> =>
    transaction(async (trx) => {
      await lockFor(trx, of, id);
      return work(open(trx, id));
    });

/** The same without a lock, for what a single conditional statement decides. */
export const inTransaction =
  <Unit>(transaction: Transaction, open: (trx: Knex) => Unit) =>
  <T>(work: (unit: Unit) => Promise<T>): Promise<T> =>
    transaction((trx) => work(open(trx)));

type Bound<Actions> = {
  [Name in keyof Actions]: Actions[Name] extends (trx: Knex, ...given: infer Given) => infer Result
    ? (...given: Given) => Result
    : never;
};

/** Functions of a transaction, bound to this one: a unit of work calls them without its handle. */
export const boundTo = <Actions extends object>(trx: Knex, actions: Actions): Bound<Actions> =>
  Object.fromEntries(
    Object.entries(actions).map(([name, act]: [string, (trx: Knex, ...given: unknown[]) => unknown]) => [
      name,
      (...given: unknown[]) => act(trx, ...given),
    ]),
  ) as Bound<Actions>;
