import { looksLikeToken, newToken } from '../accounts/people/secret-tokens.js';
import { actorOf, type Origin, type Requester } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { SubmissionOutcomes } from '../connections/pages/submission-outcome.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import { PortalError } from '../platform/errors.js';
import type { World } from '../platform/world.js';
import { requireHere } from '../tenants/require-here.js';
import { handOffStore } from './hand-off-store.js';
import { hasEnded, stateOf, type HandOff, type HandOffState, type Outcome } from './hand-off-types.js';

const MINUTE_MS = 60_000;
const LIFETIME_MS = 7 * 24 * 60 * MINUTE_MS;
/**
 * How long a visit through the link lasts (SEC-10: set-up session); after that, the colleague opens the link again.
 */
export const VISIT_MS = 30 * MINUTE_MS;
const MOST_SHOWN = 20;
/** How long an expired link is kept: until then the tenant sees its result, and after that only the audit has it. */
const KEPT_MS = 90 * 24 * 60 * MINUTE_MS;

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: World;
  publicUrl: string;
  outcomeOf: SubmissionOutcomes;
  /** Whether the person who made a link may still make one. */
  mayMake: (tenantId: string, personId: string) => Promise<boolean>;
};

export type Visit = { handOff: HandOff; outcome: Outcome };

/**
 * Links that let a colleague without an account see the guide and paste a JWT for one tenant. A link can be opened
 * repeatedly, because the step in the console can take days. It ends when its paste is accepted, when it is revoked,
 * when its maker may no longer make one, or after seven days.
 */
export function handOffService(deps: Deps) {
  const { db, transaction, world, publicUrl } = deps;

  /** What a change of a tenant's links may use. */
  const open = (trx: Knex, tenantId: string) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    handOffs: handOffStore(trx).forTenant(tenantId),
    requireHere: () => requireHere(trx, tenantId),
    outcomeOf: async ({ submitted }: HandOff): Promise<Outcome> =>
      submitted && deps.outcomeOf.within(trx, tenantId, submitted),
  });
  const inTenantLock = inLock(transaction, 'tenant', open);

  const outcomeOf = async ({ tenantId, submitted }: HandOff): Promise<Outcome> =>
    submitted && deps.outcomeOf.of(tenantId, submitted);

  async function usable(handOff: HandOff | undefined): Promise<Visit | undefined> {
    if (!handOff || handOff.revokedAt !== null || handOff.expiresAt <= world.now()) return undefined;
    if (!(await deps.mayMake(handOff.tenantId, handOff.madeBy))) return undefined;
    return { handOff, outcome: await outcomeOf(handOff) };
  }

  async function findOpen(token: string): Promise<HandOff | undefined> {
    if (!looksLikeToken(token)) return undefined;
    const seen = await usable(await handOffStore(db).findByToken(token));
    return seen && seen.outcome?.kind !== 'accepted' ? seen.handOff : undefined;
  }

  return {
    /** Creates a link and ends the same member's unopened links: a lost one, or one from a double click. */
    async make(tenantId: string, personId: string, origin: Origin): Promise<{ id: string; url: string }> {
      const token = newToken(world);
      const createdAt = world.now();
      const id = world.newId();
      const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
      await inTenantLock(tenantId, async ({ handOffs, audit, requireHere }) => {
        await requireHere();
        const event = { actor: actorOf({ personId }), outcome: 'ok', origin } as const;
        for (const replaced of await handOffs.revokeUnopened(personId, createdAt))
          await audit.append({ ...event, action: 'hand_off.revoked', target: replaced, detail: { replaced: true } });
        await handOffs.add({ id, madeBy: personId, createdAt, expiresAt }, token);
        await audit.append({ ...event, action: 'hand_off.made', target: id });
      });
      return { id, url: new URL(`/hand-offs/${token}`, publicUrl).href };
    },

    /** @returns false if this tenant has no such link or the link has already ended */
    revoke: (tenantId: string, id: string, personId: string, origin: Origin): Promise<boolean> =>
      inTenantLock(tenantId, async ({ handOffs, audit }) => {
        if (!(await handOffs.revoke(id, world.now()))) return false;
        const actor = actorOf({ personId });
        await audit.append({ action: 'hand_off.revoked', actor, target: id, outcome: 'ok', origin });
        return true;
      }),

    find: (tenantId: string, id: string): Promise<HandOff | undefined> => handOffStore(db).forTenant(tenantId).find(id),

    /** The tenant's newest links and their states. */
    async ofTenant(tenantId: string): Promise<(Visit & { state: HandOffState })[]> {
      const handOffs = await handOffStore(db).forTenant(tenantId).newest(MOST_SHOWN);
      return Promise.all(
        handOffs.map(async (handOff) => {
          const outcome = await outcomeOf(handOff);
          const state = stateOf(handOff, outcome, world.now());
          // The maker has left or lost the role, so the link no longer works.
          const isLeft = !hasEnded(state) && !(await deps.mayMake(tenantId, handOff.madeBy));
          return { handOff, outcome, state: isLeft ? 'revoked' : state };
        }),
      );
    },

    /** Whether the link still works; changes nothing, so mail scanners may open it. */
    isOpen: async (token: string): Promise<boolean> => (await findOpen(token)) !== undefined,

    /** Begins a visit, limited to this link. @returns undefined if the link does not work */
    async open(
      token: string,
      origin: Origin,
    ): Promise<{ id: string; visitToken: string; lifetimeMs: number } | undefined> {
      const handOff = await findOpen(token);
      if (!handOff) return undefined;
      const { id, tenantId } = handOff;
      const now = world.now();
      const visitToken = newToken(world);
      const until = new Date(Math.min(now.getTime() + VISIT_MS, handOff.expiresAt.getTime()));
      return inTenantLock(tenantId, async ({ handOffs, audit }) => {
        if (!(await handOffs.open(id, { token: visitToken, until }, now))) return undefined;
        const actor = { kind: 'hand_off', id } as const;
        await audit.append({ action: 'hand_off.opened', actor, target: id, outcome: 'ok', origin });
        return { id, visitToken, lifetimeMs: until.getTime() - now.getTime() };
      });
    },

    /** Loaded with every request, so that the end of a link takes effect at once. */
    async visit(id: string, visitToken: string): Promise<Visit | undefined> {
      return usable(await handOffStore(db).findByVisit(id, visitToken, world.now()));
    },

    /**
     * Runs in the transaction of a submission, which holds the tenant's lock; rejects the submission if the link has
     * ended.
     */
    async onSubmitted(trx: Knex, submitted: { tenantId: string; by: Requester; credentialId: string }): Promise<void> {
      const { handOffId } = submitted.by;
      if (handOffId === undefined) return;
      const unit = open(trx, submitted.tenantId);
      const handOff = await unit.handOffs.find(handOffId);
      const before = handOff && (await unit.outcomeOf(handOff));
      const isDone = before?.kind === 'accepted';
      if (isDone || !(await unit.handOffs.noteSubmission(handOffId, submitted.credentialId, world.now())))
        throw new PortalError('not_found');
    },

    async outcomeOf(tenantId: string, id: string): Promise<Outcome> {
      const handOff = await handOffStore(db).forTenant(tenantId).find(id);
      return handOff ? outcomeOf(handOff) : null;
    },

    /** Called by the worker: deletes ended visits and old links. */
    async prune(): Promise<void> {
      const now = world.now();
      await handOffStore(db).deleteEndedVisits(now);
      await handOffStore(db).deleteExpiredBefore(new Date(now.getTime() - KEPT_MS));
    },
  };
}

export type HandOffService = ReturnType<typeof handOffService>;
