import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Outcome } from '../disconnection/disconnection-types.js';
import type { RecordEvent } from '../notifications/event-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { World } from '../platform/world.js';
import type { LeftTenants } from '../tenants/left-tenant-store.js';
import type { OffboardingMails } from './offboarding-mails.js';
import { offboardingStore, type Offboarding, type OffboardingCursor } from './offboarding-store.js';

type End = (trx: Knex, tenantId: string, at: Date) => Promise<number>;

/** What ends with a clinic elsewhere, in the transaction in which it leaves. */
export type Ends = {
  /** Ends the connection: nothing is issued from the commit on. */
  disconnect: (trx: Knex, tenantId: string, asked: { by: Leaver; actor: Actor; origin?: Origin }) => Promise<unknown>;
  /** It is in no list and no count any more. */
  forget: (trx: Knex, tenantId: string, actor: Actor) => Promise<void>;
  /** A new connection, for a clinic that is brought back. */
  begin: (trx: Knex, tenantId: string, at: Date) => Promise<void>;
  endInvitations: End;
  endLinks: End;
  endKeys: End;
  endMessages: End;
  record: RecordEvent;
  /** Of the newest disconnection; undefined if there was none. */
  newestOutcome: (trx: Knex, tenantId: string) => Promise<Outcome | undefined>;
};

/** Who lets a clinic go. */
type Leaver = 'staff' | 'program' | 'operator';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  left: LeftTenants;
  ends: Ends;
  mails: OffboardingMails;
  people: ReadPeople;
  eraseAfterDays: number;
};

const DAY_MS = 24 * 3_600_000;
const leavers: Partial<Record<Actor['kind'], Leaver>> = { person: 'staff', api_key: 'program' };

/** A clinic leaves, and comes back as long as nothing of it is erased. */
export const offboardingService = ({ db, transaction, world, left, ends, mails, people, eraseAfterDays }: Deps) => {
  const inTenantLock = inLock(transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    left: left(trx),
    offboardings: offboardingStore(trx),
    /** The role may have changed since the guard in front of the route read it. */
    requireRight: async (actor: Actor): Promise<void> => {
      if (actor.kind === 'person') await people(trx).requireStaff(['administrator'], actor.id);
    },
    ...boundTo(trx, { ...ends, tellLeft: mails.left, tellBack: mails.back }),
  }));

  return {
    /** Once: a repetition changes nothing. @returns undefined if there is no such clinic */
    offboard: (tenantId: string, actor: Actor, origin?: Origin): Promise<Offboarding | undefined> =>
      inTenantLock(tenantId, async (unit) => {
        await unit.requireRight(actor);
        const at = world.now();
        const members = await unit.left.leave(tenantId, at);
        if (members === undefined) return unit.offboardings.find(tenantId);
        const eraseAt = new Date(at.getTime() + eraseAfterDays * DAY_MS);
        const links = await unit.endLinks(tenantId, at); // those that a disconnection would end are counted here
        await unit.disconnect(tenantId, { by: leavers[actor.kind] ?? 'operator', actor, ...(origin && { origin }) });
        await unit.forget(tenantId, actor);
        const detail = {
          people: members,
          invitations: await unit.endInvitations(tenantId, at),
          links,
          keys: await unit.endKeys(tenantId, at),
          mails: await unit.endMessages(tenantId, at),
          erase_at: eraseAt.toISOString(),
        };
        await unit.offboardings.add({ tenantId, at, eraseAt }, actor);
        const event = { action: 'tenant.offboarded', actor, target: tenantId, outcome: 'ok', detail, origin } as const;
        await unit.audit.append(event);
        await unit.record({ type: 'tenant.offboarded', tenantId, data: { erase_at: eraseAt.toISOString() } });
        // After `endMessages`: this one is sent although everything has ended.
        await unit.tellLeft(tenantId, await unit.newestOutcome(tenantId));
        return unit.offboardings.find(tenantId);
      }),

    /**
     * Brings back the clinic, its people and settings; not the connection, and nothing that a link or a key gave.
     *
     * @returns false if its erasure has begun, or it has not left
     */
    undo: (tenantId: string, actor: Actor, origin?: Origin): Promise<boolean> =>
      inTenantLock(
        tenantId,
        async ({ offboardings, left, audit, begin, endMessages, record, tellBack, requireRight }) => {
          await requireRight(actor);
          if (!(await offboardings.undo(tenantId))) return false;
          const members = await left.restore(tenantId);
          const at = world.now();
          await begin(tenantId, at);
          await endMessages(tenantId, at); // what waits says that it has left
          const event = { actor, target: tenantId, outcome: 'ok', detail: { people: members }, origin } as const;
          await audit.append({ action: 'tenant.offboarding_undone', ...event });
          await record({ type: 'tenant.restored', tenantId, data: {} });
          await tellBack(tenantId, at);
          return true;
        },
      ),

    find: (tenantId: string): Promise<Offboarding | undefined> => offboardingStore(db).find(tenantId),
    /** Newest first; a keyset page. */
    page: (limit: number, after?: OffboardingCursor): Promise<Offboarding[]> => offboardingStore(db).page(limit, after),
    /** The clinic as long as it has a name. */
    tenantOf: (tenantId: string) => left(db).find(tenantId),
    idOfRef: (externalRef: string) => left(db).idOfRef(externalRef),
  };
};

export type OffboardingService = ReturnType<typeof offboardingService>;
