import { onBothDatabases, onScratchDatabase } from '../both-databases.js';
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
    const crash = async ({ runReplaceDrill }: Modules, databaseUrl: string | undefined): Promise<Drilled> => {
      const { steps, crashes, problems } = await runReplaceDrill({ most: strikes, seed, databaseUrl });
      return { count: `${steps} steps, ${crashes} crashes`, problems };
    };
    const all = async (it: Modules): Promise<Drilled> => {
      const crashed = await (plant === undefined ? onBothDatabases : onScratchDatabase)((url) => crash(it, url));
      const loaded = await it.runReplaceLoadDrill({ replacements: strikes, seed });
      const load = `${loaded.replacements} replacements, ${loaded.swapped} of them in use, ${loaded.asked} asks`;
      const problems = [...crashed.problems, ...loaded.problems].slice(0, 10);
      return { count: `${crashed.count}; ${load}`, problems };
    };
    const modules = ['replace/replace-drill', 'replace/replace-load-drill'];
    return withPlanted(patches, modules, all);
  },
};
