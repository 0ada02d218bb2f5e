import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { inspectionProperties, Property } from './inspection-properties.js';
import { compileCopy, type Patch } from './source-copy.js';

/** Defects of the inspection that only some pastes reveal. */
export const inspectionPlants: Record<string, Patch[]> = {
  'takes the first of two different JWTs': [
    {
      file: 'src/credentials/inspect/inspect-assertion.ts',
      find: 'if (others.length > 0)',
      replace: 'if (others.length > 9)',
    },
  ],
  'does not say that the JWT was there twice': [
    { file: 'src/credentials/inspect/repair-paste.ts', find: "repairs.add('duplicate')", replace: 'repairs.size' },
  ],
  'drops a hyphen at the end of the signature': [
    {
      file: 'src/credentials/inspect/inspect-assertion.ts',
      find: 'return accepted(jwt, owner,',
      replace: "return accepted(jwt.replace(/-$/, ''), owner,",
    },
  ],
};

/** The rules for all pastes, on a copy of the sources with the defect. */
export async function plantedProperties(plant: string, runs: number, seed: number): Promise<Property[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-inspection-'));
  try {
    compileCopy(folder, inspectionPlants[plant], [
      { from: 'src', to: 'src' },
      { from: 'test/support', to: 'test/support' },
    ]);
    const copy = pathToFileURL(join(folder, 'test/support/inspection-properties.js')).href;
    const module = (await import(copy)) as { inspectionProperties: typeof inspectionProperties };
    return module.inspectionProperties(runs, seed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
