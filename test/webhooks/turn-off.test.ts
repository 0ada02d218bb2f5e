import { missedFrom } from '../../src/webhooks/deliveries/turn-off.js';

it.each<
  [why: string, missedAfter: number | null, catchUpAfter: number | null, first: number | null, from: number | null]
>([
  ['nothing is undelivered', null, null, null, null],
  ['the first undelivered event is number 8', null, null, 8, 7],
  ['it is the very first event', null, null, 1, 0],
  ['events were missed before', 3, null, 8, 3],
  ['it was being given what it missed, and is not far', 20, 5, 8, 5],
  ['it was being given what it missed, and nothing is undelivered', null, 5, null, 5],
  ['what it missed begins after all that is open', 20, 15, 8, 7],
])(
  'an endpoint that is turned off misses events from the earliest one on: %s',
  (_why, missedAfter, after, first, from) => {
    const catchUp = after === null ? null : { after, until: 30 };
    expect(missedFrom({ missedAfter, catchUp }, first)).toBe(from);
  },
);
