import { actorOf, type Origin, type Requester } from '../audit/audit-events.js';
import type { Method } from '../credentials/credential-types.js';
import { type CredentialReader, type OnRepeated, type OnSubmitted } from '../credentials/credential-service.js';
import { waitUntil } from '../credentials/submission-limits.js';
import type { OnOverdueDestroyed } from '../credentials/overdue-credentials.js';
import { iso, type Knex } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import { PortalError } from '../platform/errors.js';
import type { CheckParts } from './checks/check-parts.js';
import { checkQueue } from './checks/check-queue.js';
import { checkStore } from './checks/check-store.js';
import type { Check } from './health/check-types.js';
import { connectionStore, emptyConnection, type StateCursor, type StateFilter } from './health/connection-store.js';
import { deletionClaims } from './death-checks/deletion-claims.js';
import { confirmation, unconfirmedOf } from './confirmation/confirmation.js';
import { disconnecting } from './disconnecting.js';
import { retiredOnes } from './death-checks/retired-ones.js';
import { connectionUnit, type CheckOutcome, type ConnectionUnit } from './connection-unit.js';
import { connectedAtOf, lastRecorded } from './last-recorded.js';
import { forgetConnection } from './leaving.js';
import { withheldAccounts } from './withheld-accounts.js';
import { isWaiting, methodOf, troubleOf, type ConnectionView, type Past } from './connection-view.js';
import { faxLineStore } from './proof/fax-line-store.js';
import { dayOf, dayStore } from './health/day-store.js';
import { shownRenewal } from './health/overdue-sign-ins.js';
import { firstDay, historyDays } from './health/history.js';
import { countProved } from './checks/effective-interval.js';
import { incidentStore } from './health/incident-store.js';
import { shownChange } from './proof/owner-change.js';
import { ownerStore } from './proof/owner-store.js';
import { nextHealth, shownHealth, type Shown } from './health/health.js';

const MOST_INCIDENTS = 200;
const MOST_PAST_INCIDENTS = 20;

type Deps = Pick<
  CheckParts,
  | 'db'
  | 'transaction'
  | 'world'
  | 'writer'
  | 'checkEveryMs'
  | 'record'
  | 'poke'
  | 'settled'
  | 'faxReports'
  | 'signInClientId'
  | 'notices'
  | 'confirmMs'
> & {
  credentials: CredentialReader;
  /** When the tenant was created; a tenant that never pasted has been unconnected since then. */
  createdAtOf: (tenantId: string) => Promise<Date>;
  requireChanger: Parameters<typeof deletionClaims>[0]['requireChanger'];
};

/** What a list says of a connection. `method`: of the credential in use; null if there is none. */
export type Listed = Shown & { checkedAt: Date | null; method: Method | null };

