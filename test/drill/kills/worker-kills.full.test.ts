// Runs for 90 s
import { aDatabaseUrl } from '../../support/database/databases.js';
import { runWorkerKills, shortLeases } from './worker-kills.js';

it('loses no event or email and duplicates no check in 10 kills of two workers', async () => {
  const databaseUrl = await aDatabaseUrl();
  const { problems, ...done } = await runWorkerKills({
    ...{ kills: 10, seed: 20261121, clinics: 8, leases: shortLeases, databaseUrl },
  });
  expect(problems).toEqual([]);
  expect(done.cutShort).toBeGreaterThan(0);
  expect(done.transitions).toBeGreaterThan(8);
  expect(done.mails).toBeGreaterThan(0);
}, 600_000);
