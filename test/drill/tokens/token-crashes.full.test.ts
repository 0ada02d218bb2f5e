// On both databases: each ends the transactions and locks of a dead process in its own way.
// Runs for 210 s
import { aDatabaseUrl } from '../../support/database/databases.js';
import { runTokenCrashDrill } from './token-crash-drill.js';

/** A part of the steps of the drill. */
it('SEC-42: no token leaves without its audit row, and no dead token, if the process dies or its machine sleeps at any step', async () => {
  const result = await runTokenCrashDrill({ most: 75, databaseUrl: await aDatabaseUrl() });
  expect(result.problems).toEqual([]);
  expect(result.steps).toBeGreaterThan(250);
  expect(result.crashes).toBeGreaterThan(30);
  expect(result.sleeps).toBeGreaterThan(20);
  expect(result.tokens).toBeGreaterThan(30);
}, 600_000);
