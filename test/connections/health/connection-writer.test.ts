// Also on PostgreSQL: the transaction of a change.
import { forgetUnconfirmed } from '../../../src/connections/proof/confirmed-account-store.js';
import fc from 'fast-check';
import {
  emptyConnection,
  connectionStore,
  type StateCursor,
} from '../../../src/connections/health/connection-store.js';
import { connectionWriter, staleConnections } from '../../../src/connections/health/connection-writer.js';
import { nextHealth, type HealthEvent, type Verdict } from '../../../src/connections/health/health.js';
import { dayOf, dayStore } from '../../../src/connections/health/day-store.js';
import { incidentStore, type Closing } from '../../../src/connections/health/incident-store.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { lockFor } from '../../../src/platform/database/lock.js';
import { aDayMs, connectionParts } from '../../support/connection-parts.js';
import { aDatabase, addTenantRow, aNow } from '../../support/credential-rows.js';

const yes: Verdict = { kind: 'accepted', warnings: [] };
const no: Verdict = { kind: 'refused', cause: 'app_not_permitted' };
const submitted: HealthEvent = { kind: 'submitted', keptUntil: aNow.toISOString() };
const judged = (verdict: Verdict): HealthEvent => ({ kind: 'pending_judged', verdict, kept: false });
const checked = (verdict: Verdict): HealthEvent => ({ kind: 'serving_checked', verdict, confirmMs: 180_000 });

