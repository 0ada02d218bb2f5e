// Also on PostgreSQL: messages are leased with SKIP LOCKED.
import { randomUUID } from 'node:crypto';
import { openDatabase, transactionOn, type Knex } from '../../src/platform/database/database.js';
import {
  messagesAbout,
  outboxReader,
  outboxWriter,
  stalledOutbox,
  type Delivery,
  type OutboxItem,
} from '../../src/platform/outbox.js';
import {
  generateSealingKeys,
  privateKeySealing,
  type Opener,
  type Sealer,
} from '../../src/platform/sealing/sealing.js';
import { realWorld, type World } from '../../src/platform/world.js';
import { aDatabaseUrl } from '../support/database/databases.js';

let url: string;
let db: Knex;
let sealing: Sealer & Opener;
let world: World;
let clock: Date;

const pass = (milliseconds: number) => {
  clock = new Date(clock.getTime() + milliseconds);
};
const delivered = () => Promise.resolve<Delivery>({ kind: 'delivered' });
const again = () => Promise.resolve<Delivery>({ kind: 'again', error: 'down' });
const reader = (name: string, on: Knex = db) => outboxReader(on, sealing, world, name);
const write = (payload: unknown, tenantId: string | null = null) =>
  outboxWriter(sealing, world)(db, { kind: 'mail', tenantId, payload });
const row = async () => (await db('outbox').select())[0] as Record<string, unknown>;

beforeAll(async () => {
  sealing = await privateKeySealing((await generateSealingKeys()).privateJwks);
});

beforeEach(async () => {
  clock = new Date('2026-01-15T09:00:00.000Z');
  world = { ...realWorld, now: () => clock, newId: () => randomUUID() };
  url = await aDatabaseUrl();
  db = openDatabase(url);
});

afterEach(() => db.destroy());

it('delivers a message once and keeps no payload afterwards', async () => {
  await write({ link: 'https://portal.example/invitations/abc' }, 'north');
  const got: OutboxItem[] = [];
  const take = (item: OutboxItem) => {
    got.push(item);
    return delivered();
  };
  expect(await reader('a').deliverDue(take)).toBe(1);
  expect(await reader('a').deliverDue(take)).toBe(0);
  expect(got).toEqual([
    expect.objectContaining({ kind: 'mail', attempts: 1, payload: { link: 'https://portal.example/invitations/abc' } }),
  ]);
  expect(await row()).toMatchObject({
    sealed: '',
    outcome: 'delivered',
    finished_at: clock.toISOString(),
    lease_until: null,
  });
});

it('stores a payload only sealed and bound to its row and tenant', async () => {
  await write('a link that opens something', 'north');
  const { sealed } = await row();
  expect(sealed).not.toMatch(/a link|that opens|something/);
  await db('outbox').update({ tenant_id: 'south' });
  expect(await reader('a').deliverDue(delivered)).toBe(1);
  expect(await row()).toMatchObject({ outcome: null, last_error: 'cannot_open' });
});

it('sends nothing from a transaction that was rolled back', async () => {
  const failing = transactionOn(db)(async (trx) => {
    await outboxWriter(sealing, world)(trx, { kind: 'mail', tenantId: null, payload: 1 });
    throw new Error('the change failed');
  });
  await expect(failing).rejects.toThrow('the change failed');
  expect(await reader('a').deliverDue(delivered)).toBe(0);
});

