import { runScript } from '../support/processes/processes.js';

/**
 * The drills whose planted runs end within minutes. `npm run drill -- --plant` has the others, which take longer or kill
 * processes hundreds of times. A file for each list tests them, so that both cores work.
 */
export const plantedDrills = {
  faults: ['inspect', 'budget', 'faults', 'sessions'],
  watch: ['app-secret', 'missing-scope', 'revoked', 'transients', 'decays', 'sweep'],
};

export const drill = (...args: string[]) => runScript('test/drill/main.ts', { args });

export const noticesItsDefects = (names: readonly string[]) =>
  it.each(names)(
    'the drill %s notices every defect that is planted for it',
    async (name) => {
      const { code, stdout } = await drill('--only', name, '--seed', '20261121', '--plant');
      const results = stdout.split('\n').filter((line) => line.includes(', planted "'));
      expect(results.length).toBeGreaterThan(0);
      expect(results.filter((line) => !line.includes(', ok, '))).toEqual([]);
      expect(code).toBe(0);
    },
    1_200_000, // ends only a drill that hangs
  );
