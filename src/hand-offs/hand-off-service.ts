import { looksLikeToken, newToken } from '../accounts/people/secret-tokens.js';
import { actorOf, type Origin, type Requester } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { SubmissionOutcomes } from '../connections/pages/submission-outcome.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import { PortalError } from '../platform/errors.js';
import type { World } from '../platform/world.js';
import { handOffStore } from './hand-off-store.js';
import { hasEnded, stateOf, type HandOff, type HandOffState, type Outcome } from './hand-off-types.js';

const MINUTE_MS = 60_000;
const LIFETIME_MS = 7 * 24 * 60 * MINUTE_MS;
/** A visit by the link (SEC-10: set-up session); after it, the link is opened again. */
export const VISIT_MS = 30 * MINUTE_MS;
const MOST_SHOWN = 20;
/** After a link has expired: until then its tenant sees what became of it, and after that the audit tells. */
const KEPT_MS = 90 * 24 * 60 * MINUTE_MS;

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: World;
  publicUrl: string;
  outcomeOf: SubmissionOutcomes;
  /** Whether the one who made a link is still a member, and may sign in. */
  isActiveMember: (tenantId: string, personId: string) => Promise<boolean>;
};

export type Visit = { handOff: HandOff; outcome: Outcome };

/**
 * Links that let somebody without an account see the guide and paste a JWT for one tenant. A link may be opened again
 * and again, for the step in the console can take days; it ends when what was pasted by it was accepted, when it is
 * revoked, when the member who made it is none any more, or after seven days.
 */
export function handOffService(deps: Deps) {
  const { db, transaction, world, publicUrl } = deps;

  /** What a change of a tenant's links may use. */
  const open = (trx: Knex, tenantId: string) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    handOffs: handOffStore(trx).forTenant(tenantId),
    outcomeOf: async ({ submitted }: HandOff): Promise<Outcome> =>
      submitted && deps.outcomeOf.within(trx, tenantId, submitted),
  });
  const inTenantLock = inLock(transaction, 'tenant', open);

  const outcomeOf = async ({ tenantId, submitted }: HandOff): Promise<Outcome> =>
    submitted && deps.outcomeOf.of(tenantId, submitted);

  async function usable(handOff: HandOff | undefined): Promise<Visit | undefined> {
    if (!handOff || handOff.revokedAt !== null || handOff.expiresAt <= world.now()) return undefined;
    if (!(await deps.isActiveMember(handOff.tenantId, handOff.madeBy))) return undefined;
    return { handOff, outcome: await outcomeOf(handOff) };
  }

  async function findOpen(token: string): Promise<HandOff | undefined> {
    if (!looksLikeToken(token)) return undefined;
    const seen = await usable(await handOffStore(db).findByToken(token));
    return seen && seen.outcome?.kind !== 'accepted' ? seen.handOff : undefined;
  }

  return {
    /** A new link. Those of the same member that nobody has opened end: a lost one, or one made by a second click. */
    async make(tenantId: string, personId: string, origin: Origin): Promise<{ id: string; url: string }> {
      const token = newToken(world);
      const createdAt = world.now();
      const id = world.newId();
      const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
      await inTenantLock(tenantId, async ({ handOffs, audit }) => {
        const event = { actor: actorOf({ personId }), outcome: 'ok', origin } as const;
        for (const replaced of await handOffs.revokeUnopened(personId, createdAt))
          await audit.append({ ...event, action: 'hand_off.revoked', target: replaced, detail: { replaced: true } });
        await handOffs.add({ id, madeBy: personId, createdAt, expiresAt }, token);
        await audit.append({ ...event, action: 'hand_off.made', target: id });
      });
      return { id, url: new URL(`/hand-offs/${token}`, publicUrl).href };
    },

    /** @returns false when this tenant has no such link, or it has ended already */
    revoke: (tenantId: string, id: string, personId: string, origin: Origin): Promise<boolean> =>
      inTenantLock(tenantId, async ({ handOffs, audit }) => {
        if (!(await handOffs.revoke(id, world.now()))) return false;
        const actor = actorOf({ personId });
        await audit.append({ action: 'hand_off.revoked', actor, target: id, outcome: 'ok', origin });
        return true;
      }),

    find: (tenantId: string, id: string): Promise<HandOff | undefined> => handOffStore(db).forTenant(tenantId).find(id),

    /** The tenant's newest links, and where each stands. */
    async ofTenant(tenantId: string): Promise<(Visit & { state: HandOffState })[]> {
      const handOffs = await handOffStore(db).forTenant(tenantId).newest(MOST_SHOWN);
      return Promise.all(
        handOffs.map(async (handOff) => {
          const outcome = await outcomeOf(handOff);
          const state = stateOf(handOff, outcome, world.now());
          // The one who made it has left, and the link with them.
          const isLeft = !hasEnded(state) && !(await deps.isActiveMember(tenantId, handOff.madeBy));
          return { handOff, outcome, state: isLeft ? 'revoked' : state };
        }),
      );
    },

    /** Whether the link still opens something; changes nothing, so mail scanners may follow it. */
    isOpen: async (token: string): Promise<boolean> => (await findOpen(token)) !== undefined,

    /** Begins a visit, limited to this link. @returns undefined when the link opens nothing */
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

    /** Looked at anew with every request, so that whatever ends the link bites at once. */
    async visit(id: string, visitToken: string): Promise<Visit | undefined> {
      return usable(await handOffStore(db).findByVisit(id, visitToken, world.now()));
    },

    /** In the transaction of a submission, which holds the tenant's lock: a link that has ended meanwhile stops it. */
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

    /** The worker's: deletes visits that have ended, and links nobody asks about any more. */
    async prune(): Promise<void> {
      const now = world.now();
      await handOffStore(db).deleteEndedVisits(now);
      await handOffStore(db).deleteExpiredBefore(new Date(now.getTime() - KEPT_MS));
    },
  };
}

export type HandOffService = ReturnType<typeof handOffService>;