it('retries at growing intervals, then gives up and deletes the payload', async () => {
  await write('x');
  const pauses: number[] = [];
  for (let tries = 1; (await row())['finished_at'] === null; tries += 1) {
    expect(await reader('a').deliverDue(again)).toBe(1);
    expect(await reader('a').deliverDue(again)).toBe(0);
    const { due_at: due, last_error: error } = await row();
    expect(error).toBe('down');
    pauses.push(new Date(due as string).getTime() - clock.getTime());
    pass(Math.max(0, pauses.at(-1)!));
    expect(tries).toBeLessThan(20);
  }
  expect(pauses.slice(0, -1)).toEqual([...pauses.slice(0, -1)].sort((a, b) => a - b));
  expect(pauses.slice(0, -1).reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(12 * 3_600_000);
  expect(await row()).toMatchObject({ outcome: 'gave_up', last_error: 'down', sealed: '' });
});

it('gives up immediately when the delivery says so', async () => {
  await write('x');
  await reader('a').deliverDue(() => Promise.resolve({ kind: 'gave_up', error: 'address_refused' }));
  expect(await row()).toMatchObject({ outcome: 'gave_up', last_error: 'address_refused', sealed: '' });
});

it('delivers the messages after one that throws or cannot be opened', async () => {
  await write('throws');
  pass(1);
  await write('tampered with');
  pass(1);
  await write('fine');
  const [, second] = (await db('outbox').orderBy('created_at')) as { id: string }[];
  await db('outbox').where({ id: second!.id }).update({ sealed: '{}' });
  const got: unknown[] = [];
  const count = await reader('a').deliverDue(({ payload }) => {
    if (payload === 'throws') throw new Error('holds the mail');
    got.push(payload);
    return delivered();
  });
  expect([count, got]).toEqual([3, ['fine']]);
  const errors = (await db('outbox').orderBy('created_at').select('last_error')) as unknown[];
  expect(errors).toEqual([{ last_error: 'delivery_failed' }, { last_error: 'cannot_open' }, { last_error: null }]);
});

describe('a reader that dies', () => {
  it('leaves its message to another reader after the lease has expired, not before', async () => {
    await write('x');
    // The first one never continues: its process was killed during the delivery.
    const begun = new Promise<void>((resolve) => {
      void reader('killed').deliverDue(() => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    await begun;
    pass(59_999);
    expect(await reader('b').deliverDue(delivered)).toBe(0);
    pass(1);
    expect(await reader('b').deliverDue(delivered)).toBe(1);
    expect(await row()).toMatchObject({ outcome: 'delivered', attempts: 2 });
  });

  it('cannot settle a message that another reader has taken over', async () => {
    await write('x');
    let answer: (delivery: Delivery) => void = () => undefined;
    let late: Promise<number> | undefined;
    await new Promise<void>((resolve) => {
      late = reader('slow').deliverDue(() => {
        resolve();
        return new Promise((settle) => (answer = settle));
      });
    });
    pass(60_000);
    await reader('b').deliverDue(again);
    const afterB = await row();
    answer({ kind: 'delivered' });
    await late;
    expect(await row()).toEqual(afterB);
  });
});

it('gives each message to exactly one of several parallel readers', async () => {
  const handles = [0, 1, 2].map(() => openDatabase(url));
  const total = 120;
  await db.transaction(async (trx) => {
    const enqueue = outboxWriter(sealing, world);
    for (let n = 0; n < total; n += 1) await enqueue(trx, { kind: 'mail', tenantId: null, payload: n });
  });
  const got: unknown[] = [];
  const taken = handles.map((handle, n) => {
    const mine = reader(`reader ${n}`, handle);
    return async () => {
      // Finding fewer than ten free messages looks like the end of the queue, so each reader asks until all are
      // settled.
      while (got.length < total) {
        await new Promise(setImmediate);
        await mine.deliverDue(async ({ payload }) => {
          got.push(payload);
          await new Promise(setImmediate);
          return { kind: 'delivered' };
        });
      }
    };
  });
  await Promise.all(taken.map((work) => work()));
  expect(got.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, n) => n));
  await Promise.all(handles.map((handle) => handle.destroy()));
});

describe('what became of a message', () => {
  const about = (id: string, tenantId: string | null = 'north') =>
    outboxWriter(sealing, world)(db, { kind: 'mail', tenantId, payload: id, about: id });
  const answers = (delivery: Delivery) => reader('a').deliverDue(() => Promise.resolve(delivery));
  const stateOf = async (id: string, tenantId: string | null = 'north') =>
    (await messagesAbout(db, tenantId, [id])).get(id);

  it('is known by what it is about: it waits, is tried again, was delivered or given up', async () => {
    await about('one');
    expect(await stateOf('one')).toEqual({ kind: 'waiting', error: null, nextAt: clock });
    await answers({ kind: 'again', error: 'smtp_4xx' });
    const nextAt = new Date('2026-01-15T09:00:05.000Z');
    expect(await stateOf('one')).toEqual({ kind: 'waiting', error: 'smtp_4xx', nextAt });
    pass(5_000);
    await answers({ kind: 'delivered' });
    expect(await stateOf('one')).toEqual({ kind: 'delivered', at: nextAt });
    await about('two');
    await answers({ kind: 'gave_up', error: 'address_refused' });
    expect(await stateOf('two')).toEqual({ kind: 'gave_up', at: nextAt, error: 'address_refused' });
    expect(await stateOf('three')).toBeUndefined();
  });

  it('is that of the newest message about it, unless that one was not wanted any more', async () => {
    await about('one');
    await answers({ kind: 'delivered' });
    const at = clock;
    pass(1000);
    await about('one');
    expect(await stateOf('one')).toMatchObject({ kind: 'waiting' });
    await answers({ kind: 'gave_up', error: 'not_wanted' });
    expect(await stateOf('one')).toEqual({ kind: 'delivered', at });
  });

  it('is not told to another tenant', async () => {
    await about('one');
    await about('two', null);
    expect([await stateOf('one', 'south'), await stateOf('one', null), await stateOf('two')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await stateOf('two', null)).toMatchObject({ kind: 'waiting' });
  });
});

describe('an outbox in which nothing goes out', () => {
  const MINUTE_MS = 60_000;
  const stalled = () => stalledOutbox(db, clock, ['looks_only']);
  const writeKind = (kind: string) => outboxWriter(sealing, world)(db, { kind, tenantId: null, payload: 1 });

  it('is told after 15 minutes, with the time and the last error of the oldest message', async () => {
    const since = clock;
    await writeKind('mail');
    pass(15 * MINUTE_MS - 1);
    expect(await stalled()).toBeNull();
    pass(1);
    expect(await stalled()).toEqual({ since, error: null });
    await reader('a').deliverDue(() => Promise.resolve({ kind: 'again', error: 'smtp_auth' }));
    await writeKind('mail');
    expect(await stalled()).toEqual({ since, error: 'smtp_auth' });
  });

  it('is not told while other messages go out, or if nothing waits', async () => {
    await writeKind('mail');
    await reader('a').deliverDue(again);
    pass(10 * MINUTE_MS);
    await writeKind('mail');
    await reader('b').deliverDue(({ attempts }) => (attempts === 1 ? delivered() : again()));
    pass(15 * MINUTE_MS - 1);
    expect(await stalled()).toBeNull();
    pass(1);
    expect(await stalled()).not.toBeNull();
    await reader('c').deliverDue(() => Promise.resolve({ kind: 'gave_up', error: 'address_refused' }));
    expect(await stalled()).toBeNull();
  });

  it('is told although messages are handled that send nothing', async () => {
    await writeKind('mail');
    pass(15 * MINUTE_MS);
    await writeKind('looks_only');
    await reader('a').deliverDue(({ kind }) => (kind === 'mail' ? again() : delivered()));
    expect(await stalled()).toMatchObject({ error: 'down' });
    pass(60 * MINUTE_MS);
    await reader('a').deliverDue(delivered);
    await writeKind('looks_only');
    pass(15 * MINUTE_MS);
    expect(await stalled()).toBeNull();
  });
});
