// Also on PostgreSQL: endpoints are leased with SKIP LOCKED, and rows are made beside their removal.
import fc from 'fast-check';
import { transactionOn, type Knex } from '../../src/platform/database/database.js';
import { webhookBodies, type EventType } from '../../src/notifications/event-schemas.js';
import { Secret } from '../../src/platform/secret.js';
import { deliveryStore } from '../../src/webhooks/stores/delivery-store.js';
import { fanOut } from '../../src/webhooks/deliveries/fan-out.js';
import { webhookLoops } from '../../src/webhooks/deliveries/webhook-loops.js';
import { createWake } from '../../src/platform/loop.js';
import { signedHeaders } from '../../src/webhooks/deliveries/signature.js';
import { aMigratedDatabase } from '../support/database/databases.js';
import { eventually } from '../support/eventually.js';
import {
  answered,
  byCommand,
  DAY,
  HOUR,
  isVerified,
  MINUTE,
  SECOND,
  webhookParts,
  type WebhookParts,
} from './support.js';

let db: Knex;
let parts: WebhookParts;
beforeAll(async () => {
  db = await aMigratedDatabase();
});
afterAll(() => db.destroy());
beforeEach(async () => {
  for (const name of ['attempts', 'deliveries', 'secrets', 'endpoints']) await db(`webhook_${name}`).delete();
  parts = await webhookParts(db);
});

const idsGot = () => parts.got.map(({ headers }) => headers['webhook-id']);
const statesOf = async (id: string) => (await parts.service.deliveries(id, 100)).map(({ state }) => state).sort();

