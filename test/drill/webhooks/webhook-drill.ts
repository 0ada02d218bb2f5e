import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStore, type SequencedEvent } from '../../../src/notifications/event-store.js';
import { isPostgres, migrate, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { MortalDatabase, never, type AtStep } from '../../support/database/mortal-database.js';
import {
  numbererOf,
  scenes,
  sendMissedFrom,
  sequencerOf,
  storedEvents,
  types,
  urls,
  type Endpoints,
  type Scene,
} from './webhook-scenes.js';
import { answered, DAY, HOUR, MINUTE, webhookParts, type Got, type WebhookParts } from '../../webhooks/support.js';

export type WebhookDrillOptions = {
  /** At most so many trials, spread over all steps. */
  most: number;
  /** Which of the steps, if there are more: another seed begins at another one, so that all are covered over the seeds. */
  seed?: number;
  databaseUrl?: string | undefined;
};
export type WebhookDrillResult = { steps: number; crashes: number; requests: number; problems: string[] };

const start = new Date('2026-11-21T12:00:00.000Z');

/**
 * A worker that dies before and after every statement of numbering events, making rows, delivering, adding what was
 * missed and turning an endpoint off, and when each request is sent and answered; another takes over when the lease has
 * ended. One endpoint fails first. Then an outage of three days. Each event arrives at each endpoint at least once, with
 * one id, in its bytes, and verified at the time it arrived.
 */
export async function runWebhookDrill({
  most,
  seed = 0,
  databaseUrl,
}: WebhookDrillOptions): Promise<WebhookDrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-webhooks-'));
  const url = databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
  const db = openDatabase(url);
  const result: WebhookDrillResult = { steps: 0, crashes: 0, requests: 0, problems: [] };
  try {
    await migrate(db);
    result.problems.push(...(await outage(db)), ...(await sideBySide(db)), ...(await missedSideBySide(db)));
    const wholes = new Map<string, number>();
    for (const [name, scene] of Object.entries(scenes)) {
      const { steps, problems } = await trial(db, url, () => 'go on', scene());
      wholes.set(name, steps);
      result.steps += steps;
      result.problems.push(...problems.map((problem) => `${name}: ${problem}`));
    }
    for (const [name, scene] of Object.entries(scenes)) {
      const steps = wholes.get(name) ?? 0;
      const every = Math.max(1, Math.ceil((steps * wholes.size) / most));
      for (let at = 1 + (seed % every); at <= steps && result.problems.length === 0; at += every) {
        const died = await trial(db, url, (step) => (step === at ? 'die' : 'go on'), scene());
        result.crashes += died.isDead ? 1 : 0;
        result.requests += died.requests;
        result.problems.push(...died.problems.map((problem) => `${name}, dead at step ${at}: ${problem}`));
      }
    }
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

async function trial(db: Knex, url: string, atStep: AtStep, { before, dies, after, status = 204 }: Scene) {
  const { parts, endpoints } = await prepared(db);
  const begun = await before({ db, parts, endpoints });
  let died: () => void = () => undefined;
  const death = new Promise<void>((resolve) => (died = resolve));
  const mortal = new MortalDatabase(openDatabase(url), atStep, () => died());
  const doomed = await webhookParts(mortal.db, start);
  doomed.feed.push(...parts.feed);
  doomed.answers(async (to) => {
    if (!mortal.livesAfter('a request is sent')) return never;
    await Promise.resolve();
    return mortal.livesAfter('a request is answered') ? answered(to === urls.failing ? 500 : status) : never;
  });
  await mortal.db.raw('select 1'); // its connection is open
  mortal.watch();
  const work = dies({ db: mortal.db, parts: doomed, endpoints }, begun);
  await Promise.race([work, death]);
  const isDead = mortal.isDead;
  const { steps } = mortal;
  mortal.die();
  const { events, problems } = await after({ db, parts, endpoints }, begun);
  const got = [...doomed.got, ...parts.got];
  problems.push(...(await judged(parts, endpoints, events, got)));
  return { steps: steps.length, isDead, requests: got.length, problems };
}

/** Three days in which no endpoint works, on a clock that only the drill moves. */
async function outage(db: Knex): Promise<string[]> {
  const { parts, endpoints } = await prepared(db);
  const events: SequencedEvent[] = [];
  parts.answers(() => Promise.resolve(answered(503)));
  for (let day = 0; day < 3; day += 1) {
    events.push(...(await parts.happens(...types)));
    await parts.pass(DAY, 5 * MINUTE);
  }
  parts.answers(() => Promise.resolve(answered(204)));
  await parts.pass(12 * HOUR, 5 * MINUTE);
  const problems = await judged(parts, endpoints, events, parts.got);
  return problems.map((problem) => `after an outage of three days: ${problem}`);
}

/** Two changes at once, on PostgreSQL: the one that began first is committed when the other's event has its number. */
async function sideBySide(db: Knex): Promise<string[]> {
  if (!isPostgres(db)) return [];
  const { parts, endpoints } = await prepared(db);
  const events: SequencedEvent[] = [];
  const { world } = parts;
  const number = sequencerOf(db, parts, (_trx, numbered) => Promise.resolve(void events.push(...numbered)));
  const recorded: string[] = [];
  for (let pair = 0; pair < 3; pair += 1)
    await twoAtOnce(db, world, recorded, async () => {
      await number();
      await parts.pass(MINUTE);
    });
  await parts.pass(3 * HOUR);
  const skipped = recorded.filter((id) => !events.some((event) => event.id === id)).length;
  const problems = await judged(parts, endpoints, events, parts.got);
  if (skipped > 0) problems.push(`${skipped} events were skipped`);
  return problems.map((problem) => `changes side by side: ${problem}`);
}

/** Records two events in transactions that overlap. Calls `committed` after each commit; the later event is first. */
async function twoAtOnce(
  db: Knex,
  world: WebhookParts['world'],
  recorded: string[],
  committed: () => Promise<void>,
): Promise<void> {
  const [slow, fast] = [await db.transaction(), await db.transaction()];
  for (const [trx, type] of [
    [slow, types[0]],
    [fast, types[1]],
  ] as const)
    recorded.push(await eventStore(trx, world).append({ type, tenantId: null, data: {} } as never));
  for (const trx of [fast, slow]) {
    await trx.commit();
    await committed();
  }
}

/** The same, while endpoints miss each event and get it from the feed. */
async function missedSideBySide(db: Knex): Promise<string[]> {
  if (!isPostgres(db)) return [];
  const { parts, endpoints } = await prepared(db);
  const recorded: string[] = [];
  const number = numbererOf(db, parts);
  for (let pair = 0; pair < 2; pair += 1)
    await twoAtOnce(db, parts.world, recorded, async () => {
      await number();
      const newest = (await storedEvents(db, recorded)).at(-1)?.seq ?? 0;
      await sendMissedFrom(newest - 1, { db, parts, endpoints });
      await parts.pass(MINUTE);
    });
  await parts.pass(3 * HOUR);
  const events = await storedEvents(db, recorded);
  const problems = await judged(parts, endpoints, events, parts.got);
  return problems.map((problem) => `missed changes side by side: ${problem}`);
}

async function prepared(db: Knex): Promise<{ parts: WebhookParts; endpoints: Endpoints }> {
  for (const name of ['attempts', 'deliveries', 'secrets', 'endpoints']) await db(`webhook_${name}`).delete();
  const parts = await webhookParts(db, start);
  const steady = await parts.endpoint(types, urls.steady);
  return { parts, endpoints: { steady, failing: await parts.endpoint(types, urls.failing) } };
}

/** What is wrong with the requests that arrived, and with what is stored of them. */
async function judged(
  parts: WebhookParts,
  endpoints: Endpoints,
  events: readonly SequencedEvent[],
  got: readonly Got[],
) {
  const problems: string[] = parts.errors.map((error) => `an error: ${String(error)}`);
  const bodies = new Map(events.map(({ id, body }) => [id, body]));
  for (const name of ['steady', 'failing'] as const) {
    const isEvent = ({ headers }: Got) => !headers['webhook-id']?.startsWith('test_');
    const mine = got.filter((one) => one.url === urls[name] && isEvent(one));
    const ids = mine.map(({ headers }) => headers['webhook-id'] ?? '');
    const accepted = mine.filter(({ answer }) => !answer || (answer.kind === 'answer' && answer.status < 300));
    const arrived = accepted.map(({ headers }) => headers['webhook-id']);
    for (const { id } of events) if (!arrived.includes(id)) problems.push(`${name}: an event was never accepted`);
    if (ids.some((id) => !bodies.has(id))) problems.push(`${name}: a request has another id than its event`);
    if (mine.some(({ headers, body }) => (bodies.get(headers['webhook-id'] ?? '') ?? body) !== body))
      problems.push(`${name}: a body differs from its event`);
    if (new Set(mine.map(({ body }) => body)).size > new Set(ids).size)
      problems.push(`${name}: two events have one id`);
    const refused = parts.refusedBy(endpoints[name].secret, mine);
    if (refused.length > 0) problems.push(`${name}: a receiver refuses ${refused.length} requests`);
    const rows = (await parts.service.deliveries(endpoints[name].id, 100)).filter(({ isTest }) => !isTest);
    const open = rows.filter(({ state }) => state !== 'delivered');
    if (rows.length !== events.length) problems.push(`${name}: ${rows.length} rows of ${events.length} events`);
    if (open.length > 0) problems.push(`${name}: ${open.length} deliveries did not end`);
  }
  return problems;
}
