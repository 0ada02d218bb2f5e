import { textsIn } from '../../src/texts/texts.js';
import { endpointPage } from '../../src/webhooks/pages/endpoint-pages.js';
import type { Endpoint } from '../../src/webhooks/webhook-types.js';

const facts = {
  t: textsIn('en'),
  clock: { now: new Date('2026-11-21T12:00:00.000Z'), timeZone: 'UTC', language: 'en' } as const,
};
const [before, after] = [new Date('2026-11-21T10:00:00.000Z'), new Date('2026-11-21T11:00:00.000Z')];
const endpoint: Endpoint = {
  ...{ id: 'one', url: 'https://hooks.example.com/in', description: 'Tickets', eventTypes: ['connection.failing'] },
  ...{ state: 'active', stateSince: before, offBecause: null, madeBy: null, madeAt: before },
  ...{ window: 1, streak: 0, failingSince: null, lastFailureAt: null, lastSuccessAt: null, notBefore: null },
  ...{ hourToldAt: null, daysToldAt: null, gaveUpToldAt: null, missedAfter: 3, catchUp: null },
};
const shown = (given: Partial<Endpoint>, missed: number) => {
  const of = { endpoint: { ...endpoint, ...given }, missed, open: 0, deliveries: [], endsOfFormer: [] };
  const { warnings, forms } = endpointPage({ ...of, mayChange: true }, facts);
  return [...warnings, forms.some(({ action }) => action.endsWith('/missed'))];
};
const failing = 'Every request fails. We try again for 75 hours. After 5 days we turn the endpoint off.';
const onThisPage = 'An administrator can send what was missed, on this page.';

it.each<[state: string, given: Partial<Endpoint>, missed: number, says: (string | boolean)[]]>([
  ['nothing is missed', { lastSuccessAt: after, lastFailureAt: before }, 0, [false]],
  [
    'it answers again',
    { lastSuccessAt: after, lastFailureAt: before },
    12_000,
    [`The endpoint answers again. 12,000 events were not delivered. ${onThisPage}`, true],
  ],
  [
    'it fails',
    { failingSince: before, lastFailureAt: before },
    1,
    [failing, `1 event was not delivered. ${onThisPage}`, true],
  ],
  [
    'it was resumed, and has not answered since',
    { lastSuccessAt: before, lastFailureAt: after },
    2,
    [`2 events were not delivered. ${onThisPage}`, true],
  ],
  [
    'it is off',
    { state: 'off', lastSuccessAt: after, lastFailureAt: before },
    2,
    [
      '2 events were not delivered. An administrator can send what was missed, after the endpoint is used again.',
      false,
    ],
  ],
])(
  'the page of an endpoint says what was not delivered, and no more than is known: %s',
  (_state, given, missed, says) => {
    expect(shown(given, missed)).toEqual(says);
  },
);
