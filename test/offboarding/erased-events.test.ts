// Also on PostgreSQL: a delivery, the feed and the erasure change the same rows.
import { heldRows } from '../../src/platform/database/held-rows.js';
import { catchUpRound, fanOut } from '../../src/webhooks/deliveries/fan-out.js';
import { withoutRef } from '../../src/notifications/event-body.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { answered, MINUTE, webhookParts } from '../webhooks/support.js';
import { holdings } from './support/planted.js';

const DAY_MS = 86_400_000;
const actor = { kind: 'command_line' } as const;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ env: { RETENTION_ERASURE_DAYS: '7' } });
});
afterAll(() => test.close());

it('SEC-59: the events of an erased clinic stay in the feed without its reference, so that no reader misses one', async () => {
  const north = await test.addTenant('North Clinic');
  const asked = { name: 'Jobs', purpose: 'jobs', scopes: ['tenants:read'], tenantRefs: null, expires: '' };
  const made = await test.portal.services.apiKeys.make(asked, { actor });
  if (!made.ok) throw new Error('no key');
  type Event = { id: string; seq: number; type: string; tenant: string; external_ref: string | null };
  const feed = async () => {
    const headers = { authorization: `Bearer ${made.key.reveal()}` };
    const answer = await fetch(`${test.url}/api/v1/events?after=0`, { headers });
    return ((await answer.json()) as { events: Event[] }).events;
  };
  const numbered = () =>
    eventually('every event has its number', async () => {
      test.portal.look();
      return (await test.db('events').whereNull('seq')).length === 0;
    });
  await test.portal.services.offboarding.offboard(north, actor);
  await test.portal.services.offboarding.undo(north, actor);
  await test.portal.services.offboarding.offboard(north, actor);
  await numbered();
  const before = await feed();
  expect(before.map(({ seq, type, external_ref: ref }) => [seq, type, ref])).toEqual([
    [1, 'tenant.offboarded', 'ref-north-clinic'],
    [2, 'tenant.restored', 'ref-north-clinic'],
    [3, 'tenant.offboarded', 'ref-north-clinic'],
  ]);
  test.clock.advance(7 * DAY_MS + 1000);
  await test.portal.clean();
  expect(await feed()).toEqual(before.map((event) => ({ ...event, external_ref: null })));
  // One that gets its number only now has no reference either.
  const late = { id: 'late', at: new Date(0).toISOString(), type: 'tenant.offboarded', tenant_id: north, data: '{}' };
  await test.db('events').insert(late);
  await numbered();
  expect((await feed()).at(-1)).toMatchObject({ id: 'late', seq: 4, external_ref: null });
});

it('the text of an event keeps its order and its bytes, but for the reference', () => {
  const body = '{"id":"1","seq":2,"tenant":"t","external_ref":"Ñandú","data":{"cause":null}}';
  expect(withoutRef(body)).toBe('{"id":"1","seq":2,"tenant":"t","external_ref":null,"data":{"cause":null}}');
  expect(withoutRef(withoutRef(body))).toBe(withoutRef(body));
});

describe('a webhook of a clinic that is erased', () => {
  it('SEC-59: is still delivered with its id, without the reference, and what a receiver echoed is not kept', async () => {
    const south = await test.addTenant('South Clinic');
    const parts = await webhookParts(test.db);
    const { id: endpointId, secret } = await parts.endpoint(['tenant.offboarded']);
    const [event] = parts.eventsOf('tenant.offboarded');
    const body = event!.body.replace('"data"', '"external_ref":"ref-south-clinic","data"');
    await test.db.transaction((trx) => fanOut(parts.world)(trx, [{ ...event!, tenantId: south, body }]));
    const erase = async () => {
      for (const table of ['webhook_deliveries', 'webhook_attempts']) {
        const held = holdings.find((one) => one.table === table)!;
        await test.db.transaction((trx) => heldRows(trx, held, south).eraseSome(parts.world.now()));
      }
    };
    parts.answers(async (_url, _headers, sent) => {
      await erase();
      return { ...answered(500), excerpt: `cannot read ${sent}` } as never;
    });
    await parts.serve();
    parts.answers(() => Promise.resolve(answered(204)));
    await parts.pass(5 * MINUTE);
    expect(parts.got.map(({ headers }) => headers['webhook-id'])).toEqual([event!.id, event!.id]);
    expect(parts.got.map((one) => one.body.includes('ref-south-clinic'))).toEqual([true, false]);
    expect(parts.got[1]?.body).toBe(withoutRef(body));
    expect(parts.refusedBy(secret)).toEqual([]);
    const attempts = await test.db('webhook_attempts').select<{ excerpt: string }[]>('excerpt');
    expect(attempts.map(({ excerpt }) => excerpt)).toEqual(['', '']);
    expect(await test.db('webhook_deliveries').where({ endpoint_id: endpointId }).pluck('state')).toEqual([
      'delivered',
    ]);
  });

  it('what an endpoint has missed is read in the transaction that copies it, after the lock that an erasure takes', async () => {
    const parts = await webhookParts(test.db);
    const { id } = await parts.endpoint();
    await test.db('webhook_endpoints').where({ id }).update({ catch_up_after: 0, catch_up_until: 1 });
    const handles: (boolean | undefined)[] = [];
    const read = (db: { isTransaction?: boolean }) => {
      handles.push(db.isTransaction);
      const none = () => Promise.resolve(0);
      return { after: () => Promise.resolve([]), newestSeq: none, countAfter: none };
    };
    await catchUpRound({ db: test.db, world: parts.world, inEndpoint: parts.inEndpoint, events: read })();
    expect(handles).toEqual([true]);
  });
});
