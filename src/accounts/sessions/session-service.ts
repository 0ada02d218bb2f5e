import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { inLock } from '../../platform/database/lock.js';
import type { ServiceBase } from '../people/account-types.js';
import { hashOf, keyedHash } from '../people/secret-tokens.js';
import {
  deleteOtherSessionsOf,
  deleteSessionOf,
  deleteSessionsOf,
  openSessionsOf,
  type OpenSession,
} from './session-store.js';

/** A browser session with a handle that pages may show. The handle reveals neither the session's id nor its row. */
export type ListedSession = Omit<OpenSession, 'idHash'> & { handle: string; isThis: boolean };

/** Who ends the sessions, and for which tenant if staff do it. */
type By = { actor: Actor; origin: Origin; tenantId?: string };

type Dependencies = ServiceBase & {
  /** 32 bytes each. */
  accountsKeys: readonly Buffer[];
};

/** Lists and ends a person's browser sessions. An ended session stops working with its next request. */
export function sessionService({ db, transaction, world, accountsKeys }: Dependencies) {
  const hashes = accountsKeys.map((key) => keyedHash(key, 'session handles'));
  const handlesOf = (idHash: string) => hashes.map((hash) => hash(idHash));

  const inPersonLock = inLock(transaction, 'person', (trx, personId) => ({
    audit: auditStore(trx, world),
    open: () => openSessionsOf(trx, personId, world.now()),
    deleteOne: (idHash: string) => deleteSessionOf(trx, personId, idHash),
    deleteOthers: (current: string) => deleteOtherSessionsOf(trx, personId, current),
    deleteAll: () => deleteSessionsOf(trx, personId),
  }));
  type Unit = Parameters<Parameters<typeof inPersonLock>[1]>[0];

  /** @returns how many sessions ended; writes no audit row if none did */
  const ending = (personId: string, by: By, end: (unit: Unit) => Promise<number>): Promise<number> =>
    inPersonLock(personId, async (unit) => {
      const sessions = await end(unit);
      if (sessions > 0)
        await unit.audit.append({
          action: 'person.sessions_ended',
          target: personId,
          outcome: 'ok',
          detail: { sessions },
          ...by,
        });
      return sessions;
    });

  return {
    /** Open sessions, most recently seen first. `current` is the id of the caller's own session. */
    async listOf(personId: string, current?: string): Promise<ListedSession[]> {
      const mine = current === undefined ? undefined : hashOf(current);
      const open = await openSessionsOf(db, personId, world.now());
      return open.map(({ idHash, ...shown }) => ({
        ...shown,
        handle: handlesOf(idHash)[0] ?? '',
        isThis: idHash === mine,
      }));
    },

    /**
     * @returns false if this person has no such open session; other people's and ended sessions are not distinguished
     */
    async end(personId: string, handle: string, by: By): Promise<boolean> {
      const ended = await ending(personId, by, async ({ open, deleteOne }) => {
        const found = (await open()).find(({ idHash }) => handlesOf(idHash).includes(handle));
        return found ? deleteOne(found.idHash) : 0;
      });
      return ended === 1;
    },

    endOthers: (personId: string, current: string, by: By): Promise<number> =>
      ending(personId, by, ({ deleteOthers }) => deleteOthers(current)),

    endAll: (personId: string, by: By): Promise<number> => ending(personId, by, ({ deleteAll }) => deleteAll()),
  };
}

export type SessionService = ReturnType<typeof sessionService>;
