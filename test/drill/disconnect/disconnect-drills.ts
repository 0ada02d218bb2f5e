import { aScratchDatabase } from '../../support/database/scratch-database.js';
import type { Drill, Drilled } from '../drill-types.js';
import { withPlanted } from '../source-copy.js';
import type * as disconnectDrill from './disconnect-drill.js';
import { disconnectPlants } from './disconnect-plants.js';

/** A process dies at a step of a disconnection, or of what follows it: at most so many times. */
export const disconnect: Drill = {
  name: 'disconnect',
  strikes: 400,
  strikesPlanted: 60,
  defects: Object.keys(disconnectPlants),
  async run(most, _seed, plant): Promise<Drilled> {
    const database = await aScratchDatabase();
    const { patches = [], only } = (plant === undefined ? undefined : disconnectPlants[plant]) ?? {};
    const options = {
      most,
      databaseUrl: database.url,
      ...(only !== undefined && { only: [only], untilProblem: true }),
    };
    const run = ({ runDisconnectDrill }: typeof disconnectDrill) => runDisconnectDrill(options);
    const { problems, ...done } = await withPlanted(patches, ['disconnect/disconnect-drill'], run).finally(
      database.release,
    );
    return { count: `${done.steps} steps, ${done.crashes} crashes, ${done.receipts} receipts`, problems };
  },
};
