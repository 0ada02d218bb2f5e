import { onBothDatabases, onScratchDatabase } from '../both-databases.js';
import type { Drill, Drilled } from '../drill-types.js';
import { withPlanted } from '../source-copy.js';
import type * as disconnectDrill from './disconnect-drill.js';
import { disconnectPlants } from './disconnect-plants.js';

/** A process dies at a step of a disconnection, or of what follows it: at most so many times on each database. */
export const disconnect: Drill = {
  name: 'disconnect',
  strikes: 200,
  strikesPlanted: 60,
  defects: Object.keys(disconnectPlants),
  run(most, seed, plant): Promise<Drilled> {
    const { patches = [], only } = (plant === undefined ? undefined : disconnectPlants[plant]) ?? {};
    const narrowed = only !== undefined && { only: [only], untilProblem: true };
    const run = async ({ runDisconnectDrill }: typeof disconnectDrill, databaseUrl: string | undefined) => {
      const { problems, ...done } = await runDisconnectDrill({ most, seed, databaseUrl, ...narrowed });
      return { count: `${done.steps} steps, ${done.crashes} crashes, ${done.receipts} receipts`, problems };
    };
    const on = plant === undefined ? onBothDatabases : onScratchDatabase;
    return withPlanted(patches, ['disconnect/disconnect-drill'], (it: typeof disconnectDrill) =>
      on((databaseUrl) => run(it, databaseUrl)),
    );
  },
};
