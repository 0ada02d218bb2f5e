import { auditStore } from '../audit/audit-store.js';
import { heldRows, type Holding } from '../platform/database/held-rows.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock, lockFor } from '../platform/database/lock.js';
import type { Logger } from '../platform/log.js';
import type { World } from '../platform/world.js';
import type { LeftTenants } from '../tenants/left-tenant-store.js';
import { offboardingStore, type Counts } from './offboarding-store.js';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  log: Logger;
  holdings: readonly Holding[];
  left: LeftTenants;
  onceInvited: (trx: Knex, tenantId: string) => Promise<string[]>;
  isStaff: (trx: Knex, personId: string) => Promise<boolean>;
};

/** More are left to the next minute. */
const CLINICS_AT_ONCE = 20;
const PEOPLE_AT_ONCE = 500;

/**
 * Erases what is due, by the rule of each table: first the names of people whose last clinic this was, then the rows of
 * the clinic, in batches. Each batch is a transaction, and can be repeated: after a crash the next round goes on.
 */
export const erasure = (deps: Deps) => {
  const { db, transaction, world, log, left } = deps;
  const ofPeople = deps.holdings.filter(({ of }) => 'person' in of);
  // First the clinic's own row, so that no event gets its reference any more, then events, then what was copied from them.
  const all = deps.holdings.filter(({ of }) => 'tenant' in of);
  const stay = all.filter((held) => held.erasure !== 'rows');
  // Rows of later capabilities refer to rows of earlier ones.
  const ofTenants = [...stay, ...all.filter((held) => held.erasure === 'rows').toReversed()];
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    offboardings: offboardingStore(trx),
    countAll: async (): Promise<Counts> => {
      const counts: Record<string, number> = {};
      for (const held of ofTenants) counts[held.table] = await heldRows(trx, held, tenantId).count();
      return counts;
    },
  }));

  /** A person with another clinic, or of the ISV, keeps everything. */
  const erasePerson = (tenantId: string, personId: string): Promise<void> =>
    transaction(async (trx) => {
      await lockFor(trx, 'person', personId);
      if ((await left(trx).isElsewhere(personId, tenantId)) || (await deps.isStaff(trx, personId))) return;
      for (const held of ofPeople) while (await heldRows(trx, held, personId).eraseSome(world.now()));
    });

  async function* peopleOf(tenantId: string): AsyncGenerator<string> {
    yield* await deps.onceInvited(db, tenantId);
    // Nothing else keeps who left before the clinic did.
    yield* await auditStore(db, world).forTenant(tenantId).targetsOf('member.removed');
    for (let after = '', page: string[] = []; ; after = page.at(-1) ?? '') {
      page = await left(db).formerMembers(tenantId, PEOPLE_AT_ONCE, after);
      yield* page;
      if (page.length < PEOPLE_AT_ONCE) return;
    }
  }

  async function erase(tenantId: string): Promise<void> {
    const now = world.now();
    const isDue = await inTenantLock(tenantId, async ({ offboardings, countAll }) => {
      const found = await offboardings.find(tenantId);
      if (!found || found.erasedAt !== null) return false;
      return found.erasingSince !== null || offboardings.beginErasure(tenantId, now, await countAll());
    });
    if (!isDue) return; // undone or finished meanwhile
    for await (const personId of peopleOf(tenantId)) await erasePerson(tenantId, personId);
    for (const held of ofTenants)
      while (await transaction((trx) => heldRows(trx, held, tenantId).eraseSome(world.now())));
    await inTenantLock(tenantId, async ({ offboardings, audit }) => {
      if (!(await offboardings.finishErasure(tenantId, now))) return;
      await audit.append({ action: 'tenant.erased', actor: { kind: 'portal' }, target: tenantId, outcome: 'ok' });
    });
  }

  /** One clinic that cannot be erased keeps no other from it. @throws the first error */
  return async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const tenantId of await offboardingStore(db).due(world.now(), CLINICS_AT_ONCE))
      await erase(tenantId).catch((err: unknown) => {
        errors.push(err);
        log.error({ err, tenantId }, 'a clinic could not be erased');
      });
    if (errors.length > 0) throw errors[0];
  };
};
