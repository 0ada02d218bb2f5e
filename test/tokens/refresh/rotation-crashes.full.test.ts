import { aDatabaseUrl } from '../../support/database/databases.js';
import { runRotationDrill } from '../../drill/rotation/rotation-drill.js';

it('no connection is lost, and no ended access token is given to a job, if a process dies at any step of a rotation', async () => {
  const { problems, ...done } = await runRotationDrill({ databaseUrl: await aDatabaseUrl(), most: Infinity });
  expect(problems).toEqual([]);
  expect(done.steps).toBeGreaterThan(60);
  expect(done.crashes).toBe(done.steps);
}, 120_000); // one portal for each of its steps; 7 s alone, 30 s beside three other files
