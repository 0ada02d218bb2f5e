import { onBothDatabases, onScratchDatabase } from '../both-databases.js';
import type { Drill } from '../drill-types.js';
import { runLifeKills } from './life-kill-drill.js';
import { lifePlants } from './life-plants.js';

/** Web and workers are killed that often on each database, while clinics replace, disconnect and prove JWTs dead. */
export const lifeKills: Drill = {
  name: 'life-kills',
  waits: true,
  strikes: 100,
  strikesPlanted: 25,
  defects: Object.keys(lifePlants),
  run: (kills, seed, plant) =>
    (plant === undefined ? onBothDatabases : onScratchDatabase)(async (databaseUrl) => {
      const { problems, ...done } = await runLifeKills({ kills, seed, plant, databaseUrl });
      const acts = `${done.replaced} replacements, ${done.disconnected} disconnections (${done.offboarded} by offboarding), ${done.provedDead} proofs of death`;
      return { count: `${kills} kills, ${acts}, ${done.requests} webhooks`, problems: problems.slice(0, 10) };
    }),
};
