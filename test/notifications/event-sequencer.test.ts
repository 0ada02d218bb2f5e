// Also on PostgreSQL: what an open transaction hides, and the order of commits.
import fc from 'fast-check';
import { eventReader } from '../../src/notifications/event-reader.js';
import { eventSequencer } from '../../src/notifications/event-sequencer.js';
import { eventStore, type OnSequenced, type SequencedEvent } from '../../src/notifications/event-store.js';
import { openDatabase, transactionOn, type Knex } from '../../src/platform/database/database.js';
import { tenantReader } from '../../src/tenants/tenant-reader.js';
import { aDatabase, addTenantRow, aNow } from '../support/credential-rows.js';
import { aDatabaseUrl, isPostgres } from '../support/database/databases.js';

type Row = { nr: number; id: string; seq: number | null; body: string | null };
const RUNS = 20;

describe('numbering events', () => {
  let db: Knex;
  let writers: Knex;
  let ids = 0;
  const world = { now: () => aNow, newId: () => `event-${(ids += 1)}` };

  beforeAll(async () => {
    const url = await aDatabaseUrl();
    db = await aDatabase(url);
    writers = openDatabase(url);
    await addTenantRow(db, 'north');
  });
  beforeEach(async () => {
    await db('events').delete();
    await db('sequences').delete();
  });
  afterAll(() => Promise.all([db.destroy(), writers.destroy()]));

  const record = (trx: Knex, tenantId: string | null = 'north') =>
    eventStore(trx, world).append({ type: 'connection.failing', tenantId, data: { cause: 'key_rejected' } } as never);
  const sequencerWith = (...onSequenced: OnSequenced[]) =>
    eventSequencer({
      db,
      transaction: transactionOn(db),
      world,
      refsOf: (trx, tenantIds) => tenantReader(trx).refsOf(tenantIds),
      onSequenced,
    });
  const stored = () => db<Row>('events').orderBy('nr').select('nr', 'id', 'seq', 'body');

  /** A transaction that has recorded an event. SQLite has one writer at a time: there it writes when it commits. */
  async function aWriter() {
    const trx = isPostgres ? await writers.transaction() : undefined;
    const id = trx && (await record(trx));
    return {
      commit: async () => {
        if (!trx) return transactionOn(db)(record);
        await trx.commit();
        return id ?? '';
      },
      rollback: async () => {
        await trx?.rollback();
      },
    };
  }

  it('two open transactions both record an event, and the later commit gets the later number', async () => {
    const first = await aWriter();
    const second = await aWriter(); // the first is still open, and nothing waits for it
    const sequence = sequencerWith();
    const later = [await second.commit()];
    await sequence();
    later.push(await first.commit());
    await sequence();
    const rows = await db<Row>('events').orderBy('seq').select('id', 'seq');
    expect(rows.map(({ id, seq }) => [id, Number(seq)])).toEqual(later.map((id, n) => [id, n + 1]));
  });

  it('hands on each event with the exact text that is stored, and with the id of the ISV', async () => {
    const handed: SequencedEvent[] = [];
    const id = await record(db);
    const ofPortal = await record(db, null);
    await sequencerWith((_trx, events) => Promise.resolve(void handed.push(...events)))();
    const at = '2026-11-21T09:00:00.000Z';
    expect(handed).toEqual([
      { seq: 1, id, type: 'connection.failing', tenantId: 'north', at: aNow, body: expect.any(String) },
      { seq: 2, id: ofPortal, type: 'connection.failing', tenantId: null, at: aNow, body: expect.any(String) },
    ]);
    const end = '"data":{"cause":"key_rejected"}}';
    expect(handed.map(({ body }) => body)).toEqual([
      `{"id":"${id}","seq":1,"type":"connection.failing","at":"${at}","tenant":"north","external_ref":"north",${end}`,
      `{"id":"${ofPortal}","seq":2,"type":"connection.failing","at":"${at}","tenant":null,"external_ref":null,${end}`,
    ]);
    expect((await stored()).map(({ body }) => body)).toEqual(handed.map(({ body }) => body));
  });

  it('an event without its number is neither listed nor sent, also beside one that has its number', async () => {
    await record(db);
    await sequencerWith()();
    await record(db);
    const everything = { after: -1, last: 1_000, limit: 10 };
    for (const of of [null, ['north']])
      expect(
        (await eventStore(db, world).page(everything, of)).map(({ body }) => (JSON.parse(body) as Row).seq),
      ).toEqual([1]);
    expect((await eventReader(db).after(-1, 10)).map(({ seq }) => seq)).toEqual([1]);
    expect(await eventReader(db).newestSeq()).toBe(1);
    expect(Number(await eventStore(db, world).oldest())).toBe(1);
  });

  it('gives no number and hands on nothing if a step of the transaction fails, and all of it the next time', async () => {
    await record(db);
    const failing = sequencerWith(async (trx) => {
      await trx('tenants').where({ id: 'north' }).update({ name: 'Handed on' });
      throw new Error('synthetic');
    });
    await expect(failing()).rejects.toThrow('synthetic');
    expect(await stored()).toMatchObject([{ seq: null, body: null }]);
    expect(await db('tenants').where({ id: 'north' }).pluck('name')).toEqual(['Clinic north']);
    expect(await sequencerWith()()).toBe(1);
    expect((await stored()).map(({ seq }) => Number(seq))).toEqual([1]);
  });

  it('an event that gets its number just after the retention found nothing to keep is kept', async () => {
    const row = { id: 'just-now', at: aNow.toISOString(), type: 'incident.opened', data: '{}', seq: 1, body: '{}' };
    let numbered: Promise<unknown> = Promise.resolve();
    db.once('query-response', () => {
      numbered = db('events')
        .insert(row)
        .then(() => undefined);
    });
    await eventStore(db, world).deleteBefore(new Date(aNow.getTime() - 90 * 86_400_000));
    await numbered;
    expect(await stored()).toMatchObject([{ id: 'just-now' }]);
  });

  it('numbers more events than one transaction holds, with two workers at once, each once', async () => {
    const data = '{}';
    const at = aNow.toISOString();
    const rows = Array.from({ length: 450 }, (_, n) => ({ id: `bulk-${n}`, at, type: 'incident.opened', data }));
    await db.batchInsert('events', rows, 100);
    const handed: number[] = [];
    const sequence = sequencerWith((_trx, events) =>
      Promise.resolve(void handed.push(...events.map(({ seq }) => seq))),
    );
    const done = await Promise.all([sequence(), sequence()]);
    expect(done[0] + done[1]).toBe(450);
    expect(handed.sort((a, b) => a - b)).toEqual(Array.from({ length: 450 }, (_, n) => n + 1));
  });

  type Step = { do: 'open' | 'sequence' | 'read' } | { do: 'commit' | 'rollback'; which: number };
  const step = fc.oneof(
    fc.constantFrom<Step>({ do: 'open' }, { do: 'sequence' }, { do: 'read' }),
    fc.record({ do: fc.constantFrom('commit' as const, 'rollback' as const), which: fc.nat({ max: 3 }) }),
  );

  /**
   * Runs the steps, with a reader that continues after the last number it saw.
   *
   * @returns the ids that were committed, those that were seen, and the numbers that were handed on
   */
  async function run(steps: readonly Step[], column: 'seq' | 'nr') {
    await db('events').delete();
    await db('sequences').delete();
    let open: Awaited<ReturnType<typeof aWriter>>[] = [];
    const committed: string[] = [];
    const seen: string[] = [];
    const handed: number[] = [];
    let after = 0;
    const sequence = sequencerWith((_trx, events) =>
      Promise.resolve(void handed.push(...events.map(({ seq }) => seq))),
    );
    const read = async () => {
      const rows = await db<Row>('events').where(column, '>', after).orderBy(column).select('id', 'nr', 'seq');
      seen.push(...rows.map(({ id }) => id));
      after = rows.at(-1)?.[column] ?? after;
    };
    for (const one of steps) {
      if (one.do === 'open' && open.length < 4) open.push(await aWriter());
      if (one.do === 'sequence') await sequence();
      if (one.do === 'read') await read();
      const writer = 'which' in one ? open[one.which] : undefined;
      if (!writer) continue;
      if (one.do === 'commit') committed.push(await writer.commit());
      else await writer.rollback();
      open = open.filter((other) => other !== writer);
    }
    for (const writer of open) committed.push(await writer.commit());
    await sequence();
    await read();
    return { committed, seen, handed };
  }

  it('a reader that follows the numbers sees each committed event exactly once, whatever commits when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { committed, seen, handed } = await run(steps, 'seq');
        expect([...seen].sort()).toEqual([...committed].sort());
        expect(handed).toEqual(committed.map((_, n) => n + 1));
      }),
      { numRuns: RUNS },
    );
  });

  it('a reader that followed the order of insertion would miss an event on PostgreSQL', async () => {
    const steps: Step[] = [{ do: 'open' }, { do: 'open' }, { do: 'commit', which: 1 }, { do: 'read' }];
    const { committed, seen } = await run(steps, 'nr');
    expect(committed).toHaveLength(2);
    expect(seen).toHaveLength(isPostgres ? 1 : 2);
  });
});
