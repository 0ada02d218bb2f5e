import { expectedAt, faultTable, places } from '../drill/faults/fault-table.js';
import { FaultStage, type Trial } from '../drill/faults/fault-trial.js';

/**
 * Every fault at one call of those it can meet, another one for each row. `npm run drill -- --only faults` has all of
 * them at every call.
 */
const trials = faultTable.map((row, index) => {
  const possible = places.filter((place) => expectedAt(row, place) !== null);
  const place = possible[index % possible.length] ?? 'token';
  return { name: row.name, place, row };
});

describe('SEC-50, SEC-51: whatever goes wrong has its class, in time, and nobody pastes twice', () => {
  // Much of it is waiting for calls that never end: three portals wait at the same time.
  let stages: FaultStage[] = [];
  const tried = new Map<string, Promise<Trial[]>>();
  beforeAll(async () => {
    stages = await Promise.all([1, 2, 3].map(() => FaultStage.open()));
    stages.forEach((stage, number) => {
      let last: Promise<unknown> = Promise.resolve();
      trials.forEach(({ name, place, row }, index) => {
        if (index % stages.length !== number) return;
        const trial = last.then(() => stage.try(row, place));
        last = trial.catch(() => undefined); // its own test says so
        tried.set(name, trial);
      });
    });
  });
  afterAll(async () => {
    await Promise.allSettled(tried.values());
    await Promise.all(stages.map((stage) => stage.close()));
  });

  it.each(trials)('$name at $place', async ({ name }) => {
    const trial = (await tried.get(name)) ?? [];
    expect(trial.map(({ caller, problems }) => [caller, problems])).toEqual([
      ['submit', []],
      ['re-check', []],
    ]);
  });

  it('no secret is in logs, pages, mails or the database afterwards', async () => {
    for (const stage of stages) expect(await stage.secretsFound()).toEqual([]);
  });
});
