// Also on PostgreSQL: leases, and what a killed transaction leaves.
import { aDatabaseUrl } from '../../support/database/databases.js';
import { runWebhookDrill } from './webhook-drill.js';

it('SEC-38: a worker that dies at any step, or an outage of three days, costs no endpoint an event', async () => {
  const { problems, crashes } = await runWebhookDrill({ most: 20, databaseUrl: await aDatabaseUrl() });
  expect(problems).toEqual([]);
  expect(crashes).toBeGreaterThan(10);
}, 120_000);