it('SEC-38: the library of Standard Webhooks verifies what is signed, with either secret of a rotation, and nothing else', () => {
  const secretText = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((key) => `whsec_${Buffer.from(key).toString('base64')}`);
  const at = new Date('2026-11-21T12:00:00.700Z');
  fc.assert(
    fc.property(fc.uuid(), fc.json(), secretText, secretText, (id, body, first, second) => {
      const headers = signedHeaders(id, at, body, [new Secret(first), new Secret(second)]);
      const request = { url: '', headers, body, at };
      expect([isVerified(first, request), isVerified(second, request)]).toEqual([true, true]);
      expect(isVerified(first, { ...request, body: `${body} ` })).toBe(false);
      expect(isVerified(`whsec_${Buffer.alloc(32, 7).toString('base64')}`, request)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

it('each chosen event is sent once to each endpoint, in its bytes and with its id', async () => {
  const both = await parts.endpoint(['connection.failing', 'connection.recovered'], 'https://a.example.com/in');
  const one = await parts.endpoint(['connection.recovered'], 'https://b.example.com/in');
  const events = await parts.happens('connection.failing', 'connection.recovered', 'invitation.accepted');
  await parts.serve();
  await parts.serve();
  const [failing, recovered] = events;
  const of = (host: string) => parts.got.filter(({ url }) => url.includes(host));
  expect(of('a.example').map(({ body }) => body)).toEqual([failing?.body, recovered?.body]);
  expect(of('b.example').map(({ body }) => body)).toEqual([recovered?.body]);
  expect(idsGot().sort()).toEqual([failing?.id, recovered?.id, recovered?.id].sort());
  expect([...parts.refusedBy(both.secret, of('a.example')), ...parts.refusedBy(one.secret, of('b.example'))]).toEqual(
    [],
  );
  expect(await statesOf(both.id)).toEqual(['delivered', 'delivered']);
});

it('a sequencer that runs twice for an event makes no second row', async () => {
  await parts.endpoint();
  const events = await parts.happens('connection.failing');
  await transactionOn(db)((trx) => fanOut(parts.world)(trx, events));
  await parts.serve();
  expect(parts.got).toHaveLength(1);
});

it('each try has the id of the event, its bytes, and the time of the try', async () => {
  const { secret, id } = await parts.endpoint();
  parts.answers(() => Promise.resolve(answered(500)));
  const [event] = await parts.happens('connection.failing');
  await parts.pass(3 * HOUR);
  parts.answers(() => Promise.resolve(answered(200)));
  await parts.pass(6 * HOUR);
  expect(parts.got.length).toBeGreaterThan(4);
  expect(new Set(idsGot())).toEqual(new Set([event?.id]));
  expect(new Set(parts.got.map(({ body }) => body))).toEqual(new Set([event?.body]));
  const times = parts.got.map(({ at }) => String(Math.floor(at.getTime() / 1000)));
  expect(parts.got.map(({ headers }) => headers['webhook-timestamp'])).toEqual(times);
  expect(parts.refusedBy(secret)).toEqual([]);
  expect(await statesOf(id)).toEqual(['delivered']);
});

it('a secret that is rotated between two tries signs the next one, and the former one too until its end', async () => {
  const { id, secret: former } = await parts.endpoint();
  parts.answers(() => Promise.resolve(answered(500)));
  await parts.happens('connection.failing');
  await parts.serve();
  const next = (await parts.service.rotate(id, 24, byCommand))?.reveal() ?? '';
  await parts.pass(10 * MINUTE);
  const second = parts.got.slice(1, 2);
  expect([parts.refusedBy(former, second), parts.refusedBy(next, second)]).toEqual([[], []]);
  expect(parts.refusedBy(next, parts.got.slice(0, 1))).toHaveLength(1);
  await parts.pass(60 * HOUR, HOUR);
  const last = parts.got.slice(-1);
  expect([parts.refusedBy(former, last).length, parts.refusedBy(next, last).length]).toEqual([1, 0]);
  const third = (await parts.service.rotate(id, 0, byCommand))?.reveal() ?? '';
  parts.got.length = 0;
  await parts.pass(DAY, HOUR);
  expect([parts.refusedBy(next).length, parts.refusedBy(third).length]).toEqual([parts.got.length, 0]);
});

it('a rotation without an overlap ends every former secret, also one that was given longer', async () => {
  const { id, secret: first } = await parts.endpoint();
  const second = (await parts.service.rotate(id, 168, byCommand))?.reveal() ?? '';
  const third = (await parts.service.rotate(id, 0, byCommand))?.reveal() ?? '';
  await parts.happens('connection.failing');
  await parts.serve();
  const got = parts.got.length;
  expect(got).toBeGreaterThan(0);
  expect([first, second, third].map((secret) => parts.refusedBy(secret).length)).toEqual([got, got, 0]);
});

it('removing an endpoint ends its open rows, also those that are being made, and destroys its secrets', async () => {
  const { id } = await parts.endpoint();
  parts.answers(() => Promise.resolve(answered(500)));
  await parts.happens('connection.failing');
  await parts.serve();
  await Promise.all([parts.happens('connection.failing'), parts.service.remove(id, byCommand)]);
  const rows = await db('webhook_deliveries')
    .where({ endpoint_id: id, state: 'open' })
    .queryContext({ acrossTenants: 'test' });
  expect(rows).toEqual([]);
  expect(await db('webhook_secrets')).toEqual([]);
  const before = parts.got.length;
  await parts.happens('connection.failing');
  await parts.pass(DAY, HOUR);
  expect(parts.got).toHaveLength(before);
  expect(await parts.service.find(id)).toBeUndefined();
});

it('an endpoint that is removed during a request gets no further one', async () => {
  const { id } = await parts.endpoint();
  parts.answers(async () => {
    await parts.service.remove(id, byCommand);
    return answered(500);
  });
  await parts.happens('connection.failing', 'connection.failing');
  await parts.pass(DAY, HOUR);
  expect(parts.got).toHaveLength(1);
});

it('410 turns an endpoint off, ends its open rows, and tells', async () => {
  const { id } = await parts.endpoint();
  await parts.happens('connection.failing', 'connection.failing');
  parts.answers(() => Promise.resolve(answered(410)));
  await parts.serve();
  expect(parts.got).toHaveLength(1);
  expect(await parts.service.find(id)).toEqual(expect.objectContaining({ state: 'off', offBecause: 'gone' }));
  expect(await statesOf(id)).toEqual(['ended', 'ended']);
  expect(parts.told).toEqual(['made', 'gone', 'incident opened']);
});

it('a slow endpoint holds up no other, and each gets one request at a time', async () => {
  const open = new Map<string, number>();
  let most = 0;
  const waiting: (() => void)[] = [];
  for (let n = 0; n < 10; n += 1) await parts.endpoint(['connection.failing'], `https://e${n}.example.com/in`);
  parts.answers(async (url) => {
    open.set(url, (open.get(url) ?? 0) + 1);
    most = Math.max(most, ...open.values());
    if (url.includes('e3.')) await new Promise<void>((resolve) => waiting.push(resolve));
    open.set(url, (open.get(url) ?? 0) - 1);
    return answered(200);
  });
  await parts.happens('connection.failing', 'connection.failing', 'connection.failing');
  const workers = [parts.aWorker(), parts.aWorker()];
  const others = () => parts.got.filter(({ url }) => !url.includes('e3.')).length;
  for (let n = 0; n < 2000 && others() < 27; n += 1) {
    for (const worker of workers) await worker.startDue(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([others(), most]).toEqual([27, 1]);
  while (waiting.length > 0 || parts.got.length < 30) {
    for (const go of waiting.splice(0)) go();
    for (const worker of workers) await worker.startDue(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(workers.map((worker) => worker.idle()));
  expect([parts.got.length, most, new Set(parts.got.map(({ url, body }) => url + body)).size]).toEqual([30, 1, 30]);
});

it('in an outage one delivery tries for all, and afterwards the window grows', async () => {
  const { id } = await parts.endpoint();
  parts.answers(() => Promise.resolve(answered(503)));
  for (let n = 0; n < 100; n += 1) await parts.happens('connection.failing');
  await parts.pass(2 * HOUR);
  // Not 100 times each: about one each ten minutes.
  expect(parts.got.length).toBeLessThan(25);
  parts.answers(() => Promise.resolve(answered(200)));
  parts.got.length = 0;
  const perSecond: number[] = [];
  for (let n = 0; n < 11 * 60 && (await parts.service.openCount(id)) > 0; n += 1) {
    const before = parts.got.length;
    await parts.pass(SECOND, SECOND);
    if (parts.got.length > before) perSecond.push(parts.got.length - before);
  }
  expect(perSecond).toEqual([1, 2, 4, 8, 16, 32, 37]);
});

it('an error of ours sends nothing, is logged, and does not end the worker', async () => {
  const { id } = await parts.endpoint();
  await db('webhook_secrets').where({ endpoint_id: id }).update({ sealed: '{}' });
  await parts.happens('connection.failing');
  await parts.serve();
  expect([parts.got.length, parts.errors.length]).toEqual([0, 1]);
  expect(await statesOf(id)).toEqual(['open']);
});

describe('an endpoint of which every request fails', () => {
  async function untilOff() {
    const { id, secret } = await parts.endpoint();
    parts.answers(() => Promise.resolve(answered(500)));
    const missed = await parts.happens('connection.failing');
    for (let day = 0; day < 5; day += 1) {
      await parts.pass(DAY, 10 * MINUTE);
      if (day < 4) missed.push(...(await parts.happens('connection.failing')));
    }
    await parts.pass(HOUR, 10 * MINUTE);
    missed.push(...(await parts.happens('connection.failing')));
    return { id, secret, missed };
  }

  it('is never turned off in silence: told at an hour, when an event is given up and at four days, off at five, with an incident', async () => {
    const { id } = await untilOff();
    expect(parts.told).toEqual(['made', 'hour', 'gave up', 'days', 'off', 'incident opened']);
    expect(await parts.service.find(id)).toEqual(expect.objectContaining({ state: 'off', offBecause: 'failing' }));
    expect(await parts.service.openCount(id)).toBe(0);
  });

  it('is used again only after a test, and then gets what it missed, in order and with the same ids', async () => {
    const { id, secret, missed } = await untilOff();
    parts.got.length = 0;
    expect(await parts.service.sendMissed(id, byCommand)).toBe(false);
    expect(await parts.service.resume(id, byCommand)).toBe('checking');
    await parts.serve();
    expect((await parts.service.find(id))?.state).toBe('off');
    parts.answers(() => Promise.resolve(answered(200)));
    expect(await parts.service.resume(id, byCommand)).toBe('checking');
    await parts.serve();
    expect((await parts.service.find(id))?.state).toBe('active');
    expect(parts.got.every(({ headers }) => headers['webhook-id']?.startsWith('test_'))).toBe(true);
    expect(parts.told.slice(-1)).toEqual(['incident closed']);
    parts.got.length = 0;
    expect(await parts.service.sendMissed(id, byCommand)).toBe(true);
    missed.push(...(await parts.happens('connection.failing')));
    await parts.pass(MINUTE, SECOND);
    expect(idsGot().sort()).toEqual(missed.map((event) => event.id).sort());
    expect(parts.refusedBy(secret)).toEqual([]);
    expect((await parts.service.find(id))?.catchUp).toBeNull();
  });
});

it('a paused endpoint gets its events when it is resumed', async () => {
  const { id } = await parts.endpoint();
  expect(await parts.service.pause(id, byCommand)).toBe(true);
  await parts.happens('connection.failing');
  await parts.pass(6 * DAY, HOUR);
  expect(parts.got).toEqual([]);
  expect(await parts.service.resume(id, byCommand)).toBe('active');
  await parts.serve();
  expect(parts.got).toHaveLength(1);
});

it('a pause is not part of an outage: no one is told, and the 75 hours of what waits begin again', async () => {
  const { id } = await parts.endpoint();
  parts.answers(() => Promise.resolve(answered(500)));
  await parts.happens('connection.failing');
  await parts.pass(30 * MINUTE);
  expect(await parts.service.pause(id, byCommand)).toBe(true);
  await parts.pass(6 * DAY, HOUR);
  expect(await parts.service.resume(id, byCommand)).toBe('active');
  await parts.pass(50 * MINUTE);
  expect([parts.told, await statesOf(id)]).toEqual([['made'], ['open']]);
  await parts.pass(20 * MINUTE);
  expect(parts.told).toEqual(['made', 'hour']);
  await parts.pass(73 * HOUR, HOUR);
  expect(await statesOf(id)).toEqual(['open']);
});

it('an event that got its number while the endpoint was off is sent with what was missed, also if it comes at the last moment', async () => {
  const { id } = await parts.endpoint();
  const [first] = parts.eventsOf('connection.failing');
  await db('webhook_endpoints').where({ id }).update({ state: 'off', missed_after: 0 });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let entered: () => void = () => undefined;
  const isIn = new Promise<void>((resolve) => (entered = resolve));
  const used = parts.inEndpoint(id, async ({ endpoints }) => {
    entered();
    await held;
    await endpoints.change(id, ['off'], 'active', parts.world.now());
  });
  await isIn; // otherwise PostgreSQL may give the lock to the one that is to wait for it
  const sending = parts.service.sendMissed(id, byCommand);
  const [last] = parts.eventsOf('connection.failing');
  release();
  await used;
  expect(await sending).toBe(true);
  await parts.pass(10 * SECOND, SECOND);
  expect(idsGot().sort()).toEqual([first?.id, last?.id].sort());
});

it('what an endpoint has missed, however much it is, holds up no delivery that is due', async () => {
  await parts.endpoint();
  await parts.happens('connection.failing');
  const deliveries = parts.aWorker();
  const catchUp = () => new Promise<void>(() => undefined);
  for (const { round } of webhookLoops({ catchUp, deliveries, wake: createWake() })) void round();
  await eventually('the delivery is sent', () => Promise.resolve(parts.got.length > 0));
  await deliveries.idle();
  expect(parts.got).toHaveLength(1);
});

const types = [
  'connection.connected',
  'connection.warning',
  'connection.failing',
  'connection.recovered',
  'connection.unverified',
  'connection.replaced',
  'connection.disconnected',
  'credential.pending',
  'invitation.accepted',
  'tenant.offboarded',
  'tenant.restored',
  'incident.opened',
  'incident.closed',
] as const;

it('a test is an event of its type, with a name that is not ASCII, an escape and an unusual order of keys, and "Send again" keeps id and bytes', async () => {
  const { id, secret } = await parts.endpoint(types);
  for (const type of types) await parts.service.test(id, type, byCommand);
  await parts.serve();
  const bodies = parts.got.map(({ body }) => body);
  const events = bodies.map((body) => JSON.parse(body) as { type: EventType; data: object });
  expect(events.map(({ type }) => type).sort()).toEqual([...types].sort());
  for (const [at, event] of events.entries()) {
    expect([event.type, webhookBodies.get(event.type)?.safeParse(event).error]).toEqual([event.type, undefined]);
    expect(bodies[at]).toMatch(/^\{"data":\{.*Ñandú.*\\u2603/);
    expect(JSON.stringify(event)).not.toBe(bodies[at]);
  }
  expect(Object.keys(events.find(({ type }) => type === 'tenant.offboarded')!.data)).toEqual(['erase_at']);
  expect(Object.keys(events.find(({ type }) => type === 'incident.opened')!.data)).toContain('incident_id');
  expect(parts.refusedBy(secret)).toEqual([]);
  const serialized = parts.got.map((request) => ({ ...request, body: JSON.stringify(JSON.parse(request.body)) }));
  expect(parts.refusedBy(secret, serialized)).toHaveLength(types.length);
  const [row] = await parts.service.deliveries(id, 1);
  expect(await parts.service.sendAgain(id, row?.id ?? '', byCommand)).toBe(true);
  await parts.serve();
  const again = parts.got.at(-1);
  expect(
    parts.got.filter(({ headers, body }) => headers['webhook-id'] === row?.eventId && body === again?.body),
  ).toHaveLength(2);
  expect(parts.settled).toEqual([]);
});

it('a redirect fails; its status, its first kilobyte and its Retry-After count as those of any other answer', async () => {
  const { id } = await parts.endpoint();
  parts.answers(() => Promise.resolve({ ...answered(307, { retryAfter: '7200' }), excerpt: 'Moved' }));
  await parts.happens('connection.failing');
  await parts.serve();
  const [row] = await parts.service.deliveries(id, 1);
  const found = await parts.service.delivery(id, row?.id ?? '');
  expect(found?.attempts.map(({ status, failure, excerpt }) => [status, failure, excerpt])).toEqual([
    [307, 'redirected', 'Moved'],
  ]);
  expect([found?.row.state, found?.row.dueAt]).toEqual(['open', new Date('2026-11-21T14:00:00.000Z')]);
});

it('each request with an event is counted by its outcome, and the oldest event that waits is known', async () => {
  const { id } = await parts.endpoint();
  const paused = await parts.endpoint(['connection.failing'], 'https://paused.example.com/');
  expect(await deliveryStore(db).oldestOpen()).toBeNull();
  await parts.happens('connection.failing');
  const first = parts.world.now();
  await parts.service.pause(paused.id, byCommand);
  parts.answers(() => Promise.resolve(answered(500)));
  await parts.serve();
  await parts.service.test(id, 'connection.failing', byCommand);
  await parts.pass(10 * SECOND, 10 * SECOND);
  await parts.happens('connection.failing');
  expect(await deliveryStore(db).oldestOpen()).toEqual(first);
  parts.answers(() => Promise.resolve(answered(204)));
  await parts.pass(HOUR);
  expect(parts.settled).toEqual(['failed', 'failed', 'delivered', 'delivered']);
  // What waits at an endpoint that is not in use does not count.
  expect(await deliveryStore(db).oldestOpen()).toBeNull();
});

it('a database restored to before an event was sent sends it again, with its id and bytes', async () => {
  const tables = ['webhook_endpoints', 'webhook_secrets', 'webhook_deliveries'];
  const { secret } = await parts.endpoint();
  await parts.happens('connection.failing');
  const backup = await Promise.all(tables.map((table) => db(table).select<object[]>()));
  await parts.serve();
  expect(parts.got).toHaveLength(1);
  for (const name of ['attempts', 'deliveries', 'secrets', 'endpoints']) await db(`webhook_${name}`).delete();
  for (const [at, table] of tables.entries()) await db(table).insert(backup[at]!);
  // An event after the backup is lost, and the next one gets its number: only the ids tell them apart.
  const [later] = await parts.happens('connection.failing');
  await parts.pass(10 * MINUTE);
  expect(idsGot()).toEqual([idsGot()[0], idsGot()[0], later?.id]);
  const [before, after] = parts.got;
  expect(after?.body).toBe(before?.body);
  expect(parts.refusedBy(secret)).toEqual([]);
});
