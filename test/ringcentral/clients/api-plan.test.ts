import { apiPlanWatch } from '../../../src/ringcentral/clients/api-plan.js';
import type { Inconclusive, Refused } from '../../../src/ringcentral/catalogue/outcome.js';

const noPlan: Inconclusive = {
  kind: 'inconclusive',
  cause: 'rate_limited',
  codes: ['CMN-303'],
  status: 429,
  requestId: 'r-1',
  retryAfterMs: 60_000,
};
const busy: Inconclusive = { ...noPlan, codes: ['CMN-301'] };
const silent: Inconclusive = { ...noPlan, cause: 'unreachable', codes: [], status: null, requestId: null };
const accepted = { kind: 'accepted', value: null, requestId: null } as const;
const refused: Refused = {
  kind: 'refused',
  cause: 'app_not_permitted',
  codes: ['OAU-473'],
  status: 400,
  requestId: null,
};

type Step = [minute: number, verdict: Inconclusive | typeof accepted | Refused];

/** @returns what the last call means */
function after(steps: Step[]) {
  let minute = 0;
  const watch = apiPlanWatch({ now: () => new Date(Date.UTC(2026, 10, 21, 0, minute)) });
  return steps
    .map(([at, verdict]) => {
      minute = at;
      return watch(verdict);
    })
    .at(-1);
}

it.each<[string, Step[]]>([
  ['one call', [[0, noPlan]]],
  [
    'two calls, however far apart',
    [
      [0, noPlan],
      [600, noPlan],
    ],
  ],
  [
    'three calls within 14 minutes',
    [
      [0, noPlan],
      [7, noPlan],
      [14, noPlan],
    ],
  ],
  [
    'three calls over 20 minutes, with an accepted one between',
    [
      [0, noPlan],
      [10, noPlan],
      [15, accepted],
      [20, noPlan],
    ],
  ],
  [
    'three calls over 20 minutes, with a refused one between',
    [
      [0, noPlan],
      [10, refused],
      [15, noPlan],
      [20, noPlan],
    ],
  ],
])('CMN-303 on %s is a wait', (_calls, steps) => {
  expect(after(steps)).toEqual(noPlan);
});

it.each<[string, Step[]]>([
  [
    'three calls over 15 minutes',
    [
      [0, noPlan],
      [7, noPlan],
      [15, noPlan],
    ],
  ],
  [
    'many calls, the last after a day',
    [
      [0, noPlan],
      [1, noPlan],
      [2, noPlan],
      [1440, noPlan],
    ],
  ],
  [
    'three calls, with a time-out between',
    [
      [0, noPlan],
      [7, silent],
      [8, noPlan],
      [15, noPlan],
    ],
  ],
  [
    'three calls, with another 429 between',
    [
      [0, noPlan],
      [7, busy],
      [8, noPlan],
      [15, noPlan],
    ],
  ],
])('CMN-303 on %s means that our app is misconfigured', (_calls, steps) => {
  expect(after(steps)).toEqual({
    kind: 'refused',
    cause: 'app_misconfigured',
    codes: ['CMN-303'],
    status: 429,
    requestId: 'r-1',
  });
});

it('an answer of another kind is passed on as it is', () => {
  for (const verdict of [busy, silent, accepted, refused])
    expect(
      after([
        [0, noPlan],
        [20, verdict],
      ]),
    ).toBe(verdict);
});
