import { isPostgres } from '../support/databases.js';
import { expectedAt, faultTable, places } from '../support/fault-table.js';
import { FaultStage } from '../support/fault-trial.js';

/**
 * Every fault at one call of those it can meet, another one for each row; on PostgreSQL every sixth, as what a fault is
 * called does not depend on it. `npm run drill -- --only faults` has all of them at every call, on either.
 */
const played = faultTable.filter((_row, index) => !isPostgres || index % 6 === 0);
const trials = played.map((row, index) => {
  const possible = places.filter((place) => expectedAt(row, place) !== null);
  const place = possible[index % possible.length] ?? 'token';
  return [row.name, place, row] as const;
});

describe('SEC-50, SEC-51: whatever goes wrong has its class, in time, and nobody pastes twice', () => {
  let stage: FaultStage;
  beforeAll(async () => {
    stage = await FaultStage.open();
  });
  afterAll(() => stage.close());

  it.each(trials)('%s at %s', async (_name, place, row) => {
    const tried = await stage.try(row, place);
    expect(tried.map(({ caller, problems }) => [caller, problems])).toEqual([
      ['submit', []],
      ['re-check', []],
    ]);
  });

  it('no secret is in logs, pages, mails or the database afterwards', async () => {
    expect(await stage.secretsFound()).toEqual([]);
  });
});