/** The actions of people on a connection. Makes no network calls; the worker does. */
export const connectionService = (deps: Deps) => {
  const { db, world } = deps;

  const open = connectionUnit(deps);
  const inTenantLock = inLock(deps.transaction, 'tenant', open);

  async function view(tenantId: string): Promise<ConnectionView> {
    const now = world.now();
    const connection =
      (await connectionStore(db).forTenant(tenantId).find()) ??
      emptyConnection(tenantId, await deps.createdAtOf(tenantId));
    const living = await deps.credentials.living(tenantId);
    const active = living.find(({ status }) => status === 'active') ?? null;
    const pending = living.find(({ status }) => status === 'pending') ?? null;
    const counted = pending ?? active;
    const open = counted && (await checkQueue(db, world).forTenant(tenantId).openFor(counted.id));
    const inWaitingList = open ? isWaiting(open, now) : false;
    return {
      connection,
      unconfirmed: await unconfirmedOf(db, connection, pending),
      shown: shownHealth(connection.health, now, await deps.checkEveryMs(db)),
      active,
      pending,
      lastMethod: await deps.credentials.lastMethod(tenantId),
      lines: await faxLineStore(db).forTenant(tenantId).all(),
      faxReport: await deps.faxReports(db).find(tenantId),
      nextCheckAt: open && !inWaitingList ? open.dueAt : null,
      checking: open ? open.dueAt <= now && !inWaitingList : false,
      inWaitingList,
      trouble: open ? troubleOf(open, now) : null,
      renewal:
        active?.method === 'authorization_code' ? await shownRenewal(db, active, deps.signInClientId, now) : null,
      retired: await retiredOnes(deps, tenantId),
      ownerChange: active && shownChange(await ownerStore(db).forTenant(tenantId).find()),
    };
  }

  /** Makes the open request of a credential due now, or creates one if there is none. */
  async function checkNow({ queue }: ConnectionUnit, credentialId: string, by: Requester): Promise<string> {
    const open = await queue.openFor(credentialId);
    if (open) {
      await queue.hurry(open.id, by);
      return open.id;
    }
    return queue.addNow(credentialId, 'person', by);
  }

  const onSubmitted: OnSubmitted = async (trx, submitted) => {
    const { tenantId, credentialId, by } = submitted;
    const { queue, connections, save, record } = open(trx, tenantId);
    for (const id of submitted.supersededIds) await queue.finishAllOf(id);
    const connection = (await connections.find()) ?? emptyConnection(tenantId, world.now());
    const event = { kind: 'submitted', keptUntil: iso(submitted.keptUntil) } as const;
    const health = nextHealth(connection.health, event, iso(world.now()));
    await save({ ...connection, health, withheld: null }); // what waited for approval was superseded
    const priority = submitted.method === 'authorization_code' ? 'code' : undefined;
    const requestId = await queue.addNow(credentialId, 'submission', by, priority);
    await record({ type: 'credential.pending', tenantId, data: { credential_id: credentialId } });
    return requestId;
  };

  const onRepeated: OnRepeated = (trx, { tenantId, credentialId, by }) =>
    checkNow(open(trx, tenantId), credentialId, by);

  /** A credential that was kept long enough is destroyed: it is checked no more, and a paste no longer waits. */
  const onOverdueDestroyed: OnOverdueDestroyed = async (trx, { tenantId, id, status }) => {
    const { queue, connections, save } = open(trx, tenantId);
    await queue.finishAllOf(id);
    const connection = await connections.find();
    if (!connection) return;
    if (status !== 'pending') return save(connection); // what was said of an old one may be over
    const health = nextHealth(connection.health, { kind: 'pending_dropped' }, iso(world.now()));
    await save({ ...connection, health, withheld: null });
  };

  /**
   * "Check now" and "check again": checks the pending credential if there is one, otherwise the one in use.
   *
   * @param only do nothing if that is a different credential
   */
  function requestCheck(tenantId: string, by: Requester, origin: Origin, only?: string): Promise<CheckOutcome> {
    return checkIn(tenantId, (unit) => request(unit, tenantId, by, origin, only));
  }

  /** A check that is queued wakes the worker once it is committed. */
  async function checkIn(tenantId: string, work: (unit: ConnectionUnit) => Promise<CheckOutcome>) {
    const outcome = await inTenantLock(tenantId, work);
    if (outcome.kind === 'queued') deps.poke();
    return outcome;
  }

  async function request(
    unit: ConnectionUnit,
    tenantId: string,
    by: Requester,
    origin: Origin,
    only?: string,
  ): Promise<CheckOutcome> {
    const living = await unit.credentials.living(tenantId);
    const target =
      living.find(({ status }) => status === 'pending') ?? living.find(({ status }) => status === 'active');
    if (!target || (only !== undefined && target.id !== only)) return { kind: 'nothing' };
    const until = await waitUntil('exchange', unit.audit, by, world.now());
    if (until) return { kind: 'limited', until };
    const ofProgram = by.keyId === undefined ? 'check.requested' : 'check.requested_by_key';
    const action = by.isStaff ? 'check.requested_by_staff' : ofProgram;
    await unit.audit.append({ action, actor: actorOf(by), target: target.id, outcome: 'ok', origin });
    return { kind: 'queued', requestId: await checkNow(unit, target.id, by) };
  }

  /**
   * Sets which fax lines to read. A check proves the choice immediately or, if the tenant's limit does not allow that,
   * as soon as it does.
   */
  function chooseFaxLines(tenantId: string, extensionIds: string[], by: Requester, origin: Origin) {
    return checkIn(tenantId, (unit) => choose(unit, tenantId, extensionIds, by, origin));
  }

  async function choose(
    unit: ConnectionUnit,
    tenantId: string,
    extensionIds: string[],
    by: Requester,
    origin: Origin,
  ): Promise<CheckOutcome> {
    const { lines, audit, credentials, queue } = unit;
    const known = new Set((await lines.all()).map(({ extensionId }) => extensionId));
    if (!extensionIds.every((id) => known.has(id))) throw new PortalError('bad_request');
    await lines.choose(extensionIds);
    const detail = { count: extensionIds.length };
    await audit.append({ action: 'fax_lines.chosen', actor: actorOf(by), outcome: 'ok', detail, origin });
    const outcome = await request(unit, tenantId, by, origin);
    if (outcome.kind !== 'limited') return outcome;
    const living = await credentials.living(tenantId);
    const target = living.find(({ status }) => status === 'active') ?? living[0];
    const planned = target && (await queue.openFor(target.id));
    if (planned && planned.dueAt > outcome.until) await queue.hurry(planned.id, by, outcome.until);
    return outcome;
  }

  /** Waits until a check is judged, at most `mostMs` milliseconds. Returns whether it is. */
  async function waitForCheck(tenantId: string, requestId: string, mostMs: number): Promise<boolean> {
    const until = world.now().getTime() + mostMs;
    const queue = checkQueue(db, world).forTenant(tenantId);
    for (;;) {
      const request = await queue.find(requestId);
      // A postponed request has been judged as far as possible for now.
      if (!request || request.finishedAt || (request.leaseUntil === null && request.dueAt > world.now())) return true;
      if (world.now().getTime() >= until) return false;
      await deps.settled.wait(100);
    }
  }

  return {
    view,
    onSubmitted,
    onRepeated,
    onOverdueDestroyed,
    requestCheck,
    chooseFaxLines,
    /** `chooseFaxLines` in the transaction of another change; `wakeWorker` follows its commit. */
    chooseFaxLinesWithin: (trx: Knex, tenantId: string, extensionIds: string[], by: Requester, origin: Origin) =>
      choose(open(trx, tenantId), tenantId, extensionIds, by, origin),
    wakeWorker: (): void => deps.poke(),
    /** The fax lines that are known, and whether they are read; in a transaction. */
    faxLinesOf: async (trx: Knex, tenantId: string): Promise<Map<string, { selected: boolean }>> =>
      new Map((await open(trx, tenantId).lines.all()).map(({ extensionId, selected }) => [extensionId, { selected }])),
    /** Judges the connection with what the fax pull reported, in its transaction. */
    onFaxReport: async (trx: Knex, tenantId: string): Promise<void> => {
      const { connections, save } = open(trx, tenantId);
      const connection = await connections.find();
      if (connection) await save(connection);
    },
    /** A person says that a retired JWT was deleted at RingCentral. */
    sayDeleted: deletionClaims(deps),
    ...confirmation({ ...deps, open, requestCheckWithin: request }),
    ...withheldAccounts({ db, world, inTenantLock, requestCheck }),
    ...disconnecting({ world, open }),
    waitForCheck,
    /** What is shown of each, and when it was last checked. */
    shownOf: async (tenants: { id: string; createdAt: Date }[]): Promise<Map<string, Listed>> => {
      const ids = tenants.map(({ id }) => id);
      const found = await connectionStore(db).ofTenants(ids);
      const active = await deps.credentials.activeOf(ids);
      const methods = new Map(active.map(({ tenantId, method }) => [tenantId, method]));
      const now = world.now();
      const interval = await deps.checkEveryMs(db);
      return new Map(
        tenants.map(({ id, createdAt }) => {
          const connection = found.get(id) ?? emptyConnection(id, createdAt);
          const { health, checkedAt } = connection;
          return [id, { ...shownHealth(health, now, interval), checkedAt, method: methods.get(id) ?? null }];
        }),
      );
    },
    /** Where the tenant is on its way, for the guide. */
    progress: async (tenantId: string): Promise<Pick<Shown, 'state'> & { lastCause?: string; method: Method }> => {
      const found = await view(tenantId);
      const { shown, connection } = found;
      // After an inconclusive answer the portal retries by itself; only a refusal requires someone to act.
      const waiting = shown.state === 'pending' && connection.health.pending?.refused === false;
      const lastCause = shown.cause && !waiting ? { lastCause: shown.cause } : {};
      return { state: shown.state, method: methodOf(found), ...lastCause };
    },
    /** Runs in the transaction that creates a tenant, which counts from then on. */
    onTenantCreated: (trx: Knex, tenantId: string, at: Date): Promise<void> =>
      deps.writer.save(trx, emptyConnection(tenantId, at)),
    /** Runs in the transaction in which a clinic leaves. */
    forget: forgetConnection({ world, open }),
    /** Incidents that are not limited to one tenant, newest first. */
    incidents: () => incidentStore(db).ofPortal(MOST_INCIDENTS),
    openIncidents: () => incidentStore(db).openOfPortal(),
    incident: (id: string) => incidentStore(db).find(id),
    /** The number of tenants whose evidence is renewed, and the interval, in milliseconds. */
    proving: async () => ({
      tenants: countProved(await connectionStore(db).counts()),
      everyMs: await deps.checkEveryMs(db),
    }),
    /** The number of tenants by state and cause, as last recorded. */
    counts: () => connectionStore(db).counts(),
    inState: (wanted: StateFilter, limit: number, after?: StateCursor, order?: 'asc' | 'desc') =>
      connectionStore(db).inState(wanted, limit, after, order),
    lastRecorded: lastRecorded(db),
    connectedAtOf: connectedAtOf(db),
    history: (tenantId: string, limit: number): Promise<Check[]> => checkStore(db).forTenant(tenantId).newest(limit),
    /** The last days of a connection and its incidents. */
    past: async (tenantId: string): Promise<Past> => {
      const now = world.now();
      const first = firstDay(now);
      const [recorded, incidents] = await Promise.all([
        dayStore(db).forTenant(tenantId).since(first),
        incidentStore(db).forTenant(tenantId).newest(MOST_PAST_INCIDENTS),
      ]);
      const recent = incidents.filter(({ closedAt }) => closedAt === null || dayOf(closedAt) >= first);
      return { days: historyDays(recorded, now), incidents: recent };
    },
  };
};

export type ConnectionService = ReturnType<typeof connectionService>;
