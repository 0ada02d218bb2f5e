// On both databases: each ends the transactions and locks of a dead process in its own way.
import { aDatabaseUrl } from '../../support/database/databases.js';
import { runDisconnectDrill } from './disconnect-drill.js';

/** A part of the steps of the drill. */
it('SEC-27: no receipt says more than happened, and nothing is revoked or destroyed by half, if the process dies at any step', async () => {
  const { problems, steps, crashes, receipts } = await runDisconnectDrill({
    most: 22,
    databaseUrl: await aDatabaseUrl(),
  });
  expect(problems).toEqual([]);
  expect(steps).toBeGreaterThan(500);
  expect(crashes).toBeGreaterThan(15);
  expect(receipts).toBeGreaterThan(30);
}, 600_000);
