import type { Knex } from '../../src/platform/database/database.js';
import { tokenFlights } from '../../src/tokens/token-flights.js';
import { aMigratedDatabase } from '../support/database/databases.js';
import { addTenantRow } from '../support/credential-rows.js';
import { eventually } from '../support/eventually.js';

let db: Knex;
beforeAll(async () => {
  db = await aMigratedDatabase();
});
afterAll(() => db.destroy());

/** A process whose waits end when the test says so. */
function aProcess() {
  let at = Date.parse('2026-11-21T12:00:00Z');
  const waits = new Map<number, () => void>();
  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      waits.set(ms, resolve);
      signal?.addEventListener('abort', () => resolve());
    });
  const world = { now: () => new Date(at), newId: () => 'a process', wait };
  return {
    flights: tokenFlights({ db, world }),
    /** Lets this much time pass, for those who wait for exactly so long. */
    pass: async (ms: number) => {
      await eventually(`it waits for ${ms} ms`, () => Promise.resolve(waits.has(ms)));
      at += ms;
      const end = waits.get(ms);
      waits.delete(ms);
      end?.();
    },
    leaseMs: async (tenantId: string) => {
      const row = (await db('token_flights').where({ tenant_id: tenantId }).first()) as
        { held_until: string } | undefined;
      return row ? Date.parse(row.held_until) - at : null;
    },
  };
}

it('the lease of a flight ends within 15 seconds after its process dies, and is renewed for a minute while it lives', async () => {
  await addTenantRow(db, 'north');
  const { flights, pass, leaseMs } = aProcess();
  const never = new Promise<never>(() => undefined);
  void flights.join({ tenantId: 'north', credentialId: 'c', scopes: '' }, () => never);
  await eventually('it flies', async () => (await leaseMs('north')) !== null);
  expect(await leaseMs('north')).toBe(12_000);
  for (let renewed = 4; renewed < 60; renewed += 4) {
    await pass(4_000);
    await eventually('it is renewed', async () => (await leaseMs('north')) === 12_000);
  }
  await pass(4_000); // a flight that lasts so long is given up
  for (let round = 0; round < 5; round += 1) await db.raw('select 1');
  expect(await leaseMs('north')).toBe(8_000);
});

it('a failure is told to those who ask for the same scopes with the same credential, and to no one else', async () => {
  await addTenantRow(db, 'south');
  const { flights } = aProcess();
  const until = new Date('2026-11-21T12:01:00Z');
  const later = { kind: 'later', until, because: 'unreachable' } as const;
  const calls: string[] = [];
  const failing = (who: string) => () => {
    calls.push(who);
    return Promise.resolve({ later, forMs: 60_000 });
  };
  const first = { tenantId: 'south', credentialId: 'first', scopes: '' };
  expect(await flights.join(first, failing('first'))).toEqual(later);
  expect(await flights.join(first, failing('again'))).toEqual(later);
  expect(calls).toEqual(['first']);
  expect(await flights.join({ ...first, credentialId: 'second' }, failing('second'))).toEqual(later);
  expect(await flights.join({ ...first, scopes: 'ReadMessages' }, failing('fewer scopes'))).toEqual(later);
  expect(await flights.join({ ...first, scopes: 'ReadAccounts' }, failing('other scopes'))).toEqual(later);
  expect(calls).toEqual(['first', 'second', 'fewer scopes', 'other scopes']);
});
