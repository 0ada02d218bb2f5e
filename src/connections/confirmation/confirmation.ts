import { actorOf, type Origin, type Requester } from '../../audit/audit-events.js';
import { activateCredential, setReminder } from '../../credentials/ending/activate-credential.js';
import { iso, type Knex } from '../../platform/database/database.js';
import { boundTo, inLock, lockFor } from '../../platform/database/lock.js';
import { PortalError } from '../../platform/errors.js';
import { withdrawTokensOf } from '../../tokens/ending/ending-sessions.js';
import { endTokensOf } from '../../tokens/ringcentral-sessions.js';
import type { CheckParts } from '../checks/check-parts.js';
import { nextCheck } from '../checks/schedule.js';
import type { CheckOutcome, ConnectionUnit } from '../connection-unit.js';
import type { Cause } from '../health/causes.js';
import { connectionStore, type Connection } from '../health/connection-store.js';
import { nextReminderAt } from '../health/expiry-schedule.js';
import { nextHealth } from '../health/health.js';
import type { OwnerFacts } from '../proof/owner-change.js';
import { ownerWatch } from '../proof/owner-watch.js';
import { unconfirmedAccounts, type UnconfirmedAccount } from '../proof/confirmed-account-store.js';
import { confirmedHealth } from './confirmed-health.js';

/** What a person saw when they answered; another account or credential may wait by now. */
export type Seen = { credentialId: string; accountId: string };

/** `stale`: the person answered about something else than what waits now, and nothing was changed. */
export type ConfirmOutcome = CheckOutcome | { kind: 'confirmed' } | { kind: 'stale' };

type Deps = Pick<CheckParts, 'transaction' | 'world' | 'notices' | 'checkEveryMs' | 'confirmMs'> & {
  open: (trx: Knex, tenantId: string) => ConnectionUnit;
  requestCheckWithin: (unit: ConnectionUnit, tenantId: string, by: Requester, origin: Origin) => Promise<CheckOutcome>;
  poke: () => void;
};

/** What was found of the account of a pending credential; null if no person is asked about it. */
export async function unconfirmedOf(
  db: Knex,
  { tenantId, health }: Connection,
  pending: { id: string } | null,
): Promise<UnconfirmedAccount | null> {
  if (!pending || health.pending?.cause !== 'not_confirmed') return null;
  const waiting = await unconfirmedAccounts(db).forTenant(tenantId).find();
  return waiting?.credentialId === pending.id ? waiting : null;
}

