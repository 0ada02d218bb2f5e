// On both databases: each ends the transactions and locks of a dead process in its own way.
import { aDatabaseUrl } from '../../support/database/databases.js';
import { runReplaceDrill } from './replace-drill.js';
import { runReplaceLoadDrill } from './replace-load-drill.js';

/** A part of the steps of the drill. */
it('never two credentials in use or none, and no false "proved dead", if the process dies at any step', async () => {
  const { problems, steps, crashes } = await runReplaceDrill({ most: 150, databaseUrl: await aDatabaseUrl() });
  expect(problems).toEqual([]);
  expect(steps).toBeGreaterThan(200);
  expect(crashes).toBeGreaterThan(100);
}, 600_000);

it('no call of a job fails because of a replacement', async () => {
  const { problems, asked } = await runReplaceLoadDrill({ replacements: 60, seed: 20261130 });
  expect(problems).toEqual([]);
  expect(asked).toBeGreaterThan(1000);
}, 600_000);
