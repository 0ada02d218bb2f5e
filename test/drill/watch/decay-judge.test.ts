import { withoutOutage } from './decay-judge.js';

/** The outage is the whole day before. */
const OUTAGE_ENDS = 8;
const at = (day: number, type: string) => ({ day, type: `connection.${type}` });
const leftOf = (...events: ReturnType<typeof at>[]) =>
  withoutOutage([at(0, 'connected'), ...events], OUTAGE_ENDS).slice(1);

describe('the judge of the decay drill', () => {
  it('accepts one unverified connection that recovers at the end of the outage', () => {
    expect(leftOf(at(8, 'unverified'), at(8.05, 'recovered'))).toEqual([]);
    expect(leftOf(at(2, 'failing'), at(8, 'unverified'), at(8.05, 'recovered'))).toEqual([at(2, 'failing')]);
  });

  it.each([
    ['on another day', [at(0.5, 'unverified'), at(1, 'recovered')]],
    ['during the outage', [at(7.9, 'unverified'), at(8.01, 'recovered')]],
    ['long after the outage', [at(8.2, 'unverified'), at(8.3, 'recovered')]],
    ['that does not recover with the first answer', [at(8, 'unverified'), at(8.5, 'recovered')]],
    ['that does not recover', [at(8, 'unverified')]],
    ['that fails instead', [at(8, 'unverified'), at(8.05, 'failing')]],
  ])('reports a connection that became unverified %s', (_when, events) => {
    expect(leftOf(...events)).toEqual(events);
  });

  it('accepts it only once', () => {
    const again = [at(8.06, 'unverified'), at(8.08, 'recovered')];
    expect(leftOf(at(8, 'unverified'), at(8.05, 'recovered'), ...again)).toEqual(again);
  });
});