/** What people say about an account that was proved, and that no person has said is the clinic's. */
export const confirmation = (deps: Deps) => {
  const { world } = deps;
  const ending = { world, onEnded: endTokensOf };
  const watch = ownerWatch(deps);
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    ...deps.open(trx, tenantId),
    isOfAnother: async (accountId: string): Promise<boolean> => {
      await lockFor(trx, 'account', accountId);
      return connectionStore(trx).isAccountOfAnother(accountId, tenantId);
    },
    ...boundTo(trx, {
      activate: activateCredential(ending),
      setReminder,
      withdraw: withdrawTokensOf,
      noteOwner: (within: Knex, of: string, seen: { ownerId: string; facts: OwnerFacts }) =>
        watch.note(within, of, seen),
      checkEveryMs: deps.checkEveryMs,
    }),
  }));
  type Unit = Parameters<Parameters<typeof inTenantLock>[1]>[0];

  const isAbout = (waiting: UnconfirmedAccount | undefined, seen: Seen): waiting is UnconfirmedAccount =>
    waiting?.credentialId === seen.credentialId && waiting.identity.accountId === seen.accountId;

  /** By the facts of the proof the connection works, so nothing needs to be asked. */
  async function connect(unit: Unit, tenantId: string, waiting: UnconfirmedAccount, warnings: Cause[]) {
    const { connections, credentials, queue, save, activate, noteOwner } = unit;
    const { credentialId, identity, owner, provedAt } = waiting;
    const now = world.now();
    const connection = await connections.find();
    const credential = await credentials.find(tenantId, credentialId);
    if (!connection || credential?.status !== 'pending') throw new PortalError('conflict');
    const health = confirmedHealth(connection.health, { at: iso(provedAt), warnings }, iso(now));
    const connectedAt = connection.connectedAt ?? now;
    for (const ended of await activate(tenantId, credentialId)) await queue.finishAllOf(ended);
    await save({ ...connection, health, identity, connectedAt, approvedOwnerId: null, withheld: null });
    await unit.setReminder(tenantId, credentialId, nextReminderAt(credential.expiresAt, now));
    if (owner) await noteOwner(tenantId, { ownerId: identity.ownerId, facts: owner });
    await queue.finishAllOf(credentialId);
    const verdict = { kind: 'accepted' } as const;
    const unused = { inconclusiveStreak: 0, retryAfterMs: null, suspectSince: null };
    const { expiresAt } = credential;
    const checked = { status: 'active', verdict, ...unused, expiresAt, evidenceAt: provedAt } as const;
    const intervals = { checkEveryMs: await unit.checkEveryMs(), confirmMs: deps.confirmMs };
    const next = nextCheck(checked, intervals, now, world.randomBytes(1).readUInt8() / 255);
    await queue.add({ credentialId, requestedBy: null, ...next, waitsFor: null });
  }

  async function confirm(unit: Unit, tenantId: string, seen: Seen, chosen: string[], by: Requester, origin: Origin) {
    const { unconfirmed, confirmed, connections, credentials, lines, audit, save } = unit;
    const waiting = await unconfirmed.find();
    if (!isAbout(waiting, seen)) {
      // A second click, or another tab: the same answer was given before.
      const isDone = (await credentials.serving(tenantId))?.id === seen.credentialId;
      return { kind: isDone && (await confirmed.has(seen.accountId)) ? 'confirmed' : 'stale' } as const;
    }
    const known = new Set(waiting.lines.map(({ extensionId }) => extensionId));
    if (!chosen.every((id) => known.has(id))) throw new PortalError('bad_request');
    const now = world.now();
    await confirmed.add(seen.accountId, by.personId, now);
    await lines.save(waiting.lines);
    await lines.choose(chosen);
    const actor = actorOf(by);
    const detail = { lines: chosen.length };
    await audit.append({ action: 'account.confirmed', actor, target: seen.accountId, outcome: 'ok', detail, origin });
    const isFresh = now.getTime() - waiting.provedAt.getTime() <= (await unit.checkEveryMs());
    const wereProved = chosen.every((id) => waiting.lines.some((line) => line.extensionId === id && line.selected));
    if (isFresh && wereProved && !(await unit.isOfAnother(seen.accountId))) {
      const others = waiting.warnings.filter((cause) => cause !== 'no_fax_line');
      const hasNone = chosen.length === 0 && (waiting.lines.length > 0 || others.length < waiting.warnings.length);
      await connect(unit, tenantId, waiting, [...(hasNone ? (['no_fax_line'] as const) : []), ...others]);
      return { kind: 'confirmed' } as const;
    }
    const connection = await connections.find();
    if (!connection) throw new PortalError('conflict');
    const health = confirmedHealth(connection.health, null, iso(now));
    await save({ ...connection, health });
    return deps.requestCheckWithin(unit, tenantId, by, origin);
  }

  async function disown(unit: Unit, tenantId: string, seen: Seen, by: Requester, origin: Origin) {
    const { unconfirmed, connections, credentials, queue, audit, save, withdraw, destroy } = unit;
    const waiting = await unconfirmed.find();
    if (!isAbout(waiting, seen)) {
      const before = await credentials.find(tenantId, seen.credentialId);
      return before?.destroyedBecause === 'not_ours' ? ('disowned' as const) : ('stale' as const);
    }
    const connection = await connections.find();
    if (!connection) throw new PortalError('conflict');
    const event = { kind: 'account_refused', cause: 'not_confirmed', wasServing: false } as const;
    await save({ ...connection, health: nextHealth(connection.health, event, iso(world.now())), withheld: null });
    await queue.finishAllOf(seen.credentialId);
    // A token of a foreign company is not left to end by itself.
    const actor = actorOf(by);
    await withdraw(tenantId, seen.credentialId, world.now());
    await destroy(tenantId, seen.credentialId, 'not_ours', actor, origin);
    await audit.append({ action: 'account.disowned', actor, target: seen.accountId, outcome: 'ok', origin });
    return 'disowned' as const;
  }

  return {
    /** The account is the clinic's, and these are the fax lines to read. It works at once, unless more must be proved. */
    async confirmAccount(
      tenantId: string,
      seen: Seen,
      extensionIds: string[],
      by: Requester,
      origin: Origin,
    ): Promise<ConfirmOutcome> {
      const outcome = await inTenantLock(tenantId, (unit) => confirm(unit, tenantId, seen, extensionIds, by, origin));
      if (outcome.kind !== 'stale') deps.poke();
      return outcome;
    },

    /** The account is not the clinic's: the credential is destroyed, and a session of it is revoked. */
    disownAccount: (tenantId: string, seen: Seen, by: Requester, origin: Origin): Promise<'disowned' | 'stale'> =>
      inTenantLock(tenantId, (unit) => disown(unit, tenantId, seen, by, origin)),
  };
};
