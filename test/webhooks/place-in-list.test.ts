import { listQuery } from '../../src/webhooks/pages/webhook-routes.js';

it.each<[before: string | undefined, isPlace: boolean]>([
  [undefined, true],
  ['2026-11-30T12:00:00.000Z delivery-1', true],
  ['2026-99-99T99:99:99.999Z delivery-1', false],
  ['2026-11-30T12:00:00.000Z', false],
  ['2026-11-30T12:00:00.000Z a b', false],
  ['', false],
])(
  'a place in the list of deliveries has a time that exists and an id, or it is a bad request: %s',
  (before, isPlace) => {
    expect(listQuery.safeParse({ before }).success).toBe(isPlace);
  },
);
