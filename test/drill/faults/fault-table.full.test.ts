// Only on SQLite: what an answer of RingCentral means; `npm run drill` with DATABASE_URL makes it on PostgreSQL.
// Runs for 250 s
import type { Method } from '../../faults/faulted-clinic.js';
import { expectedAt, faultTable, isSilent, places, type FaultRow, type Place } from './fault-table.js';
import { FaultStage, type Trial } from './fault-trial.js';

type Played = { name: string; place: Place; method: Method; row: FaultRow };

/** Each row at one call of those it can meet, another one for each row. */
const byJwt = faultTable.map((row, index): Played => {
  const possible = places.filter((place) => expectedAt(row, place) !== null);
  return { name: row.name, place: possible[index % possible.length] ?? 'token', method: 'jwt', row };
});
/**
 * The methods differ at the token endpoint: in what is sent there, and in what an answer means for a code, which is
 * spent, and for a refresh token, which may have been replaced. A call that ends at its deadline is the same failure as
 * one whose connection was reset, so those that last so long are left to the drill.
 */
const atToken = faultTable
  .filter((row) => row.token !== null && !isSilent(row))
  .map((row): Played => ({ name: row.name, place: 'token', method: 'authorization_code', row }));
/** At the API the client, the proof and the classes are the same, so one row of each class shows that. */
const apiRows = new Map<string, Place>([
  ['401', 'extension'],
  ['403', 'extensions'],
  ['404', 'messages'],
  ['415', 'extension'],
  ['429, Retry-After two hours', 'messages'],
  ['500', 'extensions'],
  ['502 in HTML', 'company'],
  ['reset', 'messages'],
]);
const atApi = faultTable.flatMap((row): Played[] => {
  const place = apiRows.get(row.name);
  return place ? [{ name: row.name, place, method: 'authorization_code', row }] : [];
});
/** `npm run drill -- --only faults` has every row at every call, for both methods. */
const trials = [...byJwt, ...atToken, ...atApi];

describe('SEC-50, SEC-51: every failure is classified in time, and no second paste is needed', () => {
  // Much of the time is spent on calls that never end, so three portals wait in parallel.
  let stages: FaultStage[] = [];
  const tried = new Map<Played, Promise<Trial[]>>();
  beforeAll(async () => {
    stages = await Promise.all([1, 2, 3].map(() => FaultStage.open()));
    stages.forEach((stage, number) => {
      let last: Promise<unknown> = Promise.resolve();
      trials.forEach((one, index) => {
        if (index % stages.length !== number) return;
        const trial = last.then(() => stage.try(one.row, one.place, one.method));
        last = trial.catch(() => undefined); // its own test reports the failure
        tried.set(one, trial);
      });
    });
  });
  afterAll(async () => {
    await Promise.allSettled(tried.values());
    await Promise.all(stages.map((stage) => stage.close()));
  });

  it.each(trials)('$name at $place by $method', async (one) => {
    const trial = (await tried.get(one)) ?? [];
    expect(trial.map(({ caller, problems }) => [caller, problems])).toEqual([
      ['submit', []],
      ['re-check', []],
    ]);
  });

  it('afterwards no secret is in logs, pages, emails or the database', async () => {
    for (const stage of stages) expect(await stage.secretsFound()).toEqual([]);
  });
});
