import fc from 'fast-check';
import { funnelCounter, funnelSteps, medianOf, type Way } from '../../src/overview/funnel.js';

const at = (minutes: number | null) => (minutes === null ? null : new Date(Date.UTC(2026, 10, 1) + minutes * 60_000));
const way = (invited: number, ...rest: (number | null)[]): Way => {
  const [opened = null, console = null, pasted = null, connected = null] = rest.map(at);
  return { invited: at(invited), opened, console, pasted, connected };
};
const funnelOf = (...ways: Way[]) => {
  const counter = funnelCounter();
  for (const one of ways) counter.add(one);
  return counter.funnel().map(({ reached, medianMs }) => [reached, medianMs === null ? null : medianMs / 60_000]);
};

it('counts each step, and the median of the time from the step before', () => {
  expect(funnelOf(way(0), way(0, 10), way(5, 25, 26), way(0, 60, 64, 70, 71))).toEqual([
    [4, null],
    [3, 20],
    [2, 2.5],
    [1, 6],
    [1, 1],
  ]);
});

it('a later step counts for those before it, and takes no time where one of both times is missing or out of order', () => {
  expect(funnelOf(way(0, null, null, 30, 31), way(0, 50, 40, null, null))).toEqual([
    [2, null],
    [2, 50],
    [2, null],
    [1, null],
    [1, 1],
  ]);
});

it('without a clinic is empty', () => {
  expect(funnelOf()).toEqual(funnelSteps.map(() => [0, null]));
});

it('a median has as many values at most as it as at least', () => {
  expect([medianOf([]), medianOf([3]), medianOf([1, 4]), medianOf([9, 1, 5])]).toEqual([null, 3, 2.5, 5]);
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
      const median = medianOf(values) ?? NaN;
      const below = values.filter((value) => value < median).length;
      const above = values.filter((value) => value > median).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

it('fewer clinics reach each next step', () => {
  const time = fc.option(fc.nat(10_000), { nil: null });
  fc.assert(
    fc.property(fc.array(fc.tuple(time, time, time, time)), (ways) => {
      const counts = funnelOf(...ways.map((rest) => way(0, ...rest))).map(([reached]) => reached ?? NaN);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    }),
  );
});
