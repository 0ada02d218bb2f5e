import { withPlanted, type Patch } from '../source-copy.js';
import type * as webhookDrill from './webhook-drill.js';

const worker = 'src/webhooks/deliveries/delivery-worker.ts';
const pace = 'src/webhooks/deliveries/pace.ts';
const settle = 'src/webhooks/deliveries/settle.ts';
const store = 'src/webhooks/stores/endpoint-store.ts';

/** The defects that the drill of webhooks must detect. */
export const webhookPlants: Record<string, Patch[]> = {
  'each try has an id of its own': [
    {
      file: worker,
      find: 'signedHeaders(eventId, at, body, secrets), body)',
      replace: 'signedHeaders(`${eventId}-${at.getTime()}`, at, body, secrets), body)',
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
  'the lease of a killed worker never ends': [
    { file: store, find: '.andWhere(unleased(now))', replace: ".whereNull('lease_until')" },
  ],
};

type Modules = typeof webhookDrill;

/** Runs `work` with the drill, from the sources or from a copy with the defect. */
export const withWebhookPlant = <T>(plant: string | undefined, work: (it: Modules) => Promise<T>): Promise<T> =>
  withPlanted<Modules, T>(plant === undefined ? [] : (webhookPlants[plant] ?? []), ['webhooks/webhook-drill'], work);
