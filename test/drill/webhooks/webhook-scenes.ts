import { eventReader } from '../../../src/notifications/event-reader.js';
import { eventSequencer } from '../../../src/notifications/event-sequencer.js';
import { eventStore, type OnSequenced, type SequencedEvent } from '../../../src/notifications/event-store.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { fanOut } from '../../../src/webhooks/deliveries/fan-out.js';
import { answered, byCommand, DAY, HOUR, MINUTE, SECOND, type WebhookParts } from '../../webhooks/support.js';

export const urls = { steady: 'https://steady.example.com/in', failing: 'https://failing.example.com/in' };
export const types = ['connection.failing', 'connection.recovered'] as const;
export type Endpoints = Record<keyof typeof urls, { id: string; secret: string }>;
export type Stage = { db: Knex; parts: WebhookParts; endpoints: Endpoints };

/** What a worker does that dies, and how another goes on. */
export type Scene = {
  /** @returns the events that must arrive, as far as they have numbers */
  before: (stage: Stage) => Promise<SequencedEvent[]>;
  dies: (doomed: Stage, events: readonly SequencedEvent[]) => Promise<void>;
  after: (
    stage: Stage,
    events: readonly SequencedEvent[],
  ) => Promise<{ events: readonly SequencedEvent[]; problems: string[] }>;
  /** What the endpoint that does not fail answers to the worker that dies. */
  status?: number;
};

/** Rows for an event that has its number, and deliveries, of which those of one endpoint fail. */
function deliver(): Scene {
  return {
    before: async ({ parts }) => [...(await parts.happens(...types)), ...parts.eventsOf('connection.failing')],
    dies: async ({ db, parts }, events) => {
      await transactionOn(db)((trx) => fanOut(parts.world)(trx, events.slice(-1)));
      await parts.serve();
    },
    // The event whose number was not committed is numbered again.
    after: async ({ db, parts }, events) => {
      await transactionOn(db)((trx) => fanOut(parts.world)(trx, events.slice(-1)));
      await parts.pass(3 * HOUR);
      return { events, problems: [] };
    },
  };
}

/** Gives numbers, and makes no rows: no endpoint is on. */
export const numbererOf = (db: Knex, { world }: WebhookParts, ...onSequenced: OnSequenced[]) =>
  eventSequencer({
    ...{ db, transaction: transactionOn(db), world, refsOf: () => Promise.resolve(new Map<string, string>()) },
    onSequenced,
  });

export const sequencerOf = (db: Knex, parts: WebhookParts, ...more: OnSequenced[]) =>
  numbererOf(db, parts, fanOut(parts.world), ...more);

/** The numbers of events, with the rows that follow. */
function number(): Scene {
  const recorded: string[] = [];
  return {
    before: async ({ db, parts: { world } }) => {
      for (const type of [...types, types[0]])
        recorded.push(await eventStore(db, world).append({ type, tenantId: null, data: {} } as never));
      return [];
    },
    dies: async ({ db, parts }) => {
      await sequencerOf(db, parts)();
    },
    after: async ({ db, parts }) => {
      await sequencerOf(db, parts)();
      await parts.pass(3 * HOUR);
      const all = await eventReader(db).after(0, 100_000);
      const gaps = all.filter(({ seq }, at) => seq !== at + 1).length;
      const events = all.filter(({ id }) => recorded.includes(id));
      return { events, problems: gaps > 0 ? [`${gaps} numbers are not the next one`] : [] };
    },
  };
}

/** What both endpoints have missed: an event that was given up, and two that have no rows. */
function catchUp(): Scene {
  return {
    before: async ({ db, parts, endpoints }) => {
      const given = await parts.happens(types[0]);
      const at = parts.world.now().toISOString();
      const all = db('webhook_deliveries').queryContext({ acrossTenants: 'the drill' });
      await all.update({ state: 'gave_up', finished_at: at, tries: 10, tried_from: at });
      await db('webhook_endpoints').update({ missed_after: 0 });
      const events = [...given, ...parts.eventsOf(...types)];
      for (const { id } of Object.values(endpoints)) await parts.service.sendMissed(id, byCommand);
      return events;
    },
    dies: ({ parts }) => parts.catchUp(),
    after: async ({ parts }, events) => {
      await parts.pass(3 * HOUR);
      return { events, problems: [] };
    },
  };
}

