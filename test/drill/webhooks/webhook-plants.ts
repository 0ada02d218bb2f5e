import { withPlanted, type Patch } from '../source-copy.js';
import type * as webhookDrill from './webhook-drill.js';

const worker = 'src/webhooks/deliveries/delivery-worker.ts';
const pace = 'src/webhooks/deliveries/pace.ts';
const settle = 'src/webhooks/deliveries/settle.ts';
const fanOut = 'src/webhooks/deliveries/fan-out.ts';
const watch = 'src/webhooks/deliveries/endpoint-watch.ts';
const store = 'src/webhooks/stores/endpoint-store.ts';
const reader = 'src/notifications/event-reader.ts';

/** The defects that the drill of webhooks must detect. */
export const webhookPlants: Record<string, Patch[]> = {
  'two events have one id': [
    {
      file: worker,
      find: 'const running = new Set<Promise<void>>();',
      replace: 'const running = new Set<Promise<void>>();\n  let firstId: string | undefined;',
    },
    {
      file: worker,
      find: 'signedHeaders(eventId, at, body, secrets), body)',
      replace: 'signedHeaders((firstId ??= eventId), at, body, secrets), body)',
    },
  ],
  'a retry has another id': [
    {
      file: worker,
      find: 'async function send({ id, url }: Endpoint, { eventId, body }: DeliveryRow) {',
      replace: 'async function send({ id, url }: Endpoint, { eventId, body, tries }: DeliveryRow) {',
    },
    {
      file: worker,
      find: 'signedHeaders(eventId, at, body, secrets), body)',
      replace: 'signedHeaders(tries === 0 ? eventId : `${eventId}-${tries}`, at, body, secrets), body)',
    },
  ],
  'the timestamp is that of the event': [
    {
      file: worker,
      find: 'async function send({ id, url }: Endpoint, { eventId, body }: DeliveryRow) {',
      replace: 'async function send({ id, url }: Endpoint, { eventId, body, madeAt }: DeliveryRow) {',
    },
    {
      file: worker,
      find: 'signedHeaders(eventId, at, body, secrets)',
      replace: 'signedHeaders(eventId, madeAt, body, secrets)',
    },
  ],
  'the body is serialized again': [
    { file: worker, find: 'body, secrets), body)', replace: 'body, secrets), JSON.stringify(JSON.parse(body)))' },
  ],
  'a delivery is given up after two days': [
    { file: pace, find: 'const TRIED_FOR_MS = 75 * HOUR_MS;', replace: 'const TRIED_FOR_MS = 48 * HOUR_MS;' },
  ],
  'a failed request counts as delivered': [
    { file: settle, find: 'result.status >= 200 && result.status < 300', replace: 'result.status >= 200' },
  ],
  'an event gets its number before its rows are made, in another transaction': [
    {
      file: 'src/notifications/event-sequencer.ts',
      find: 'for (const hand of onSequenced) await hand(trx, events);',
      replace: 'for (const hand of onSequenced) void transaction((later) => hand(later, events));',
    },
  ],
  'what was missed is added after the transaction that says so': [
    {
      file: fanOut,
      find: 'await deliveries.add(chosen.map((event) => deliveryOf(event, id, world.newId(), world.now())));',
      replace: 'missedRows = chosen.map((event) => deliveryOf(event, id, world.newId(), world.now()));',
    },
    {
      file: fanOut,
      find: 'goesOn = await inEndpoint(',
      replace: 'let missedRows: ReturnType<typeof deliveryOf>[] = [];\n        goesOn = await inEndpoint(',
    },
    {
      file: fanOut,
      find: '          return !isDone;\n        });',
      replace: '          return !isDone;\n        });\n        await deliveryStore(db).add(missedRows);',
    },
  ],
  'an endpoint is off before its open deliveries end, in another transaction': [
    { file: watch, find: "endpoint?.state === 'active' ?", replace: 'endpoint ?' },
    {
      file: watch,
      find: '      await inEndpoint(id,',
      replace:
        "      dueWarning((await endpointStore(db).find(id))!, world.now()) === 'off' && (await endpointStore(db).change(id, ['active'], 'off', world.now(), 'failing')), await inEndpoint(id,",
    },
    {
      file: 'src/webhooks/deliveries/turn-off.ts',
      find: "change(id, ['active', 'paused'], 'off'",
      replace: "change(id, ['active', 'paused', 'off'], 'off'",
    },
  ],
  'an event without a number is sent with what was missed': [
    {
      file: reader,
      find: ".where('seq', '>', after).orderBy('seq').limit(limit);",
      replace: ".where((of) => of.where('seq', '>', after).orWhereNull('seq')).orderBy('nr').limit(limit);",
    },
  ],
  'the lease of a killed worker never ends': [
    { file: store, find: '.andWhere(unleased(now))', replace: ".whereNull('lease_until')" },
  ],
};

/** Those that show only where transactions are open side by side. */
export const webhookPlantsOnPostgres: Record<string, Patch[]> = {
  'an event that is committed late is skipped': [
    {
      file: 'src/notifications/event-store.ts',
      find: "FOR_ALL).whereNull('seq');\n    const rows",
      replace:
        "FOR_ALL).whereNull('seq').whereRaw('nr > coalesce((select max(nr) from events where seq is not null), 0)');\n    const rows",
    },
  ],
  'what was missed is read in the order of insertion, so that an event that is committed late is skipped': [
    {
      file: reader,
      find: ".where('seq', '>', after).orderBy('seq').limit(limit);",
      replace: ".where('nr', '>', after).whereNotNull('seq').orderBy('nr').limit(limit);",
    },
  ],
};

type Modules = typeof webhookDrill;

/** Runs `work` with the drill, from the sources or from a copy with the defect. */
export const withWebhookPlant = <T>(plant: string | undefined, work: (it: Modules) => Promise<T>): Promise<T> =>
  withPlanted<Modules, T>(
    plant === undefined ? [] : ({ ...webhookPlants, ...webhookPlantsOnPostgres }[plant] ?? []),
    ['webhooks/webhook-drill'],
    work,
  );
