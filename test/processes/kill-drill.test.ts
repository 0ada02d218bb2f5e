import { aDatabaseUrl } from '../support/databases.js';
import { runKillDrill } from '../support/kill-drill.js';

it('loses no acknowledged JWT and leaves nothing half done in 50 kills of web and worker', async () => {
  const { problems, acknowledged, submissions } = await runKillDrill({
    kills: 50,
    seed: 20261121,
    databaseUrl: await aDatabaseUrl(),
  });
  expect(problems).toEqual([]);
  expect(submissions).toBeGreaterThan(50);
  expect(acknowledged).toBeGreaterThan(10);
}, 300_000);
