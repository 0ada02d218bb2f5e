// Only on SQLite: what an answer of RingCentral means; `npm run drill` with DATABASE_URL makes it on PostgreSQL.
// Runs for 250 s
import { expectedAt, faultTable, places } from './fault-table.js';
import { FaultStage, type Trial } from './fault-trial.js';

/**
 * Every fault at one call of those it can meet, another one for each row. `npm run drill -- --only faults` has all of
 * them at every call.
 */
const trials = faultTable.map((row, index) => {
  const possible = places.filter((place) => expectedAt(row, place) !== null);
  const place = possible[index % possible.length] ?? 'token';
  return { name: row.name, place, row };
});

describe('SEC-50, SEC-51: every failure is classified in time, and no second paste is needed', () => {
  // Much of the time is spent on calls that never end, so three portals wait in parallel.
  let stages: FaultStage[] = [];
  const tried = new Map<string, Promise<Trial[]>>();
  beforeAll(async () => {
    stages = await Promise.all([1, 2, 3].map(() => FaultStage.open()));
    stages.forEach((stage, number) => {
      let last: Promise<unknown> = Promise.resolve();
      trials.forEach(({ name, place, row }, index) => {
        if (index % stages.length !== number) return;
        const trial = last.then(() => stage.try(row, place));
        last = trial.catch(() => undefined); // its own test reports the failure
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

  it('afterwards no secret is in logs, pages, emails or the database', async () => {
    for (const stage of stages) expect(await stage.secretsFound()).toEqual([]);
  });
});
