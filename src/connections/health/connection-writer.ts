import { iso, type Knex, type Transaction } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { RecordEvent } from '../../notifications/event-store.js';
import type { World } from '../../platform/world.js';
import { fixOwnerOf } from './causes.js';
import type { IncidentNotices } from './connection-notices.js';
import { connectionEvents, incidentStep } from './connection-events.js';
import { connectionStore, type Connection, type KnownState } from './connection-store.js';
import { dayOf, dayStore } from './day-store.js';
import { nextHealth, serves, shownHealth, staleAt, type Health } from './health.js';
import { incidentStore, type Closing } from './incident-store.js';

/** What every write of a connection needs. */
export type Writing = {
  world: Pick<World, 'now' | 'newId'>;
  /** How often evidence is renewed with the current number of tenants, in milliseconds. */
  checkEveryMs: (db: Knex) => Promise<number>;
  record: RecordEvent;
  notices: IncidentNotices;
  /** Whether the mailbox of a line that is read is filling up, as far as the fax pull reported. */
  isMailboxFilling: (trx: Knex, tenantId: string) => Promise<boolean>;
  /** Whether RingCentral accepted a retired JWT after a person had said that it was deleted. */
  isOldOneAlive: (trx: Knex, tenantId: string) => Promise<boolean>;
  forgetUnconfirmed: (trx: Knex, tenantId: string) => Promise<void>;
};

const waitsForConfirmation = (known: KnownState | null): boolean =>
  known?.state === 'pending' && known.cause === 'not_confirmed';

type Change = { replaced?: boolean; closing?: Closing };

/** The only way to write a connection: its new state and all consequences are written in one transaction. */
export const connectionWriter = ({
  world,
  checkEveryMs,
  record,
  notices,
  isMailboxFilling,
  isOldOneAlive,
  forgetUnconfirmed,
}: Writing) => {
  async function withOthers(trx: Knex, tenantId: string, health: Health, now: Date): Promise<Health> {
    if (!serves(health)) return health;
    const filling = await isMailboxFilling(trx, tenantId);
    const alive = await isOldOneAlive(trx, tenantId);
    const counted = nextHealth(health, { kind: 'mailboxes_counted', filling }, iso(now));
    return nextHealth(counted, { kind: 'old_credentials_tried', alive }, iso(now));
  }

  /**
   * @param trx must hold the tenant's lock, because `given` is derived from the stored connection
   * @param replaced whether another credential replaced the one in use
   * @param closing how the incident ended, if this change ends one
   */
  async function save(trx: Knex, given: Connection, { replaced = false, closing }: Change = {}): Promise<void> {
    const { tenantId } = given;
    const now = world.now();
    const after = { ...given, health: await withOthers(trx, tenantId, given.health, now) };
    const interval = await checkEveryMs(trx);
    const { state, cause, since, suspect } = shownHealth(after.health, now, interval);
    const known: KnownState = {
      state,
      cause,
      since,
      unverifiedAt: state === 'unverified' ? null : staleAt(after.health, interval),
      suspectSince: suspect?.since ?? null,
    };
    await connectionStore(trx)
      .forTenant(tenantId)
      .save(after.known, { ...after, known });
    await dayStore(trx).forTenant(tenantId).note(dayOf(now), after.known, known);
    // Whatever else happens than a person's answer, the facts about a company that may be foreign go.
    if (waitsForConfirmation(after.known) && !waitsForConfirmation(known)) await forgetUnconfirmed(trx, tenantId);
    const before = after.known ?? { state: 'not_connected', cause: null };
    const data = { cause, fix_owner: cause === null ? null : fixOwnerOf(cause), since: iso(since) };
    const incidents = incidentStore(trx);
    const step = incidentStep(before, known);
    if (step === 'open') {
      const incident = { id: world.newId(), kind: 'connection', subject: tenantId, tenantId, cause } as const;
      await incidents.open({ ...incident, codes: [], openedAt: now, probedAt: null });
    }
    if (step === 'close') {
      const closed = await incidents.close('connection', tenantId, now, closing);
      // A connection that was ended does not work again.
      if (closed && state !== 'disconnected') await notices.recovered(trx, closed, tenantId);
    }
    if (state === 'failing' && (before.state !== 'failing' || before.cause !== cause)) {
      const open = await incidents.findOpen('connection', tenantId);
      if (open) await notices.failing(trx, open.id, tenantId, cause);
    }
    for (const event of connectionEvents(before, known, replaced))
      await record(trx, { type: event.type, tenantId, data });
  }
  return { save };
};

export type ConnectionWriter = ReturnType<typeof connectionWriter>;

/** Records which connections have become `unverified`, because no event would do that. */
export const staleConnections = (deps: Writing & { db: Knex; transaction: Transaction }) => {
  const writer = connectionWriter(deps);
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    connections: connectionStore(trx).forTenant(tenantId),
    ...boundTo(trx, writer),
  }));
  const write = (tenantId: string) =>
    inTenantLock(tenantId, async ({ connections, save }) => {
      const connection = await connections.find();
      // New evidence may have arrived meanwhile, or the interval may have grown with the number of tenants.
      if (connection) await save(connection);
    });
  /**
   * @returns how many connections were examined; fewer than `limit` if there are no more
   * @throws the first error, after all the others were written
   */
  return async (limit: number): Promise<number> => {
    const found = await connectionStore(deps.db).goneStale(deps.world.now(), limit);
    const errors: unknown[] = [];
    for (const tenantId of found) await write(tenantId).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
    return found.length;
  };
};
