import { onBothDatabases, onPostgres, onScratchDatabase } from '../both-databases.js';
import type { Drill } from '../drill-types.js';
import { webhookPlants, webhookPlantsOnPostgres, withWebhookPlant } from './webhook-plants.js';

/** A worker that dies at each of its steps, at most so many, an outage of three days, and changes side by side. */
export const webhooks: Drill = {
  name: 'webhooks',
  strikes: 500,
  strikesPlanted: 100,
  defects: [...Object.keys(webhookPlants), ...Object.keys(webhookPlantsOnPostgres)],
  run: (most, seed, plant) =>
    withWebhookPlant(plant, ({ runWebhookDrill }) => {
      const planted = plant !== undefined && plant in webhookPlantsOnPostgres ? onPostgres : onScratchDatabase;
      return (plant === undefined ? onBothDatabases : planted)(async (databaseUrl) => {
        const { steps, crashes, requests, problems } = await runWebhookDrill({ most, seed, databaseUrl });
        return { count: `${steps} steps, ${crashes} crashes, ${requests} requests`, problems: problems.slice(0, 10) };
      });
    }),
};
