import { aScratchDatabase } from '../../support/database/scratch-database.js';
import type { Drill, Drilled } from '../drill-types.js';
import { withPlanted } from '../source-copy.js';
import type * as replaceDrill from './replace-drill.js';
import type * as loadDrill from './replace-load-drill.js';
import { replaceLoadPlants, replacePlants } from './replace-plants.js';

type Modules = typeof replaceDrill & typeof loadDrill;

/** A process dies at each step of a replacement and of a death check; then that many clinics replace under load. */
export const replace: Drill = {
  name: 'replace',
  strikes: 1000,
  strikesPlanted: 100,
  defects: [...Object.keys(replacePlants), ...Object.keys(replaceLoadPlants)],
  async run(strikes, seed, plant): Promise<Drilled> {
    const patches = plant === undefined ? [] : (replacePlants[plant] ?? replaceLoadPlants[plant] ?? []);
    const database = await aScratchDatabase();
    const both = async ({ runReplaceDrill, runReplaceLoadDrill }: Modules): Promise<Drilled> => {
      const crashed = await runReplaceDrill({ most: strikes, databaseUrl: database.url });
      const loaded = await runReplaceLoadDrill({ replacements: strikes, seed });
      const crashes = `${crashed.steps} steps, ${crashed.crashes} crashes`;
      const load = `${loaded.replacements} replacements, ${loaded.swapped} of them in use, ${loaded.asked} asks`;
      return { count: `${crashes}; ${load}`, problems: [...crashed.problems, ...loaded.problems].slice(0, 10) };
    };
    const modules = ['replace/replace-drill', 'replace/replace-load-drill'];
    return withPlanted(patches, modules, both).finally(database.release);
  },
};