/** Of these ids, as they are stored: the reader of the feed may be the one with the defect. */
export async function storedEvents(db: Knex, ids: readonly string[]): Promise<SequencedEvent[]> {
  type Row = Omit<SequencedEvent, 'seq' | 'at' | 'tenantId'> & { seq: number | string; at: string };
  const rows: Row[] = await db('events').queryContext({ acrossTenants: 'the drill' }).whereIn('id', ids).orderBy('seq');
  return rows.map(({ seq, id, type, at, body }) => {
    return { seq: Number(seq), id, type, tenantId: null, at: new Date(at), body };
  });
}

/** Both endpoints have missed what was numbered from here on, and it is sent from the feed. */
export async function sendMissedFrom(missedAfter: number, { db, parts, endpoints }: Stage): Promise<void> {
  parts.readsFrom(eventReader);
  await db('webhook_endpoints').update({ missed_after: missedAfter });
  for (const { id } of Object.values(endpoints)) await parts.service.sendMissed(id, byCommand);
}

/** Two missed events are read in the feed, where a newer one has no number yet: it is sent once it has. */
function catchUpFromFeed(): Scene {
  const recorded: string[] = [];
  return {
    before: async (stage) => {
      const { db, parts } = stage;
      const record = async (type: (typeof types)[number]) =>
        recorded.push(await eventStore(db, parts.world).append({ type, tenantId: null, data: {} } as never));
      for (const type of types) await record(type);
      await numbererOf(db, parts)();
      const [first] = await storedEvents(db, recorded);
      await sendMissedFrom((first?.seq ?? 0) - 1, stage);
      await record(types[0]);
      return [];
    },
    dies: ({ parts }) => {
      parts.readsFrom(eventReader);
      return parts.catchUp();
    },
    after: async ({ db, parts }) => {
      await parts.pass(MINUTE);
      await sequencerOf(db, parts)();
      await parts.pass(3 * HOUR);
      return { events: await storedEvents(db, recorded), problems: [] };
    },
  };
}

/** It was turned off as a whole; then it is used again, and gets what it missed. */
async function usedAgain({ db, parts, endpoints: { steady } }: Stage): Promise<string[]> {
  const { id } = steady;
  const found = await parts.service.find(id);
  const acts = await db('audit_events').where({ action: 'webhook.turned_off', target: id });
  const problems = [
    ...(found?.state === 'off' ? [] : ['the endpoint is not off']),
    ...(found?.missedAfter === 0 ? [] : ['where the missed events begin is not known']),
    ...((await parts.service.openCount(id)) === 0 ? [] : ['an endpoint that is off has open deliveries']),
    ...(acts.length === 1 ? [] : [`${acts.length} rows of the audit say that it was turned off`]),
  ];
  await parts.service.resume(id, byCommand);
  await parts.pass(MINUTE, 10 * SECOND);
  await parts.service.sendMissed(id, byCommand);
  await parts.pass(3 * HOUR);
  return problems;
}

/** An endpoint that failed for five days is turned off. */
function turnOff(): Scene {
  return {
    before: async ({ db, parts, endpoints }) => {
      const ago = (ms: number) => new Date(parts.world.now().getTime() - ms).toISOString();
      const told = { hour_told_at: ago(5 * DAY), gave_up_told_at: ago(DAY), days_told_at: ago(25 * HOUR) };
      const failing = { failing_since: ago(5 * DAY + HOUR), last_failure_at: ago(HOUR) };
      await db('webhook_endpoints')
        .where({ id: endpoints.steady.id })
        .update({ ...failing, ...told });
      return parts.happens(...types);
    },
    dies: ({ parts }) => parts.watch(),
    after: async (stage, events) => {
      await stage.parts.watch();
      return { events, problems: await usedAgain(stage) };
    },
  };
}

/** An endpoint answers 410 and is turned off. */
function gone(): Scene {
  return {
    status: 410,
    before: ({ parts }) => parts.happens(...types),
    dies: ({ parts }) => parts.serve(),
    after: async (stage, events) => {
      const { parts } = stage;
      parts.answers((to) => Promise.resolve(answered(to === urls.steady ? 410 : 204)));
      await parts.pass(10 * MINUTE);
      parts.answers(() => Promise.resolve(answered(204)));
      return { events, problems: await usedAgain(stage) };
    },
  };
}

export const scenes: Readonly<Record<string, () => Scene>> = {
  deliver,
  number,
  catchUp,
  catchUpFromFeed,
  turnOff,
  gone,
};
