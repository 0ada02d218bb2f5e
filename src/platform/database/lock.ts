import { isPostgres, type Knex, type Transaction } from './database.js';

/**
 * Waits until no other transaction holds this lock, and holds it to the end of this one: no other transaction that takes
 * the same lock changes what is read from now on. Take it before the first read. Where two are needed, the tenant's comes
 * first. SQLite has one writer at a time, so there it does nothing.
 *
 * @param of the kind of thing that is decided about, such as `tenant`
 */
export async function lockFor(trx: Knex, of: string, id: string): Promise<void> {
  if (isPostgres(trx)) await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${of} ${id}`]);
}

/**
 * Makes a service's unit of work, such as its `inTenantLock(tenantId, work)`: one transaction, which takes the lock of
 * `of` and `id` first and then gives `work` what `open` makes of its handle: the service's own stores, its audit, and
 * the actions of other capabilities. So a service body has no handle that could be the wrong one.
 */
export const inLock =
  <Unit>(transaction: Transaction, of: string, open: (trx: Knex, id: string) => Unit) =>
  <T>(id: string, work: (unit: Unit) => Promise<T>): Promise<T> =>
    transaction(async (trx) => {
      await lockFor(trx, of, id);
      return work(open(trx, id));
    });

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
