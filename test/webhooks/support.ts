import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { EventType, SequencedEvent } from '../../src/notifications/event-store.js';
import { transactionOn, type Knex } from '../../src/platform/database/database.js';
import type { PostResult } from '../../src/platform/outbound/judged-post.js';
import { addressJudge } from '../../src/platform/outbound/public-address.js';
import { jwksOfSymmetricKeys, symmetricSealing } from '../../src/platform/sealing/sealing.js';
import { catchUpRound, fanOut, type ReadEvents } from '../../src/webhooks/deliveries/fan-out.js';
import { deliveryWorker } from '../../src/webhooks/deliveries/delivery-worker.js';
import { settling } from '../../src/webhooks/deliveries/settle.js';
import { endpointService, type By } from '../../src/webhooks/endpoints/endpoint-service.js';
import { endpointWatch } from '../../src/webhooks/deliveries/endpoint-watch.js';
import { readEndpoint } from '../../src/webhooks/endpoints/new-endpoint.js';
import { inEndpointLock } from '../../src/webhooks/webhook-unit.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const byCommand: By = { actor: { kind: 'command_line' } };

/** A request as an endpoint gets it. */
export type Got = {
  url: string;
  headers: Record<string, string>;
  body: string;
  at: Date;
  /** What it answered, once it has. */
  answer?: PostResult;
};
type Post = (url: string, headers: Record<string, string>, body: string) => Promise<PostResult>;
export const answered = (status: number, more: { retryAfter?: string } = {}): PostResult => ({
  kind: 'answer',
  status,
  ms: 3,
  excerpt: '',
  retryAfter: null,
  ...more,
});

const sealing = symmetricSealing(
  await jwksOfSymmetricKeys([Buffer.alloc(31, 'webhooks')].map((key) => Buffer.concat([key, Buffer.from('1')]))),
);

/**
 * Endpoints, their deliveries and workers on a clock that only tests move. `answer` is what every endpoint answers;
 * `got` is what arrived.
 */
export async function webhookParts(db: Knex, start = new Date('2026-11-21T12:00:00.000Z')) {
  let at = start.getTime();
  const world = {
    now: () => new Date(at),
    newId: randomUUID,
    randomBytes: (size: number) => randomBytes(size),
    wait: () => Promise.resolve(),
  };
  const told: string[] = [];
  const tell = (what: string) => () => {
    told.push(what);
    return Promise.resolve();
  };
  const mails = {
    made: tell('made'),
    rotated: tell('rotated'),
    removed: tell('removed'),
    failingForAnHour: tell('hour'),
    failingForDays: tell('days'),
    gaveUp: tell('gave up'),
    turnedOff: tell('off'),
    gone: tell('gone'),
  };
  const incidents = { opened: tell('incident opened'), closed: tell('incident closed') };
  const inEndpoint = inEndpointLock({ transaction: transactionOn(db), world, mails, incidents });
  const feed: SequencedEvent[] = [];
  const ofTest = () => ({
    after: (after: number, limit: number) => Promise.resolve(feed.filter(({ seq }) => seq > after).slice(0, limit)),
    newestSeq: () => Promise.resolve(feed.length),
    countAfter: (after: number, types: readonly EventType[]) =>
      Promise.resolve(feed.filter(({ seq, type }) => seq > after && types.includes(type)).length),
  });
  const source: { events: ReadEvents } = { events: ofTest };
  const events: ReadEvents = (trx) => source.events(trx);
  const judge = addressJudge([]);
  const keys = await sealing;
  const service = endpointService({
    db,
    world,
    sealer: keys,
    inEndpoint,
    read: (asked) => Promise.resolve(readEndpoint(asked, { judge, loopback: false })),
    events,
    poke: () => undefined,
  });
  const got: Got[] = [];
  const errors: unknown[] = [];
  const settled: string[] = [];
  const log = { error: (of: { err: unknown }) => void errors.push(of.err) } as never;
  const state: { answer: Post } = { answer: () => Promise.resolve(answered(204)) };
  const post: Post = async (url, headers, body) => {
    const request: Got = { url, headers, body, at: world.now() };
    got.push(request);
    return (request.answer = await state.answer(url, headers, body));
  };
  const aWorker = () =>
    deliveryWorker({
      db,
      world,
      log,
      post,
      opener: keys,
      settle: settling(inEndpoint, world, (outcome) => settled.push(outcome)),
      workerId: randomUUID(),
      leaseMs: MINUTE,
    });
  const worker = aWorker();
  const catchUp = catchUpRound({ db, world, inEndpoint, events });
  const watch = endpointWatch({ db, world, inEndpoint });

  const parts = {
    db,
    world,
    service,
    got,
    told,
    errors,
    /** What was counted for the metrics. */
    settled,
    feed,
    aWorker,
    catchUp,
    watch,
    inEndpoint,
    /** What endpoints answer from now on. */
    answers: (answer: Post) => {
      state.answer = answer;
    },
    advance: (ms: number) => {
      at += ms;
    },
    /** From now on what was missed is read there, not in `feed`. */
    readsFrom: (events: ReadEvents) => {
      source.events = events;
    },
    /** An endpoint for these types. @returns its id and secret */
    async endpoint(types: readonly EventType[] = ['connection.failing'], url = 'https://hooks.example.com/in') {
      const id = randomUUID();
      const made = await service.make({ url, description: 'Tickets', eventTypes: types }, byCommand, id);
      if (!made.ok) throw new Error(JSON.stringify(made));
      return { id, secret: made.secret.reveal() };
    },
    /** Events that have just got their numbers, without the rows of their deliveries. */
    eventsOf(...types: EventType[]): SequencedEvent[] {
      return types.map((type): SequencedEvent => {
        const [seq, id] = [feed.length + 1, randomUUID()];
        const body = `{"id":"${id}","seq":${seq},"type":"${type}","at":"${world.now().toISOString()}","data":{"ñ":"\\u2603"}}`;
        const event = { seq, id, type, tenantId: null, at: world.now(), body };
        feed.push(event);
        return event;
      });
    },
    /** Events that have just got their numbers, and are committed. */
    async happens(...types: EventType[]): Promise<SequencedEvent[]> {
      const made = parts.eventsOf(...types);
      await transactionOn(db)((trx) => fanOut(world)(trx, made));
      return made;
    },
    /** Serves all that is due now. */
    async serve(): Promise<void> {
      await catchUp();
      for (let before = -1; before !== got.length;) {
        before = got.length;
        await worker.startDue(() => undefined);
        await worker.idle();
      }
    },
    /** Lets time pass in steps, and serves after each; the housekeeping runs too. */
    async pass(ms: number, step = MINUTE): Promise<void> {
      for (let passed = 0; passed < ms; passed += step) {
        at += step;
        await parts.serve();
        await watch();
      }
    },
    /** Each request that a receiver with this secret would refuse, at the time it arrived. */
    refusedBy(secret: string, requests: readonly Got[] = got): Got[] {
      return requests.filter((request) => !isVerified(secret, request));
    },
  };
  return parts;
}

export type WebhookParts = Awaited<ReturnType<typeof webhookParts>>;

/** Whether the library of Standard Webhooks accepts a request when it arrives. */
export function isVerified(secret: string, { headers, body, at }: Got): boolean {
  const now = Date.now;
  try {
    Date.now = () => at.getTime();
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  } finally {
    Date.now = now;
  }
}