describe('writing a connection', () => {
  let db: Knex;
  let ids: number;
  let at: Date;
  const world = { now: () => at, newId: () => `id-${(ids += 1)}` };

  beforeEach(async () => {
    ids = 0;
    at = aNow;
    db = await aDatabase();
  });
  afterEach(() => db.destroy());

  const pass = (ms: number) => {
    at = new Date(at.getTime() + ms);
  };
  const parts = () => connectionParts(world);

  /** One step of a tenant's life, as a check or a person causes it. */
  const step = (tenantId: string, event: HealthEvent, closing?: Closing) =>
    transactionOn(db)(async (trx) => {
      await lockFor(trx, 'tenant', tenantId);
      const before = (await connectionStore(trx).forTenant(tenantId).find()) ?? emptyConnection(tenantId, at);
      const health = nextHealth(before.health, event, at.toISOString());
      await parts().writer.save(trx, { ...before, health }, closing && { closing });
    });
  const counts = async () =>
    new Map((await connectionStore(db).counts()).map((row) => [`${row.state} ${row.cause ?? ''}`.trim(), row.count]));
  const eventTypes = async () => db('events').orderBy('nr').pluck<string[]>('type');

  it('records events in order, with cause and fix owner and without names', async () => {
    await addTenantRow(db, 'north');
    await step('north', submitted);
    await step('north', judged(yes));
    pass(1000);
    await step('north', checked(no));
    const events = await db('events').where({ tenant_id: 'north' }).orderBy('nr').select('type', 'at', 'data');
    expect(events).toEqual([
      expect.objectContaining({ type: 'connection.connected' }),
      { type: 'connection.failing', at: at.toISOString(), data: expect.any(String) },
    ]);
    expect(events.map(({ data }) => JSON.parse(data as string) as unknown)).toMatchObject([
      { cause: null, fix_owner: null },
      { cause: 'app_not_permitted', fix_owner: 'tenant' },
    ]);
    expect(JSON.stringify(events)).not.toContain('Clinic');
  });

  it('opens one incident when a connection fails and closes it when it works again', async () => {
    await addTenantRow(db, 'north');
    await step('north', judged(yes));
    await step('north', checked(no));
    await step('north', checked({ kind: 'refused', cause: 'owner_inactive' }));
    const openedAt = at;
    pass(60_000);
    await step('north', checked(yes));
    expect(await incidentStore(db).forTenant('north').newest(10)).toMatchObject([
      { kind: 'connection', cause: 'app_not_permitted', openedAt, closedAt: at },
    ]);
  });

  it('records the state of each day, and who ended an incident', async () => {
    await addTenantRow(db, 'north');
    await step('north', judged(yes));
    await step('north', checked(no));
    pass(aDayMs);
    await step('north', checked(yes), { how: 'check', by: 'alice' });
    expect(await dayStore(db).forTenant('north').since('2026-01-01')).toMatchObject([
      { day: dayOf(aNow), worst: { state: 'failing' }, last: { state: 'failing' } },
      { day: dayOf(at), worst: { state: 'failing' }, last: { state: 'healthy' } },
    ]);
    const [incident] = await incidentStore(db).forTenant('north').newest(1);
    expect(incident?.closing).toEqual({ how: 'check', by: 'alice' });
  });

  it('marks a connection unverified once after two intervals without evidence, and records an event', async () => {
    await addTenantRow(db, 'north');
    await step('north', judged(yes));
    const markStale = staleConnections({
      db,
      transaction: transactionOn(db),
      world,
      notices: parts().notices,
      checkEveryMs: parts().checkEveryMs,
      isMailboxFilling: parts().isMailboxFilling,
      isOldOneAlive: parts().isOldOneAlive,
      forgetUnconfirmed,
      record: parts().record,
    });
    pass(2 * aDayMs);
    expect(await markStale(10)).toBe(0);
    pass(1);
    expect(await markStale(10)).toBe(1);
    expect(await markStale(10)).toBe(0);
    expect(await eventTypes()).toEqual(['connection.connected', 'connection.unverified']);
    expect(await counts()).toEqual(new Map([['unverified', 1]]));
  });

  it('lets evidence last longer if more tenants must be proved', async () => {
    await addTenantRow(db, 'north');
    await step('north', judged(yes));
    pass(2 * aDayMs + 1);
    const markStale = staleConnections({
      db,
      transaction: transactionOn(db),
      world,
      isMailboxFilling: parts().isMailboxFilling,
      isOldOneAlive: parts().isOldOneAlive,
      forgetUnconfirmed,
      notices: parts().notices,
      checkEveryMs: () => Promise.resolve(2 * aDayMs),
      record: parts().record,
    });
    expect(await markStale(10)).toBe(1);
    expect(await markStale(10)).toBe(0);
    expect(await eventTypes()).toEqual(['connection.connected']);
  });

  it('continues with the others if one cannot be written, and reports it', async () => {
    for (const id of ['north', 'south']) {
      await addTenantRow(db, id);
      await step(id, judged(yes));
      pass(1);
    }
    pass(2 * aDayMs);
    const markStale = staleConnections({
      db,
      transaction: transactionOn(db),
      world,
      notices: parts().notices,
      checkEveryMs: parts().checkEveryMs,
      isMailboxFilling: parts().isMailboxFilling,
      isOldOneAlive: parts().isOldOneAlive,
      forgetUnconfirmed,
      record: (trx, event) =>
        event.tenantId === 'north' ? Promise.reject(new Error('synthetic')) : parts().record(trx, event),
    });
    await expect(markStale(10)).rejects.toThrow('synthetic');
    expect(await counts()).toEqual(
      new Map([
        ['healthy', 1],
        ['unverified', 1],
      ]),
    );
  });

  it('writes nothing if a part of it fails', async () => {
    await addTenantRow(db, 'north');
    await step('north', judged(yes));
    const writer = connectionWriter({
      world,
      notices: parts().notices,
      checkEveryMs: parts().checkEveryMs,
      isMailboxFilling: parts().isMailboxFilling,
      isOldOneAlive: parts().isOldOneAlive,
      forgetUnconfirmed,
      record: () => Promise.reject(new Error('synthetic')),
    });
    const fails = transactionOn(db)(async (trx) => {
      const before = await connectionStore(trx).forTenant('north').find();
      if (!before) throw new Error('not found');
      await writer.save(trx, { ...before, health: nextHealth(before.health, checked(no), at.toISOString()) });
    });
    await expect(fails).rejects.toThrow('synthetic');
    expect(await counts()).toEqual(new Map([['healthy', 1]]));
    expect(await incidentStore(db).findOpen('connection', 'north')).toBeUndefined();
  });

  it('counts every tenant in exactly one state, whatever changes run in parallel', async () => {
    const event = fc.constantFrom(submitted, judged(yes), judged(no), checked(yes), checked(no));
    const life = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), event), { maxLength: 12 });
    for (const id of ['a', 'b', 'c']) await addTenantRow(db, id);
    await fc.assert(
      fc.asyncProperty(life, async (steps) => {
        await Promise.all(steps.map(([tenantId, one]) => step(tenantId, one)));
        const rows = await db<{ state: string; cause: string | null }>('connections').select('state', 'cause');
        const expected = new Map<string, number>();
        for (const { state, cause } of rows) {
          const name = `${state} ${cause ?? ''}`.trim();
          expected.set(name, (expected.get(name) ?? 0) + 1);
        }
        expect(await counts()).toEqual(expected);
        for (const { tenant_id: tenantId, state } of await db<{ tenant_id: string; state: string }>('connections')) {
          const open = await incidentStore(db).findOpen('connection', tenantId);
          expect(open !== undefined).toBe(state === 'failing');
        }
      }),
      { numRuns: 15 },
    );
  });

  it('lists the tenants of a state page by page, most recently changed first', async () => {
    for (let n = 0; n < 7; n += 1) {
      await addTenantRow(db, `t${n}`);
      pass(n === 3 ? 0 : 1000); // two at the same time
      await step(`t${n}`, judged(yes));
      if (n !== 5) await step(`t${n}`, checked(n === 6 ? { kind: 'refused', cause: 'owner_inactive' } : no));
    }
    const store = connectionStore(db);
    const seen: string[] = [];
    for (let after: StateCursor | undefined; ;) {
      const page = await store.inState({ state: 'failing' }, 2, after);
      seen.push(...page.map(({ tenantId }) => tenantId));
      after = page.at(-1);
      if (page.length < 2) break;
    }
    expect(seen).toEqual(['t6', 't4', 't3', 't2', 't1', 't0']);
    expect((await store.inState({ state: 'failing', cause: 'owner_inactive' }, 10)).map((it) => it.tenantId)).toEqual([
      't6',
    ]);
  });
});
