import { aDatabaseUrl } from '../../support/database/databases.js';
import { runTokenKills } from './token-kill-drill.js';

/** A tenth of the drill's size. */
it('SEC-42: in 10 kills no token leaves without its audit row, and each clinic has a token again within 15 seconds', async () => {
  const result = await runTokenKills({ kills: 10, seed: 20261121, databaseUrl: await aDatabaseUrl() });
  expect(result.problems).toEqual([]);
  expect(result.tokens).toBeGreaterThan(100);
  expect(result.cutShort).toBeGreaterThan(0);
}, 300_000);
