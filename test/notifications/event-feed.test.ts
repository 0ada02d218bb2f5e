// Also on PostgreSQL: numbers and their order.
import request from 'supertest';
import { eventAnswer } from '../../src/notifications/event-api.js';
import { eventStore, type NewEvent } from '../../src/notifications/event-store.js';
import { anApi, type TestApi } from '../api/support.js';
import { eventually } from '../support/eventually.js';

type Listed = { id: string; seq: number; type: string; tenant: string | null };

describe('the events for programs', () => {
  let api: TestApi;
  let north: string;
  let south: string;
  const world = { now: () => api.test.clock(), newId: () => crypto.randomUUID() };

  beforeAll(async () => {
    api = await anApi();
    north = await api.test.addTenant('North Clinic');
    south = await api.test.addTenant('South Clinic');
    await api.test.db('tenants').where({ id: north }).update({ external_ref: 'N "1" \\ é \u2028' });
  });
  afterAll(() => api.test.close());

  const record = (tenantId: string | null, type: NewEvent['type'] = 'connection.failing') => {
    const data = { cause: 'owner_inactive', fix_owner: 'tenant' } as const;
    return eventStore(api.test.db, world).append({ type, tenantId, data } as NewEvent);
  };
  const feed = async (query = '', key = 'all.jobs') => {
    const { status, body } = await api.call('get /events', '', { query, key });
    return { status, body, events: (body.events ?? []) as Listed[], next: Number(body.next_after) };
  };
  const failure = async (query: string) => {
    const { status, body } = await feed(query);
    return { status, cause: body.cause, retryable: body.retryable };
  };
  /** @returns the number of the newest event, after the worker has numbered all */
  const numbered = async () => {
    await eventually('all events are numbered', async () => {
      api.test.portal.look();
      return (await api.test.db('events').whereNull('seq').select('id')).length === 0;
    });
    return feed();
  };

  it('SEC-38: are read in order, a page at a time, each once, by a reader that follows next_after', async () => {
    const { next: before } = await feed();
    const ids = [await record(north), await record(null, 'incident.opened'), await record(south)];
    const { next: newest } = await numbered();
    expect(newest).toBe(before + 3);
    const first = await feed(`?after=${before}&limit=2`);
    expect(first.events.map(({ id, seq }) => [id, seq])).toEqual([
      [ids[0], before + 1],
      [ids[1], before + 2],
    ]);
    expect(first.next).toBe(before + 2);
    const second = await feed(`?after=${first.next}&limit=2`);
    expect(second).toMatchObject({ events: [{ id: ids[2], tenant: south }], next: newest });
    expect(await feed(`?after=${newest}`)).toMatchObject({ status: 200, events: [], next: newest });
  });

  it('are the stored bytes, with the ISV’s own id, and nothing that is not described', async () => {
    const { next: before } = await feed();
    const id = await record(north);
    await numbered();
    const { text, headers } = await request(api.test.portal.app)
      .get(`/api/v1/events?after=${before}`)
      .set('Authorization', 'Bearer all.jobs');
    const body = (await api.test.db('events').where({ id }).first<{ body: string }>('body')).body;
    expect(text).toBe(`{"events":[${body}],"next_after":${before + 1}}`);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(eventAnswer.parse(JSON.parse(body))).toEqual({
      id,
      seq: before + 1,
      type: 'connection.failing',
      at: expect.any(String),
      tenant: north,
      external_ref: 'N "1" \\ é \u2028',
      data: { cause: 'owner_inactive', fix_owner: 'tenant' },
    });
  });

  it('are those of its clinics for a key that is for some, without those of the whole portal', async () => {
    const { next: before } = await feed();
    await record(north);
    await record(null, 'incident.closed');
    await record(south);
    await record(north);
    const { next: newest } = await numbered();
    const own = await feed(`?after=${before}`, `only.${south}`);
    expect(own.events.map(({ seq, tenant }) => [seq, tenant])).toEqual([[before + 3, south]]);
    expect(own.next).toBe(newest); // so that it stays with the newest, though it sees few
    const page = await feed(`?after=${before}&limit=1`, `only.${north}`);
    expect(page).toMatchObject({ events: [{ seq: before + 1 }], next: before + 1 });
  });

  it('beyond the newest are 410 feed_restarted, as after a restore of an older database', async () => {
    await record(north);
    const { next: newest } = await numbered();
    const restarted = { status: 410, cause: 'feed_restarted', retryable: false };
    expect(await failure(`?after=${newest + 1}`)).toEqual(restarted);
    await api.test.db('events').where({ seq: newest }).delete();
    await api.test
      .db('sequences')
      .whereNot({ name: 'audit' })
      .update({ last: newest - 1 });
    expect(await failure(`?after=${newest}`)).toEqual(restarted);
    expect((await feed(`?after=${newest - 1}`)).events).toEqual([]);
    for (const cause of ['feed_restarted', 'events_expired'])
      expect((await request(api.test.portal.app).get(`/docs/errors/${cause}`)).status).toBe(200);
  });

  it('that were deleted are 410 events_expired, and without a number the oldest kept come first', async () => {
    for (const tenant of [north, south, north]) await record(tenant);
    const { next: newest } = await numbered();
    await api.test
      .db('events')
      .where('seq', '<', newest - 1)
      .delete();
    expect(await failure('?after=0')).toEqual({ status: 410, cause: 'events_expired', retryable: false });
    expect(await failure(`?after=${newest - 3}`)).toMatchObject({ cause: 'events_expired' });
    expect((await feed(`?after=${newest - 2}`)).events).toHaveLength(2);
    expect((await feed()).events.map(({ seq }) => seq)).toEqual([newest - 1, newest]);
    await api.test.db('events').delete();
    expect(await failure(`?after=${newest - 1}`)).toMatchObject({ cause: 'events_expired' });
    for (const query of ['', `?after=${newest}`])
      expect(await feed(query)).toMatchObject({ status: 200, events: [], next: newest });
  });

  it.each([
    '?after=',
    '?after=-1',
    '?after=1e3',
    '?after=1.5',
    '?after=9999999999999999',
    '?limit=0',
    '?limit=501',
    '?since=1',
  ])('are refused with 400 for %s', async (query) => {
    expect(await failure(query)).toMatchObject({ status: 400, cause: 'invalid_query' });
  });

  it('need the scope tenants:read', async () => {
    expect((await feed('', 'poor.jobs')).status).toBe(403);
  });

  it('are kept for 90 days unless configured, and deleted from the oldest on', async () => {
    const day = (days: number) => new Date(api.test.clock().getTime() + days * 86_400_000).toISOString();
    for (const tenant of [north, south, north]) await record(tenant);
    const { next: newest } = await numbered();
    await api.test.db('events').update({ at: day(0) });
    // The clock stood back: what follows an event that is kept is kept too.
    await api.test
      .db('events')
      .where({ seq: newest })
      .update({ at: day(-100) });
    await api.test
      .db('events')
      .where({ seq: newest - 2 })
      .update({ at: day(-90.1) });
    await api.test.portal.clean();
    expect((await feed()).events.map(({ seq }) => seq)).toEqual([newest - 1, newest]);
    api.test.clock.advance(90.1 * 86_400_000);
    await api.test.portal.clean();
    expect((await feed()).events).toEqual([]);
    expect(await failure(`?after=${newest - 1}`)).toMatchObject({ cause: 'events_expired' });
    expect(await feed(`?after=${newest}`)).toMatchObject({ status: 200, next: newest });
  });
});
