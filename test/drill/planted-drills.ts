import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, toItsEnd } from '../support/processes/processes.js';
import { compileCopy, sourcesAndTests } from './source-copy.js';

/**
 * The drills whose planted runs end within minutes. `npm run drill -- --plant` has the others, which take longer or kill
 * processes hundreds of times. A file for each list tests them, so that both cores work.
 */
export const plantedDrills = {
  faults: ['inspect', 'budget', 'faults', 'sessions', 'webhooks', 'replace', 'disconnect'],
  watch: ['app-secret', 'missing-scope', 'revoked', 'transients', 'decays', 'sweep'],
};

let folder: string | undefined;

/** Runs the drills compiled: with `tsx` the thousand modules of each defect take three times as long to load. */
export function drill(...args: string[]) {
  if (folder === undefined)
    compileCopy((folder = mkdtempSync(join(tmpdir(), 'latchkey-drills-'))), [], sourcesAndTests);
  return toItsEnd(startProcess(process.execPath, [join(folder, 'test/drill/main.js'), ...args], { stdin: '' }));
}

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

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
